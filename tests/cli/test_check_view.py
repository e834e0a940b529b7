"""What a check run looks like."""

import re

import pytest

from app.cli.check_view import CheckView
from app.cli.evidence import Repeat
from app.cli.screen import Screen
from app.learning.diagram_output import without_foreign_frames
from tests.cli.events import Event, ended, exchange, finished, output, started

REPEAT = Repeat("greet", 7, "", lambda exchange: "curl 'http://localhost:4751/webhook'")
ESCAPES = re.compile(r"\x1b|\x07|\x9b|\u202e")


def shown(capsys: pytest.CaptureFixture[str], *events: Event) -> str:
    """Show a whole run and return the text."""
    view = CheckView(Screen(), "Say hello", ("Answer",))
    for event in events:
        view.report(event)
    view.show_evidence(REPEAT)
    view.show_summary()
    return capsys.readouterr().out


def test_a_pass_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    """A passed run is its title, a line for each task and check, and two lines of summary."""
    text = shown(capsys, started("a"), finished("a", "passed"), ended("passed", passed=1))
    assert text.splitlines() == [
        "Say hello · python",
        "  1  Answer",
        "    ✓ Title of a   12 ms",
        "",
        "Passed: the one check.",
        "1.2 s · seed 7 · isolated",
    ]


