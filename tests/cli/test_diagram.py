"""The diagram as text: within the width, with plain signs where there are no others, and every mark."""

import pytest

from app.cli.diagram_lines import PLAIN, UNICODE, draw_lines
from app.cli.diagram_view import show_diagram, show_exchange
from app.cli.screen import Screen
from app.learning.diagram import draw
from app.learning.diagram_parts import Diagram
from tests.learning.records import said, sent, signed, step


def scene() -> Diagram:
    """A scenario of two steps."""
    told = [
        {"say": "The provider delivers an event about an order.", "at": 1, "note": "", "noted": 0},
        {"say": "And now?", "at": 3.5, "note": "Your program printed: " + "x" * 90, "noted": 4},
    ]
    return draw([sent(1, 1, 3)], (), (), began=0, told=told)


def whole() -> Diagram:
    """A bit of everything: a stranger, two programs, a held one, one that dies, a tampered body."""
    exchanges = [
        sent(1, 1, 9, body=b'{"n":5}', signature=signed(b'{"n":4}'), way=("stranger", "program")),
        sent(2, 2, 8, way=("program", "downstream")),
        sent(3, 3, 7, way=("stranger", "second program"), status=None, ended="closed"),
    ]
    steps = [
        step("held", 2.5, point="ledger-before"),
        step("released", 6, point="ledger-before"),
        step("ended", 7.5, program="second program", sentence="Your program ended with exit code 1."),
    ]
    output = [said("Grüße " * 30 + "\n", 4), said("more\n" * 40, 5, program="second program", start=2)]
    return draw(exchanges, output, steps, {"exchange": 3, "expected": "any 2xx"}, began=0)


@pytest.mark.parametrize("width", [20, 30, 40, 60, 86, 200])
@pytest.mark.parametrize("signs", [UNICODE, PLAIN])
def test_no_line_is_wider_than_the_terminal(width: int, signs: object) -> None:
    """Lanes where there is room for them, words where there is not; never too wide."""
    for view in (whole(), scene()):
        lines = [text for text, _ in draw_lines(view, width, signs)]  # type: ignore[arg-type]
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [20, 40, 86])
def test_plain_signs_are_ascii(width: int) -> None:
    """Only what the program itself printed may be anything else."""
    drawn = [text for text, _ in draw_lines(whole(), width, PLAIN) if "Gr" not in text]
    assert "".join(drawn).replace("ü", "").replace("ß", "").isascii()


def test_a_drawing() -> None:
    """The whole drawing of a small check, character by character."""
    view = draw(
        [sent(1, 1, 3), sent(2, 4, 8, status=500)], [said("oh\n", 6)], (),
        {"exchange": 2, "expected": "any 2xx"}, began=0,
    )  # fmt: skip
    assert [text for text, _ in draw_lines(view, 60, UNICODE)] == [
        "    ms   provider                              your program",
        "   1.0       │─────────── 1 POST /webhook ──────────►┃",
        "   3.0       │◄╌╌╌╌╌╌╌╌╌╌ 1 200 OK, 2.0 ms ╌╌╌╌╌╌╌╌╌╌┃",
        "   4.0       │─────────── 2 POST /webhook ──────────►┃",
        "   6.0   your program printed",
        "         ╎ oh",
        "   8.0 ✗     │◄══════════ 2 500 OK, 4.0 ms ══════════┃",
        "         ✗ expected any 2xx",
    ]


def test_every_row_is_told_where_there_is_no_room_for_lanes() -> None:
    """On a narrow terminal the same things stand in words: who to whom, what, the mark, the difference."""
    text = "\n".join(text for text, _ in draw_lines(whole(), 40, UNICODE))
    joined = " ".join(text.split())
    assert "1 stranger to your program: POST /webhook" in joined
    assert "≠ byte 6: 4 became 5, after it was signed" in joined
    assert "7.5 ✗ 3 second program to stranger:" in joined  # no earlier than the end that closed it
    assert "second program: Your program ended with" in joined
    assert "... 26 more lines" in joined


def test_the_differing_byte_has_a_caret_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Without colours, too, the eye finds the byte: a mark stands right below it."""
    show_exchange(Screen(), whole(), 1)
    lines = capsys.readouterr().out.splitlines()
    place = next(number for number, line in enumerate(lines) if '{"n":5}' in line)
    assert lines[place + 1].index("^") == lines[place].index("5")
    assert lines[place + 1].count("^") == 1


def test_a_mark_far_behind_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A byte that differs at the end of a long body, or in its fiftieth line, is not cut off."""
    for body in (b'{"n":"' + b"x" * 5000 + b'5"}', b"\n".join([b"line"] * 50) + b"5"):
        old = body.replace(b"5", b"4")
        view = draw([sent(1, 0, 1, body=body, signature=signed(old))], (), ())
        show_exchange(Screen(), view, 1)
        out = capsys.readouterr().out
        assert out.count("^") == 1
        assert "more" in out


def test_what_is_missing_is_said_in_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are not there can't be marked; a word stands for them."""
    view = draw([sent(1, 0, 1, body=b"abef", signature=signed(b"abcdef"))], (), ())
    show_exchange(Screen(), view, 1)
    assert "> ab[missing]ef" in capsys.readouterr().out


def test_what_others_wrote_can_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escapes in targets, reasons, bodies, headers and output are shown, not obeyed."""
    evil = "\x1b[2J\x9b31m\u202e[bold]x[/]"
    exchange = sent(1, 0, 1, body=evil.encode())
    exchange["request"] |= {"target": "/" + evil, "headers": [["X" + evil, evil]]}
    exchange["response"]["reason"] = evil
    cause = {"exchange": 1, "expected": evil}
    view = draw([exchange], [said(evil, 0.5)], [step("ended", 2, sentence=evil)], cause)
    for columns in ("88", "30"):
        screen = Screen()
        screen.console.width = int(columns)
        show_diagram(screen, view)
        show_exchange(screen, view, 1)
    text = capsys.readouterr().out
    assert not set(text) & set("\x1b\x9b\u202e")
    assert "[bold]x[/]" in text.replace("\n", "")


def test_a_scenario_speaks_between_the_arrows() -> None:
    """Each sentence has a line of lanes above it, and goes on below where it is long."""
    assert [text for text, _ in draw_lines(scene(), 50, UNICODE)][:7] == [
        "    ms   provider                    your program",
        "             │                             │",
        "   1.0   The provider delivers an event about",
        "         an order.",
        "   1.0       │────── 1 POST /webhook ─────►┃",
        "   3.0       │◄╌╌╌╌╌ 1 200 OK, 2.0 ms ╌╌╌╌╌┃",
        "             │                             │",
    ]
