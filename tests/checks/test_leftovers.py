"""Nothing outlives its run: no process, no folder."""

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from app.checks.runner import Runner
from app.checks.waiting import wait_for
from tests.checks.leftovers import LEAVES_A_CHILD, processes_with
from tests.checks.programs import GOOD, SUITE, order, run

IGNORES_SIGTERM = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + GOOD


DAEMON = (
    "import os, sys, time\nARGUMENTS = ['-c', 'import time; time.sleep(600)']\n"
    "if os.fork() == 0:\n"
    "    os.setsid()\n"
    "    if os.fork() == 0:\n"
    "        os.execv(sys.executable, [sys.executable, *ARGUMENTS, 'left-behind-{mark}'])\n"
    "    os._exit(0)\n" + GOOD
)


@pytest.mark.parametrize(
    "program", [IGNORES_SIGTERM, LEAVES_A_CHILD, DAEMON], ids=["sigterm", "child", "daemon"]
)
def test_nothing_is_left_running(runner: Runner, tmp_path: Path, program: str) -> None:
    """Whatever a program ignores or leaves behind, no process of its run outlives the verdict."""
    mark = os.urandom(8).hex()
    suite = SUITE.replace(
        "def test_again(provider, expect):", "def test_again(provider, program, expect):"
    ).replace(
        '    """A second delivery is accepted."""',
        '    """A second delivery is accepted."""\n    program.restart()',
    )
    result = run(runner, order(tmp_path, program.replace("{mark}", mark), suite))
    assert result.verdict == "passed", result
    assert processes_with(f"left-behind-{mark}") == []


def test_a_killed_grader_is_our_fault(runner: Runner, tmp_path: Path) -> None:
    """A grader that dies is told as a fault of the course, nothing stays behind, and the next run works."""
    slot = runner.prepare()
    mark = os.urandom(8).hex()
    program = LEAVES_A_CHILD.replace("{mark}", mark)

    def report(event: dict[str, object]) -> None:
        if event["event"] == "program_ready":
            slot.kill_grader()

    with closing(slot):
        result = runner.run(order(tmp_path, program), report, slot=slot)
    assert result.verdict == "course_fault"
    assert "grader" in result.reason
    assert wait_for(lambda: processes_with(f"left-behind-{mark}") == [], 30.0)
    assert run(runner, order(tmp_path, GOOD)).verdict == "passed"


def test_folders_of_a_dead_runner_are_swept(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed course left in the temporary folder is removed by the next one; what lives is kept."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead, alive = tmp_path / f"webhook-course-{ended.pid}-x", tmp_path / f"webhook-course-{os.getpid()}-x"
    for folder in (dead, alive, tmp_path / "webhook-course-of-mine"):
        folder.mkdir()
    with Runner(data_folder, "off"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {alive.name, "webhook-course-of-mine"}
