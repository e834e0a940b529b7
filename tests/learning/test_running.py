"""A check run is stored before, during and after."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import Settings
from app.errors import CourseError, CourseFault, NotFound
from app.learning import running
from app.learning.classroom import Classroom
from app.learning.ends import ABANDONED, fault_end
from app.learning.owners import is_alive, this_process
from app.store.rows import RunStart
from tests.learning import tiny


def test_a_run_is_stored_with_its_results_and_hash(classroom: Classroom) -> None:
    """Everything that the runner returned is in the store, and the events are the same."""
    events: list[dict[str, object]] = []
    result = running.check(classroom, "first", "python", report=events.append, seed=42, run_id="r1")
    run = running.stored_run(classroom, "r1")
    assert (run.verdict, run.counts["passed"], run.seed) == ("passed", 2, 42)
    assert run.code_hash == result.code_hash != ""
    assert list(run.events) == events == list(result.events)
    assert [each.outcome for each in classroom.store.runs.results("r1")] == ["passed", "passed"]
    assert running.last_run(classroom, "first") == run


def test_the_order_says_what_the_manifest_says(
    classroom: Classroom, runner: tiny.FakeRunner, tmp_path: Path
) -> None:
    """Commands, folders and the provider come from the exercise; another folder wins over one's own."""
    (tmp_path / "elsewhere").mkdir()
    running.check(classroom, "second", "shell", folder=tmp_path / "elsewhere", only="c-d", seed=0)
    order = runner.orders[0]
    assert (order.language, order.main, order.command) == ("shell", "receiver.sh", ("bash", "receiver.sh"))
    assert (order.folder, order.only, order.seed) == (tmp_path / "elsewhere", "c-d", 0)
    assert order.checks == (("a-b", "A and B", 1), ("c-d", "C and D", 1))
    assert (order.scheme, order.secret, order.path) == ("github", "WEBHOOK_SECRET", "/webhook")
    assert not (classroom.settings.home / "exercises").exists()


def test_a_single_check_passes_no_exercise(classroom: Classroom) -> None:
    """A run of one check is stored, but is not the last run, and its files begin no chain."""
    running.check(classroom, "first", "python", only="a-b", run_id="single")
    assert running.stored_run(classroom, "single").verdict == "passed"
    assert running.last_run(classroom, "first") is None
    assert classroom.store.runs.passed_files("first", "python") is None


@pytest.mark.parametrize(("exercise", "language", "only"), [("none", "python", None), ("first", "go", None),
                                                            ("first", "python", "no-check")])  # fmt: skip
def test_what_is_not_there_is_not_run(
    classroom: Classroom, runner: tiny.FakeRunner, exercise: str, language: str, only: str | None
) -> None:
    """A wrong name ends before anything runs; the grader that was started for it is ended, too."""
    with pytest.raises(NotFound):
        running.check(classroom, exercise, language, only=only)
    assert not runner.orders
    assert [slot.closed for slot in runner.prepared] == [True]
    assert classroom.store.runs.summaries() == ()


def test_a_run_that_breaks_is_a_fault_of_the_course(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """The caller gets the error, the store a closed row: nothing counts against the learner."""
    runner.error = CourseFault("The grader died.", "Try again.")
    with pytest.raises(CourseFault, match="grader died"):
        running.check(classroom, "first", "python", run_id="r1")
    run = running.stored_run(classroom, "r1")
    assert (run.state, run.verdict, run.reason) == ("finished", "course_fault", "The grader died. Try again.")
    assert [event["event"] for event in run.events] == ["run_started", "run_finished"]
    assert running.last_run(classroom, "first") is None


def test_an_interrupted_run_is_closed(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """Ctrl-C leaves no run that runs for ever."""
    runner.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        running.check(classroom, "first", "python", run_id="r1")
    assert running.stored_run(classroom, "r1").reason == "The run was interrupted."


def test_a_result_that_comes_too_late_changes_nothing(classroom: Classroom, runner: tiny.FakeRunner) -> None:
    """When somebody closed the run meanwhile, its result is dropped."""

    def close_it() -> None:
        store = classroom.store
        while store.runs.find("r1") is None:  # its row is written beside the run
            pass
        store.runs.close_abandoned(
            lambda owner: False, lambda run: fault_end(run, "closed", classroom.clock())
        )

    runner.before_result = close_it
    assert running.check(classroom, "first", "python", run_id="r1").verdict == "passed"
    run = running.stored_run(classroom, "r1")
    assert (run.verdict, run.reason) == ("course_fault", "closed")
    assert classroom.store.runs.passed_files("first", "python") is None


def test_a_store_that_can_not_be_opened_is_told_after_the_run(
    settings: Settings, tmp_path: Path, runner: tiny.FakeRunner
) -> None:
    """The verdict was reported; that it was not stored must not stay hidden."""
    settings.home.mkdir()
    (settings.home / "progress.db").write_bytes(b"this is no database" * 500)
    room = Classroom(settings, course=tiny.course(tmp_path / "x"), runner=runner)
    events: list[dict[str, object]] = []
    with pytest.raises(CourseError, match="is damaged"):
        running.check(room, "first", "python", report=events.append)
    assert events[-1]["verdict"] == "passed"


def test_unknown_runs_are_not_found(classroom: Classroom) -> None:
    """The words say how to get one."""
    with pytest.raises(NotFound, match="no run"):
        running.stored_run(classroom, "nothing")


def test_opening_closes_the_runs_of_dead_processes(classroom: Classroom, settings: Settings) -> None:
    """A run whose process was killed is a fault of the course, in words, with a whole stream."""
    code = "from app.learning.owners import this_process; print(this_process())"
    dead = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    for run, owner in (("dead", dead), ("alive", this_process())):
        classroom.store.runs.begin(RunStart(run, "first", "python", "/x", None, 5, owner, classroom.now))
    again = Classroom(settings, course=classroom.course, runner=tiny.FakeRunner())
    run = running.stored_run(again, "dead")
    assert (run.verdict, run.reason) == ("course_fault", ABANDONED)
    assert [(event["event"], event["number"]) for event in run.events] == [
        ("run_started", 1),
        ("run_finished", 2),
    ]
    assert running.stored_run(again, "alive").state == "running"
    again.close()


def test_an_owner_is_this_very_process() -> None:
    """A reused number or a process that is gone is dead; other machines are not judged."""
    assert is_alive(this_process())
    node, pid, _ = this_process().rsplit("/", 2)
    assert not is_alive(f"{node}/{pid}/12345")
    assert not is_alive(f"{node}/{2**22 + 1}/1")
    assert not is_alive("nonsense")
    assert is_alive(f"another-{node}/1/1")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="zombies are told apart by /proc (Linux)")
def test_a_zombie_is_dead() -> None:
    """A killed process that nobody waited for yet can't finish its run."""
    code = "from app.learning.owners import this_process; print(this_process(), flush=True)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        owner = process.stdout.readline().strip()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_alive(owner)
