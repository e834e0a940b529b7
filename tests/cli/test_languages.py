"""Choosing the language in the terminal."""

import json
from pathlib import Path

import pytest

from app.cli.place import likely_language
from app.config import read_settings
from tests.cli.conftest import Learner
from tests.cli.tiny_course import SOLUTION, write_javascript


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny course, whose exercise comes in JavaScript as well."""
    folder = write_javascript(tmp_path / "content")
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: (folder, *overlays))
    return folder


@pytest.fixture
def _no_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without Node, and without anything to get it with."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("which", "_wheel_of_this_environment", "find_installer"):
        monkeypatch.setattr(f"app.checks.javascript.{name}", lambda *_: None)


@pytest.mark.usefixtures("_no_node")
def test_what_can_not_be_fetched_is_a_fault_of_the_course(learner: Learner) -> None:
    """One clear sentence with what to do, exit code 3, and nothing is counted."""
    result = learner.types("check", "greet", "--language", "javascript")
    assert result.exit_code == 3
    assert "this Python has no pip" in result.output
    assert "Install Node 22.13 or newer" in " ".join(result.output.split())
    assert "Getting" not in result.output
    assert "Nothing was counted." in result.output
    assert "0 of 2" not in learner.types("progress").output


@pytest.mark.usefixtures("_no_node")
def test_the_event_stream_tells_it_too(learner: Learner) -> None:
    """The first event names the run, the last one the reason."""
    result = learner.types("check", "greet", "--language", "javascript", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert (events[0]["event"], events[-1]["verdict"]) == ("run_started", "course_fault")
    assert "no pip" in events[-1]["reason"]


@pytest.mark.usefixtures("_no_node")
def test_python_needs_nothing_of_it(learner: Learner) -> None:
    """Who stays with Python is checked as ever, and doctor says that Node is for JavaScript only."""
    learner.writes(SOLUTION)
    assert learner.types("check", "greet").exit_code == 0
    assert "Only JavaScript needs it." in " ".join(learner.types("doctor").output.split())


def test_the_language_is_remembered_and_both_are_kept(learner: Learner) -> None:
    """--language is for this time and the next ones; the other language's file stays."""
    learner.writes("mine = 1\n")
    kept = learner.types("reset", "greet", "--language", "javascript", "--yes")
    assert "greet/javascript" in kept.output.replace("\n", "")
    assert learner.program.read_text() == "mine = 1\n"
    assert (learner.home / "exercises/greet/javascript/receiver.mjs").read_text() == "// starter\n"


def test_the_grader_starts_early_in_the_right_language(learner: Learner) -> None:
    """Folders alone tell it: the one named, the one that there is, else Python."""
    settings = read_settings({"COURSE_HOME": str(learner.home)})
    assert likely_language(settings, "greet", None) == "python"
    folder = learner.home / "exercises" / "greet" / "javascript"
    folder.mkdir(parents=True)
    assert likely_language(settings, "greet", None) == "javascript"
    assert likely_language(settings, str(folder), None) == "javascript"
    assert likely_language(settings, "greet", "python") == "python"
    assert likely_language(settings, "no/such/path", None) == "python"
