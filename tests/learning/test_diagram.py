"""From a record to a diagram: lanes, arrows, their order and the failing one."""

import pytest

from app.learning.diagram import draw, draw_check
from app.learning.diagram_parts import Note
from tests.learning.records import said, sent, told


def test_nothing_happened() -> None:
    """An empty record is an empty diagram."""
    assert draw((), (), ()).rows == ()


def test_arrows_and_output_stand_in_the_order_of_time() -> None:
    """Request, what was printed meanwhile, answer; times count from the begin of the check."""
    view = draw([sent(1, 110, 130)], [said("hello\n", 120)], (), began=100)
    assert told(view) == [
        "1 request provider to your program",
        "printed hello",
        "1 answer your program to provider",
    ]
    assert [row.at for row in view.rows] == [10, 20, 30]
    assert [row.label for row in view.arrows] == ["POST /webhook", "200 OK"]
    assert view.arrows[1].took == 20


def test_only_those_who_take_part_have_a_lane() -> None:
    """Who sends stands left, then the programs, then the service that they call."""
    stranger = ("stranger", "program")
    view = draw([sent(1, 0, 9, way=stranger), sent(2, 2, 5, way=("program", "downstream"))], (), ())
    assert view.lanes == ("stranger", "your program", "downstream")
    assert told(view)[1:3] == ["2 request your program to downstream", "2 answer downstream to your program"]
    assert draw([sent(1, 0, 1)], (), ()).lanes == ("provider", "your program")


@pytest.mark.parametrize("ended", ["timeout", "refused", "closed", "broken", "too-large", "dropped", "lost"])
def test_how_a_connection_ended_is_an_arrow_too(ended: str) -> None:
    """Without an answer the second arrow is lost, and says how in words."""
    arrow = draw([sent(1, 0, 5, status=None, ended=ended)], (), ()).arrows[1]
    assert arrow.kind == "lost"
    assert arrow.label != ended
    assert " " in arrow.label


def test_the_failing_answer_is_marked() -> None:
    """The cause names an exchange: its answer is the failing arrow, and says what was expected."""
    cause = {"exchange": 2, "expected": "any 2xx"}
    view = draw([sent(1, 0, 1), sent(2, 2, 3, status=500)], (), (), cause)
    assert view.failing is not None
    assert (view.failing.number, view.failing.kind, view.failing.wanted) == (2, "answer", "expected any 2xx")
    assert [arrow.is_failing for arrow in view.arrows] == [False, False, False, True]
    assert draw([sent(1, 0, 1)], (), (), {"exchange": None}).failing is None


def test_what_was_expected_at_length_stands_elsewhere() -> None:
    """Beside an arrow there is room for a few words."""
    view = draw([sent(1, 0, 1)], (), (), {"exchange": 1, "expected": "line\n" * 9})
    assert view.failing is not None
    assert view.failing.wanted == "not as expected"


def test_deliveries_at_the_same_moment_are_shown_as_such() -> None:
    """A remark says which were on their way together; one after the other needs none."""
    together = draw([sent(1, 0, 10), sent(2, 1, 11), sent(3, 2, 9)], (), ())
    assert told(together)[0] == "3 requests, 1 to 3, are on their way at the same time"
    assert all(arrow.parallel for arrow in together.arrows)
    after = draw([sent(1, 0, 10), sent(2, 10, 11)], (), ())
    assert not any(isinstance(row, Note) for row in after.rows)
    two = draw([sent(1, 0, 10), sent(2, 1, 5)], (), ())
    assert told(two)[0] == "1 and 2 are on their way at the same time"


def test_a_call_downstream_is_not_parallel_to_its_delivery() -> None:
    """What the program asks while it is asked is nested, not parallel."""
    view = draw([sent(1, 0, 9), sent(2, 2, 5, way=("program", "downstream"))], (), ())
    assert not any(isinstance(row, Note) for row in view.rows)


def test_old_records_can_be_drawn() -> None:
    """A stored run from before has no ids, steps or begin; it is drawn all the same."""
    exchange = sent(1, 50, 60)
    del exchange["id"]
    old = {"exchanges": [exchange], "output": [{"start": 1, "stream": "stdout", "text": "x\n", "at": 55}]}
    assert len(draw_check({**old, "cause": {"rationale": "No.", "expected": "a"}}).rows) == 3


def test_each_request_carries_the_command_that_repeats_it() -> None:
    """The caller gives the curl line; answers have none."""
    view = draw([sent(1, 0, 1)], (), (), curl=lambda exchange: f"curl {exchange['id']}")
    assert [arrow.curl for arrow in view.arrows] == ["curl 1", ""]


def test_a_changed_byte_is_marked_in_the_opened_body() -> None:
    """The request arrow says it in words, and its body has the mark."""
    import base64

    old = base64.b64encode(b'{"n":4}').decode()
    signature = {"scheme": "github", "dial": "correct", "signed_base64": old, "correct": []}
    arrow = draw([sent(1, 0, 1, body=b'{"n":5}', signature=signature)], (), ()).arrows[0]
    assert arrow.message is not None
    assert [piece.text for piece in arrow.message.body if piece.marked] == ["5"]
    assert arrow.differences == ("byte 6: 4 became 5, after it was signed",)
