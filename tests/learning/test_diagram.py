"""From a record to a diagram: lanes, order, lives, output, folding, and the failing arrow."""

from typing import Any

import pytest

from app.learning.diagram import draw, draw_check, draw_scene
from app.learning.diagram_parts import Arrow, Diagram, Fold, Life, Note, Printed, Said
from tests.learning.records import said, sent, signed, step


def told(view: Diagram) -> list[str]:
    """Say each row in a few words."""
    words = []
    for row in view.rows:
        if isinstance(row, Arrow):
            words.append(f"{row.number} {row.kind} {view.said(row)}")
        elif isinstance(row, Printed):
            words.append(f"printed {row.text}")
        else:
            words.append(row.words)
    return words


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


def test_a_program_that_never_was_asked_faces_the_provider() -> None:
    """A crash at the start has no arrow and still two lanes."""
    view = draw(
        (), (), [step("started", 0), step("ended", 9, sentence="Your program ended.", expected=False)]
    )
    assert view.lanes == ("provider", "your program")
    assert told(view) == ["started", "Your program ended."]


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


def test_lives_are_told_in_words() -> None:
    """Started, asked to end, killed, held, let go on; what only follows is told with its beginning."""
    steps = [
        step("started", 0), step("ready", 250), step("held", 260, point="before"),
        step("released", 270, point="before"), step("stopped", 300), step("ended", 305, expected=True),
        step("started", 310, start=2), step("ready", 400, start=2), step("killed", 500, start=2),
        step("ended", 501, start=2, expected=True), step("armed", 502, point="ledger", start=3),
    ]  # fmt: skip
    assert told(draw((), (), steps)) == [
        "started, accepts connections after 250 ms",
        "held by the check at before",
        "let go on from before",
        "asked to end (SIGTERM), ended after 5 ms",
        "started, accepts connections after 90 ms",
        "killed by the check (SIGKILL)",
        "the check makes ledger fail once",
    ]


def test_a_program_that_would_not_end_was_killed() -> None:
    """Asked to end, it stayed: it did not end after so many milliseconds, it was killed."""
    steps = [step("stopped", 0), step("killed", 1000), step("ended", 1001, expected=True)]
    assert told(draw((), (), steps)) == ["asked to end (SIGTERM)", "killed by the check (SIGKILL)"]


def test_a_program_had_ended_before_nobody_accepted() -> None:
    """Its end is seen a little late; a refused connection proves that it came before."""
    lost = sent(1, 0, 5, status=None, ended="closed")
    refused = sent(2, 6, 7, status=None, ended="refused")
    view = draw([lost, refused], (), [step("ended", 9, sentence="It ended.", expected=False)])
    assert told(view)[2:] == [
        "It ended.",
        "2 request provider to your program",
        "2 lost your program to provider",
    ]
    assert [row.states[1] for row in view.rows[2:]] == ["off", "off", "off"]
    again = [step("ended", 9, sentence="It ended."), step("started", 10, start=2)]
    late = sent(3, 8, 12, status=None, ended="refused")
    ended = step("ended", 20, sentence="Once more.", start=2)
    assert told(draw([late], (), [*again, ended]))[-1] == "Once more."


def test_lanes_stand_as_the_programs_did() -> None:
    """Off before its start and after its end, busy while it is asked, held where it stands still."""
    steps = [
        step("started", 0),
        step("held", 3, point="p"),
        step("released", 5, point="p"),
        step("killed", 9),
    ]
    rows = draw([sent(1, 2, 8)], (), steps).rows
    assert [row.states[1] for row in rows] == ["on", "busy", "held", "busy", "busy", "off"]
    second = [step("started", 5, program="second program"), step("killed", 7, program="second program")]
    rows = draw([sent(1, 0, 1), sent(2, 8, 9)], (), second).rows
    assert [row.states[2] for row in rows] == ["off", "off", "on", "off", "off", "off"]


