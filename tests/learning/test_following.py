"""Runs of another process, such as a terminal, as the site follows them."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import CourseError
from app.learning import running
from app.learning.classroom import Classroom
from app.learning.following import NOT_KEPT
from app.learning.journal import FORGOTTEN_AFTER, Journal, has_journal, read_journal
from app.learning.live import LiveRuns
from app.learning.owners import this_process
from app.store.rows import RunStart
from tests.learning.test_live import LONG, all_events, until
from tests.learning.tiny import FakeRunner

STARTED = {"event": "run_started", "number": 1}
ENDED = {"event": "run_finished", "number": 2}


@pytest.fixture
def live(classroom: Classroom) -> Iterator[LiveRuns]:
    """The live runs of a site."""
    runs = LiveRuns(classroom)
    yield runs
    runs.close()


@pytest.fixture
def terminal(classroom: Classroom) -> Iterator[Callable[..., threading.Thread]]:
    """Start a check as a terminal does, past the site's own runs."""
    threads = []

    def start(run_id: str, **options: Any) -> threading.Thread:
        threads.append(
            threading.Thread(
                target=running.check,
                args=(classroom, "first", "python"),
                kwargs={"run_id": run_id, **options},
            )
        )
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join()


def begun(classroom: Classroom, run_id: str) -> bool:
    """Whether the run has its row."""
    return classroom.store.runs.find(run_id) is not None


def test_a_run_of_a_terminal_is_followed_as_it_goes_on(
    live: LiveRuns, classroom: Classroom, runner: FakeRunner, terminal: Callable[..., threading.Thread]
) -> None:
    """The site shows its events before it is over, and the end once it is stored; every event once."""
    runner.go.clear()
    terminal("r1")
    until(lambda: begun(classroom, "r1"))
    assert live.newest("first", "python") == "r1"
    assert not live.can_cancel("r1")
    events: list[dict[str, Any]] = []
    while len(events) < 5:
        events += live.events_after("r1", len(events), LONG)
    assert events[-1]["event"] == "check_finished"
    assert live.events_after("r1", 5, 0) == []
    runner.go.set()
    [last] = live.events_after("r1", 5, LONG)
    assert (last["event"], last["verdict"]) == ("run_finished", "passed")
    assert [event["number"] for event in [*events, last]] == [1, 2, 3, 4, 5, 6]
    assert running.stored_run(classroom, "r1").events == (*events, last)


def test_a_run_of_one_check_is_not_the_newest(
    live: LiveRuns, classroom: Classroom, terminal: Callable[..., threading.Thread]
) -> None:
    """An exercise page shows whole runs of its language, its own presses first."""
    assert live.newest("first", "python") == ""
    terminal("single", only="a-b").join()
    assert live.newest("first", "python") == ""
    terminal("whole").join()
    assert live.newest("first", "python") == "whole"
    assert live.newest("second", "python") == live.newest("second", "shell") == ""


def test_the_newest_is_what_was_pressed_or_begun_last(
    live: LiveRuns, runner: FakeRunner, terminal: Callable[..., threading.Thread]
) -> None:
    """A press that runs or waits comes first; when it is over, whatever began last."""
    runner.go.clear()
    live.press("first", "python")
    second = live.press("first", "python")
    assert live.newest("first", "python") == second
    runner.go.set()
    all_events(live, second)
    assert live.newest("first", "python") == second
    terminal("later").join()
    assert live.newest("first", "python") == "later"


def test_a_killed_terminal_ends_its_run(live: LiveRuns, classroom: Classroom) -> None:
    """Who watches a run whose process was killed reads that it counts for nothing, and it is stored so."""
    code = "from app.learning.owners import this_process; print(this_process())"
    owner = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    start = RunStart("r1", "first", "python", "/x", None, 5, owner.strip(), classroom.now)
    classroom.store.runs.begin(start)
    journal = Journal(classroom.settings.home, "r1")
    journal.write(STARTED)
    assert live.events_after("r1", 0, LONG) == [STARTED]
    [last] = live.events_after("r1", 1, LONG)
    assert (last["number"], last["verdict"]) == (2, "course_fault")
    assert running.stored_run(classroom, "r1").verdict == "course_fault"


def test_an_end_that_could_not_be_kept_is_told(
    live: LiveRuns, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that this process can't close, as on a full disk, does not run for ever on a page."""
    begin = RunStart("r1", "first", "python", "/x", None, 5, this_process(), classroom.now)
    classroom.store.runs.begin(begin)

    def refuse(*_: object) -> bool:
        raise CourseError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(classroom.store.runs, "finish", refuse)
        assert live.events_after("r1", 3, LONG)[0]["reason"] == NOT_KEPT
        assert running.stored_run(classroom, "r1").state == "running"
    live.events_after("r1", 3, LONG)
    assert running.stored_run(classroom, "r1").reason == NOT_KEPT


def test_a_journal_holds_all_but_the_end(tmp_path: Path) -> None:
    """The verdict comes from the store alone; what is written by halves is not read."""
    journal = Journal(tmp_path, "r1")
    journal.write(STARTED)
    journal.write(ENDED)
    [path] = (tmp_path / ".runs").iterdir()
    with path.open("ab") as file:
        file.write(b'{"event": "check_sta')
    assert read_journal(tmp_path, "r1", 0) == [STARTED]
    assert read_journal(tmp_path, "r1", 1) == []
    assert path.stat().st_mode & 0o777 == 0o600
    journal.remove()
    journal.remove()
    assert not has_journal(tmp_path, "r1")
    assert read_journal(tmp_path, "r1", 0) == []


def test_a_journal_that_can_not_be_written_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk the run goes on; others see whole events only, up to there."""

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    journal = Journal(tmp_path, "r1")
    journal.write(STARTED)
    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        journal.write({"event": "check_started", "number": 2})
    journal.write({"event": "check_finished", "number": 3})
    assert read_journal(tmp_path, "r1", 0) == [STARTED]
    (tmp_path / "file").touch()
    Journal(tmp_path / "file", "r2").write(STARTED)


def test_old_journals_are_thrown_away(tmp_path: Path) -> None:
    """What a killed process left goes with a later run; one that is going on stays."""
    Journal(tmp_path, "old").write(STARTED)
    Journal(tmp_path, "new")
    assert has_journal(tmp_path, "old")
    old = (tmp_path / ".runs").stat().st_mtime
    Journal(tmp_path, "later", now=lambda: old + FORGOTTEN_AFTER + 60).write(STARTED)
    assert [has_journal(tmp_path, name) for name in ("old", "new", "later")] == [False, False, True]


@pytest.mark.parametrize("run_id", ["../../escape", "..", "/etc/passwd", "\udcff", ""])
def test_no_id_names_a_file_elsewhere(tmp_path: Path, run_id: str) -> None:
    """An id comes from an address or an import; it is never a path."""
    home = tmp_path / "home"
    journal = Journal(home, run_id)
    journal.write(STARTED)
    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [home / ".runs"]
