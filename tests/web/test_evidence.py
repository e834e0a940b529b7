"""From events to what is shown, and small words."""

import hashlib

import pytest

from app.web.evidence import view_run
from app.web.forms import SentFile
from app.web.present import duration, plural, printable, spans
from tests.cli.events import finished, started


def numbered(*events: dict[str, object]) -> list[dict[str, object]]:
    """Number events from 1 as the runner does."""
    return [{**event, "number": number} for number, event in enumerate(events, 1)]


def test_a_task_is_ticked_when_all_its_checks_passed() -> None:
    """One open check keeps its task open; the other tasks are ticked."""
    begin = started("a", "b", "c")
    for check, task in zip(begin["checks"], (1, 1, 2), strict=True):
        check["task"] = task
    view = view_run("r", numbered(begin, finished("a", "passed"), finished("c", "passed")))
    assert view.ticked_tasks() == {2}


def test_what_was_not_reached_is_not_run() -> None:
    """When the run is over, checks without a result are said to be not run."""
    end = {"event": "run_finished", "verdict": "failed", "counts": {}, "ms": 1.0, "reason": ""}
    view = view_run("r", numbered(started("a", "b"), {"event": "check_started", "check": "a"}, end))
    assert [check.state for check in view.checks] == ["skipped", "skipped"]


def test_only_the_first_failure_is_opened() -> None:
    """The eye goes to one failure; the others wait closed."""
    view = view_run(
        "r", numbered(started("a", "b", "c"), finished("a", "passed"), finished("b"), finished("c"))
    )
    assert [check.is_first_failure for check in view.checks] == [False, True, False]


def test_unknown_events_are_passed_over() -> None:
    """An event of a later version changes nothing but the number."""
    view = view_run("r", numbered(started("a"), {"event": "something_new"}))
    assert (view.number, view.checks[0].state) == (2, "waiting")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_untouched_file_is_known_by_its_version(end: str) -> None:
    """The form's text has LF, the file may have CR LF: both are the same text."""
    version = hashlib.sha256(f"a{end}b{end}".encode()).hexdigest()
    assert SentFile("x", "a\nb\n", version).is_untouched
    assert not SentFile("x", "a\nc\n", version).is_untouched


def test_nothing_printed_can_hide() -> None:
    """Control characters and direction marks become visible; line ends and tabs stay."""
    assert printable("a\tb\r\nc\rd\x1b\x7f\x9b\u202e") == "a\tb\nc␍d␛␡‹U+009B›‹U+202E›"


def test_times_and_numbers_read_like_words() -> None:
    """Milliseconds below a second, then seconds; one check, two checks."""
    assert [duration(None), duration(3.4), duration(1240)] == ["", "3 ms", "1.2 s"]
    assert [plural(1, "check"), plural(2, "check")] == ["1 check", "2 checks"]


def test_words_in_backquotes_are_code_and_nothing_else_is() -> None:
    """Messages may name a command; what a stranger put into one stays text."""
    assert spans("Run `course serve`, <b>not</b> `<i>`.") == (
        "Run <code>course serve</code>, &lt;b&gt;not&lt;/b&gt; <code>&lt;i&gt;</code>."
    )