def test_a_line_in_pieces_is_one_line() -> None:
    """Pieces of a line belong where it began, also when an answer came in between."""
    output = [said("evt_1", 2), said(" paid", 3), said("\nnext\n", 6)]
    assert told(draw([sent(1, 0, 4)], output, ())) == [
        "1 request provider to your program",
        "printed evt_1 paid",
        "1 answer your program to provider",
        "printed next",
    ]


def test_two_programs_print_apart() -> None:
    """What the second program printed stands in its own lane."""
    output = [said("one\n", 1), said("two\n", 2, program="second program", start=2), said("three\n", 3)]
    view = draw((), output, ())
    lanes = [(row.lane, row.text) for row in view.rows if isinstance(row, Printed)]
    assert [(view.lanes[lane], text) for lane, text in lanes] == [
        ("your program", "one"),
        ("second program", "two"),
        ("your program", "three"),
    ]


TRACE = """Traceback (most recent call last):
  File "/library/flask/app.py", line 9, in run
    self.go()
  File "receiver.py", line 3, in webhook
    1 / 0
ZeroDivisionError: division by zero
"""


def test_a_traceback_is_told_once_and_without_the_library() -> None:
    """It stands in its place; the second time one line says that it is the same."""
    output = [said(TRACE, 2, stream="stderr"), said("a line\n" + TRACE, 7, stream="stderr")]
    view = draw([sent(1, 0, 3), sent(2, 5, 9)], output, ())
    first, second = (row for row in view.rows if isinstance(row, Printed))
    assert first.is_trouble
    assert second.is_trouble
    assert '... 1 call inside libraries\n  File "receiver.py", line 3' in first.text
    assert first.text.endswith("ZeroDivisionError: division by zero")
    assert second.text == "a line\n... the same traceback as above"


def many(count: int, **changes: Any) -> list[dict[str, Any]]:
    """So many deliveries, one after another."""
    return [sent(number, 10 * number, 10 * number + 5, **changes) for number in range(1, count + 1)]


@pytest.mark.parametrize("failing", range(1, 41))
def test_the_failing_arrow_is_never_folded(failing: int) -> None:
    """Of forty exchanges the first, the last and the failing one are drawn, wherever that is."""
    view = draw(many(40), (), (), {"exchange": failing})
    drawn = {row.number for row in view.rows if isinstance(row, Arrow)}
    assert {1, 2, 3, failing, 39, 40} <= drawn
    assert any(isinstance(row, Arrow) and row.is_failing for row in view.rows)
    assert len(drawn) <= 8
    assert {arrow.number for arrow in view.arrows} == set(range(1, 41))


@pytest.mark.parametrize("failing", [1, 20, 21, 40])
def test_the_failing_one_of_forty_at_once_is_drawn(failing: int) -> None:
    """Sent all at the same moment, answered in any order: the failing request and answer stand there."""
    together = [sent(number, number / 10, 100 - (number * 7) % 40) for number in range(1, 41)]
    view = draw(together, (), (), {"exchange": failing})
    drawn = [(row.number, row.kind) for row in view.rows if isinstance(row, Arrow)]
    assert (failing, "request") in drawn
    assert (failing, "answer") in drawn


def test_few_exchanges_are_not_folded() -> None:
    """Eight exchanges are all drawn."""
    assert not any(isinstance(row, Fold) for row in draw(many(8), (), ()).rows)


def test_a_fold_says_what_is_inside() -> None:
    """Its words count exchanges and endings; output between folded arrows is folded with them."""
    sent_all = [*many(11), sent(12, 120, 125, status=500)]
    output = [said("in the fold\n", 62)]
    view = draw([*sent_all, sent(13, 130, 131), sent(14, 140, 141)], output, ())
    (fold,) = (row for row in view.rows if isinstance(row, Fold))
    assert fold.words == "9 more exchanges: 8 × 200 OK, 1 × 500 OK"
    assert any(isinstance(row, Printed) for row in fold.rows)
    assert not any(isinstance(row, Printed) for row in view.rows)


def test_lives_and_tracebacks_are_never_folded() -> None:
    """A kill in the middle of many deliveries stands there, and so does a traceback."""
    view = draw(many(30), [said(TRACE, 152, stream="stderr")], [step("killed", 101)])
    assert any(isinstance(row, Life) for row in view.rows)
    assert any(isinstance(row, Printed) and row.is_trouble for row in view.rows)


