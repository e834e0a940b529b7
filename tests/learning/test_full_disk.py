"""A full disk is told as ours: nothing counts, and with room again the next run works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.checks import program
from app.checks.limits import LIMITS
from app.checks.program import Program, ProgramDied
from app.config import Settings
from app.errors import CourseFault
from app.learning import running
from app.learning.classroom import Classroom
from app.learning.live import LiveRuns
from app.learning.progress import step_states
from app.learning.workspace import exercise_folder
from tests.cli.tiny_course import SOLUTION, write_course
from tests.learning import tiny
from tests.learning.test_live import all_events

ROOT = Path(__file__).parents[2]
SCRIPT = """
import contextlib, os, sys, tempfile
from pathlib import Path
from app.config import read_settings
from app.content import loader
from app.errors import CourseFault
from app.learning import running
from app.learning.classroom import open_classroom

loader.find_content = lambda overlays: (Path(sys.argv[1]),)
early = sys.argv[2] == "a slot that waits"
room = open_classroom(read_settings(os.environ))
fill = Path(tempfile.gettempdir()) / "fill"  # chosen while there is room, as by a site that runs

def check():
    slot = room.runner.prepare("python") if early else None
    with contextlib.closing(slot) if early else contextlib.nullcontext():
        run(slot)

def run(slot):
    if not fill.exists():
        try:
            fill.write_bytes(bytes(10_000_000))
        except OSError:
            pass
    try:
        result = running.check(room, "greet", "python", slot=slot)
        print(result.verdict, result.reason, flush=True)
    except CourseFault as fault:
        print("course_fault", fault, flush=True)

check()
fill.write_bytes(b"")
check()
left = [path.name for path in fill.parent.iterdir()]
print(left, [(run.verdict) for run in room.store.runs.summaries()])
room.close()
"""


@pytest.mark.needs_sandbox
@pytest.mark.parametrize("when", ["a slot that waits", "a slot that starts"])
def test_a_full_disk_of_the_runs_folder_is_ours(tmp_path: Path, when: str) -> None:
    """On a real file system without a free block: one sentence, no verdict, no file left, then a pass."""
    content, home, small = write_course(tmp_path / "content"), tmp_path / "home", tmp_path / "small"
    own = home / "exercises/greet/python/receiver.py"
    own.parent.mkdir(parents=True)
    own.write_text(SOLUTION)
    small.mkdir()
    words = [shutil.which("bwrap") or "bwrap", "--dev-bind", "/", "/", "--size", "1048576", "--tmpfs", small]
    words += ["--", sys.executable, "-c", SCRIPT, content, when]
    changes = {"COURSE_HOME": str(home), "COURSE_ISOLATION": "off", "TMPDIR": str(small)}
    done = subprocess.run(
        list(map(str, words)),
        env={**os.environ, **changes},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    first, second, left, *_ = [*done.stdout.splitlines(), "", "", ""]
    assert first == f"course_fault The disk is full. Make room in {small}, then check again.", done.stderr
    assert second.strip() == "passed"
    assert left in ("['fill'] ['passed']", "['fill'] ['course_fault', 'passed']")


@pytest.mark.parametrize(("level", "error"), [("isolated", ProgramDied), ("not isolated", CourseFault)])
def test_who_filled_the_disk_of_a_start(
    monkeypatch: pytest.MonkeyPatch, level: str, error: type[Exception]
) -> None:
    """Behind the wall the room is the program's own to fill; without one the disk is everybody's."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(program, "make_rooms", full)
    bench: Any = SimpleNamespace(
        job=SimpleNamespace(walls=SimpleNamespace(level=level), files=""), limits=LIMITS
    )
    with pytest.raises(error):
        Program(bench)._make_rooms()


def test_a_full_disk_of_the_database_is_ours(
    settings: Settings, tmp_path: Path, runner: tiny.FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite without room for one more page: a pass that can't be kept does not count, and is told."""
    course = tiny.course(tmp_path / "exercises")
    room = Classroom(settings, course=course, runner=runner, clock=tiny.Clock())
    (exercise_folder(room, "first", "python") / "big.txt").write_text("x" * 200_000)
    room.close()
    with monkeypatch.context() as patch:
        patch.setattr(
            "app.store.database.SQLITE_SETTINGS",
            ("PRAGMA max_page_count=1", "PRAGMA journal_mode=DELETE"),  # no fewer than there are
        )
        room = Classroom(settings, course=course, runner=runner, clock=tiny.Clock())
        with pytest.raises(CourseFault, match=r"could not be kept.*full"):
            running.check(room, "first", "python")
        live = LiveRuns(room)
        last = all_events(live, live.press("first", "python"))[-1]
        assert (last["verdict"], "could not be kept" in last["reason"]) == ("course_fault", True)
        live.close()
        room.close()
    room = Classroom(settings, course=course, runner=runner, clock=tiny.Clock())
    assert "done" not in {state.state for state in step_states(room)}
    assert running.last_run(room, "first") is None
    assert running.check(room, "first", "python").verdict == "passed"
    assert running.last_run(room, "first") is not None
    room.close()