def test_a_failure_shows_its_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    """Reason, expected, got, diagram, exchange, help, lesson, each way to repeat it come in this order."""
    failure = finished("a", output=[{**output("hello\n"), "at": 2.0}], exchanges=[{**exchange(), "id": 7}])
    failure["cause"]["exchange"] = 7
    text = shown(capsys, started("a"), failure, ended("failed", failed=1))
    wanted = [
        "✗ Title of a   12 ms",
        "✗ Title of a   a",
        "It has to be so.",
        "expected  any 2xx",
        "got       HTTP 500",
        "What happened",
        "provider",
        "1 POST /webhook",
        "your program printed",
        "╎ hello",
        "1 500 Because, 3.0 ms",
        "✗ expected any 2xx",
        "Exchange 1, whole",
        "│ > POST /webhook HTTP/1.1",
        '│ > {"id":"evt_1"}',
        "│ < 500 Because (3 ms)",
        "│ < {}",
        "help      Look at the route.",
        "lesson    course show basics",
        "again     course check greet --only a --seed 7",
        "course replay greet/a",
        "\ncurl 'http://localhost:4751/webhook'\n",
        "Not yet: 0 of 1 checks passed, 1 failed.",
    ]
    places = [text.find(part) for part in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_of_many_failures_the_first_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """With three failures one exchange is shown; the others say why, and how to see everything."""
    failures = [finished(check) for check in "abc"]
    text = shown(capsys, started("a", "b", "c"), *failures, ended("failed", failed=3))
    assert text.count("It has to be so.") == 3
    assert text.count("> POST /webhook") == 1
    assert "course check greet --only CHECK --seed 7" in text


def test_many_requests_are_folded(capsys: pytest.CaptureFixture[str]) -> None:
    """Of thirty requests the failing one is drawn and shown whole; curl repeats it."""
    sent = [{**exchange(), "id": n, "start": 10.0 * n, "end": 10.0 * n + 2} for n in range(1, 31)]
    curls = []
    view = CheckView(Screen(), "Say hello", ("Answer",))
    view.report(started("a"))
    failure = finished("a", exchanges=sent)
    failure["cause"]["exchange"] = 17
    view.report(failure)
    view.show_evidence(Repeat("greet", 7, "", lambda exchange: str(curls.append(exchange))))
    text = capsys.readouterr().out
    assert "⋮ 13 more exchanges: 500 Because" in text
    assert "⋮ 11 more exchanges: 500 Because" in text
    assert "17 500 Because" in text
    assert "Exchange 17, whole" in text
    assert text.count("> POST /webhook HTTP/1.1") == 1
    assert curls == [sent[16]]


def test_a_call_of_the_program_is_not_repeated_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """curl repeats what came to the program, never what the program sent to a service."""
    delivery, call = exchange(), {**exchange(), "from": "program", "to": "downstream"}
    for sent, repeated in (([delivery, call], [delivery]), ([call], [])):
        view, curls = CheckView(Screen(), "Say hello", ("Answer",)), []
        view.report(started("a"))
        view.report(finished("a", exchanges=sent))
        view.show_evidence(Repeat("greet", 7, "", lambda one, seen=curls: str(seen.append(one))))
        capsys.readouterr()
        assert curls == repeated


def test_the_learners_own_line_comes_first_and_the_traceback_in_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The own file and line stand with the reason; the traceback in the diagram, without library calls."""
    block = """Traceback (most recent call last):
  File "/library/flask/app.py", line 1, in wsgi
    rv()
  File "receiver.py", line 3, in webhook
    x
KeyError: 'x'"""
    printed = [output("my print\n"), output(block + "\n", "stderr")]
    trace = f"receiver.py, line 3, in webhook: KeyError: 'x'\n\n{block}"
    failure = finished("a", traceback=trace, output=printed)
    text = shown(capsys, started("a"), failure, ended("failed", failed=1))
    wanted = [
        "stumbled  receiver.py, line 3",
        "What happened",
        "╎ my print",
        "╎   ... 1 call inside libraries",
    ]
    places = [text.find(part) for part in wanted]
    assert -1 not in places
    assert places == sorted(places)
    assert text.count("KeyError: 'x'") == 2


def test_one_sentence_for_what_was_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    """After a crash the rest is told once, however many checks it is."""
    why = {"rationale": "Not run: your program had ended before.", "expected": "", "actual": ""}
    rest = [finished(check, "skipped", cause=why) for check in "bcd"]
    text = shown(capsys, started(*"abcd"), finished("a"), *rest, ended("failed", failed=1, skipped=3))
    assert text.count("Not run: your program had ended before.") == 1


def test_frames_of_libraries_are_folded() -> None:
    """Frames with a whole path become one line; the learner's own frames stay."""
    foreign = '  File "/library/flask/app.py", line 1\n    rv()\n      ^^\n'
    trace = foreign + '  File "receiver.py", line 3\n    x\nKeyError'
    assert without_foreign_frames(trace) == (
        '  ... 1 call inside libraries\n  File "receiver.py", line 3\n    x\nKeyError'
    )


def test_a_traceback_without_own_frames_stays_whole() -> None:
    """Where no frame is the learner's own, nothing is folded."""
    trace = '  File "/library/flask/app.py", line 1\n    rv()\nKeyError'
    assert without_foreign_frames(trace) == trace


def test_a_hostile_program_can_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences, direction marks and rich markup of a learner's program are shown as plain text."""
    evil = "\x1b[2J\x1b]0;owned\x07[bold red]markup[/] [link=file:///]x[/link] \u202eabc \x9b31m"
    cause = {"rationale": evil, "expected": evil, "actual": evil, "help": evil, "lesson": "basics"}
    failure = finished(
        "a", cause=cause, output=[output(evil)], traceback=evil, exchanges=[exchange(text=evil)]
    )
    failure["exchanges"][0]["response"]["reason"] = evil
    failure["exchanges"][0]["response"]["headers"] = [["X", evil]]
    text = shown(capsys, started("a"), failure, ended("failed", failed=1))
    assert not ESCAPES.search(text)
    assert "[bold red]markup[/]" in text
    assert "\\x1b[2J" in text


def test_a_check_that_could_not_be_judged_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The outcome error is told as such and counts as failed."""
    text = shown(capsys, started("a"), finished("a", "error"), ended("failed", error=1))
    assert "This check could not make sense of your answer." in text
    assert "0 of 1 checks passed, 1 failed." in text


def test_checks_that_did_not_run_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Skipped checks are neither passed nor failed."""
    events = (started("a", "b"), finished("a"), finished("b", "skipped"))
    text = shown(capsys, *events, ended("failed", failed=1, skipped=1))
    assert "    – Title of b\n" in text
    assert "Not yet: 0 of 2 checks passed, 1 failed, 1 not run." in text


def test_a_fault_of_the_course_blames_the_course(capsys: pytest.CaptureFixture[str]) -> None:
    """A course_fault is told as ours, with its reason, and counts for nothing."""
    fault = {**ended("course_fault"), "reason": "The grader ended."}
    text = shown(capsys, started("a"), fault)
    assert "The course failed, not your program. Nothing was counted." in text
    assert "The grader ended." in text


def test_a_missing_wall_is_said_calmly(capsys: pytest.CaptureFixture[str]) -> None:
    """The level stands once, beside the result, with the command that explains it."""
    text = shown(capsys, started("a", level="not isolated"), ended("passed", passed=1))
    assert text.count("isolated") == 1
    assert "not isolated (course doctor says why)" in text


@pytest.mark.parametrize("columns", ["20", "40", "80", "200"])
def test_no_line_is_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """On a narrow terminal lines are broken; only commands, which are copied, stay whole."""
    monkeypatch.setenv("COLUMNS", columns)
    failure = finished("a", output=[output("word " * 60 + "x" * 200)])
    text = shown(capsys, started("a"), failure, ended("failed", failed=1))
    lines = [line for line in text.splitlines() if not re.search("curl|course ", line)]
    assert max(map(len, lines)) <= max(int(columns), 40)


def test_without_utf_8_the_marks_are_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can't show the marks gets others, and nothing fails."""
    import io
    import sys

    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    view = CheckView(Screen(), "Grüße", ("Answer",))
    view.report(started("a"))
    view.report(finished("a", "passed"))
    sys.stdout.flush()
    assert b"+ Title of a" in raw.getvalue()
    assert b"Gr\\xfc\\xdfe" in raw.getvalue()
