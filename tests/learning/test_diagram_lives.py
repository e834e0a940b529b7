"""What happened to the programs, and what they printed, in its place between the arrows."""

import pytest

from app.learning.diagram import draw
from app.learning.diagram_parts import Printed
from tests.learning.records import TRACE, said, sent, step, told


def test_a_program_that_never_was_asked_faces_the_provider() -> None:
    """A crash at the start has no arrow and still two lanes."""
    view = draw(
        (), (), [step("started", 0), step("ended", 9, sentence="Your program ended.", expected=False)]
    )
    assert view.lanes == ("provider", "your program")
    assert told(view) == ["started", "Your program ended."]


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
    assert told(view)[1:] == [
        "It ended.",
        "1 lost your program to provider",
        "2 request provider to your program",
        "2 lost your program to provider",
    ]
    assert [row.states[1] for row in view.rows[1:]] == ["off", "off", "off", "off"]
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


def test_a_moment_before_the_check_is_its_begin() -> None:
    """A program that ended between two checks did not end at a negative time."""
    view = draw((), (), [step("ended", 95, sentence="It ended.", expected=False)], began=100)
    assert view.rows[0].at == 0


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


@pytest.mark.parametrize("seen", [4.0, 5.0, 5.01, 30.0])
def test_an_end_stands_before_the_connections_that_it_closed(seen: float) -> None:
    """Last words, the end, the lost connections: by cause, whenever the course came to see each of them."""
    asked = [sent(1, 0, 2), sent(2, 3, 5, status=None, ended="closed")]
    asked.append(sent(3, 3, 5.5, status=None, ended="closed"))
    ended = step("ended", seen, sentence="It ended.", expected=False)
    view = draw(asked, [said("last words\n", 4)], [step("started", 0), ended])
    assert told(view)[-4:] == [
        "printed last words",
        "It ended.",
        "2 lost your program to provider",
        "3 lost your program to provider",
    ]
    assert [arrow.took for arrow in view.arrows[-2:]] == [2, 2.5]
    moments = [row.at for row in view.rows]
    assert moments == sorted(moments)


def test_last_words_stand_before_the_end_that_a_refusal_proves() -> None:
    """What was printed is read a little late as well; nobody prints after the end."""
    refused = sent(1, 5, 6, status=None, ended="refused")
    ended = step("ended", 9, sentence="It ended.", expected=False)
    assert told(draw([refused], [said("last words\n", 8)], [ended]))[:2] == [
        "printed last words",
        "It ended.",
    ]


def test_a_connection_that_the_program_closed_itself_stands_at_its_moment() -> None:
    """It answered another one afterwards, or began anew: this loss was not from that end."""
    closed = sent(1, 0, 2, status=None, ended="closed")
    ended = step("ended", 9, start=2, sentence="It ended.", expected=False)
    assert told(draw([closed, sent(2, 3, 4)], (), [ended]))[1] == "1 lost your program to provider"
    assert told(draw([closed], (), [step("started", 3, start=2), ended]))[1:] == [
        "1 lost your program to provider",
        "started",
        "It ended.",
    ]