def test_what_is_not_on_record_is_counted() -> None:
    """Exchanges that the record left out keep their numbers, and a remark says how many they are."""
    view = draw([sent(1, 0, 1), sent(90, 2, 3, skipped_before=88)], (), ())
    assert told(view)[2] == "88 more exchanges are not on record"
    assert [arrow.number for arrow in view.arrows] == [1, 1, 90, 90]


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


def test_a_moment_before_the_check_is_its_begin() -> None:
    """A program that ended between two checks did not end at a negative time."""
    view = draw((), (), [step("ended", 95, sentence="It ended.", expected=False)], began=100)
    assert view.rows[0].at == 0


def test_a_changed_byte_is_marked_in_the_opened_body() -> None:
    """The request arrow says it in words, and its body has the mark."""
    import base64

    old = base64.b64encode(b'{"n":4}').decode()
    signature = {"scheme": "github", "dial": "correct", "signed_base64": old, "correct": []}
    arrow = draw([sent(1, 0, 1, body=b'{"n":5}', signature=signature)], (), ()).arrows[0]
    assert arrow.message is not None
    assert [piece.text for piece in arrow.message.body if piece.marked] == ["5"]
    assert arrow.differences == ("byte 6: 4 became 5, after it was signed",)


def sentence(at: float, say: str, note: str = "", noted: float = 0.0) -> dict[str, Any]:
    """One step of a scenario, as its events tell it."""
    return {"say": say, "at": at, "note": note, "noted": noted}


def test_the_sentences_of_a_scenario_stand_at_their_moment() -> None:
    """Before what happens in the same instant, and the remark on a step behind it."""
    scene = {
        "told": [sentence(1, "One comes.", "It answered 204.", 9), sentence(12, "The power fails.")],
        "exchanges": [sent(1, 1, 9)],
        "output": [said("hello\n", 4)],
        "steps": [step("killed", 12)],
        "began": 0,
    }
    assert told(draw_scene(scene)) == [
        "One comes.",
        "1 request provider to your program",
        "printed hello",
        "1 answer your program to provider",
        "It answered 204.",
        "The power fails.",
        "killed by the scenario (SIGKILL)",
    ]


def test_a_scenario_that_has_just_begun_has_its_lanes() -> None:
    """The first sentence is drawn before anything was sent; before that there is nothing."""
    assert draw_scene({"told": [sentence(1, "One comes.")]}).lanes == ("provider", "your program")
    assert draw_scene({}).rows == ()


def test_a_program_of_the_course_is_not_yours() -> None:
    """Where a known mistake plays, its lane says so."""
    assert draw_scene({"exchanges": [sent(1, 0, 1)], "mistake": "silent"}).lanes == (
        "provider",
        "the program",
    )


def test_a_scenario_says_what_is_sent_and_not_what_were_right() -> None:
    """Changed bytes are marked; the signature that a stranger lacks is for the learner to find."""
    forged = sent(1, 0, 1, signature=signed(correct=(("X-Sign", "abc"),)))
    changed = sent(2, 2, 3, body=b'{"n":5}', signature=signed(b'{"n":4}'))
    view = draw_scene({"exchanges": [forged, changed]})
    assert [bool(arrow.differences) for arrow in view.arrows] == [False, False, True, False]
    assert draw([forged], (), ()).arrows[0].differences


def test_sentences_are_never_folded() -> None:
    """Of many exchanges those in the middle are folded, and what is said between them stays."""
    scene = {
        "told": [sentence(at, f"sentence {at}") for at in range(0, 200, 50)],
        "exchanges": [sent(number, number, number + 0.5) for number in range(1, 200)],
    }
    rows = draw_scene(scene).rows
    assert [row.words for row in rows if isinstance(row, Said)] == [
        f"sentence {at}" for at in range(0, 200, 50)
    ]
    assert any(isinstance(row, Fold) for row in rows)
