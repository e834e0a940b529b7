"""Runs that a page watches."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.errors import CourseFault, NotFound
from app.learning.classroom import Classroom
from app.learning.live import LiveRuns
from app.learning.running import last_run, stored_run
from tests.learning.tiny import FakeRunner

LONG = 20.0


@pytest.fixture
def live(classroom: Classroom) -> Iterator[LiveRuns]:
    """Live runs with two places."""
    runs = LiveRuns(classroom, size=2)
    yield runs
    runs.close()


def all_events(live: LiveRuns, run: str) -> list[dict[str, Any]]:
    """Read a stream to its end."""
    events: list[dict[str, Any]] = []
    while not events or events[-1]["event"] != "run_finished":
        newer = live.events_after(run, len(events), LONG)
        assert newer, "a stream must not stand still"
        events += newer
    return events


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    moment = threading.Event()
    for _ in range(2000):
        if condition():
            return
        moment.wait(0.01)
    raise AssertionError("it did not come to that")


def test_events_come_while_the_run_goes_on(live: LiveRuns, runner: FakeRunner) -> None:
    """A page sees the first results before the last check is over, and can resume anywhere."""
    runner.go.clear()
    run = live.press("first", "python")
    until(lambda: len(live.events_after(run, 0, 0)) == 5)
    runner.go.set()
    events = all_events(live, run)
    assert [event["number"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert live.events_after(run, 4, LONG) == events[4:]
    assert live.events_after(run, 6, LONG) == []


def test_a_verdict_that_was_shown_is_stored(live: LiveRuns, classroom: Classroom) -> None:
    """Whoever reads the last event finds the run in the store."""
    run = live.press("first", "python")
    events = all_events(live, run)
    assert stored_run(classroom, run).events == tuple(events)


def test_one_runs_one_waits_and_a_newer_press_takes_its_place(live: LiveRuns, runner: FakeRunner) -> None:
    """However often Check is pressed, two runs are the most per exercise; the replaced one says by which."""
    runner.go.clear()
    first, second, third = (live.press("first", "python") for _ in range(3))
    [replaced] = live.events_after(second, 0, LONG)
    assert (replaced["event"], replaced["verdict"], replaced["by"]) == ("run_finished", "replaced", third)
    runner.go.set()
    for run in (first, third):
        assert all_events(live, run)[-1]["verdict"] == "passed"
    assert [order.run for order in runner.orders] == [first, third]
    assert runner.most == 1


def test_the_pool_is_bounded(classroom: Classroom, runner: FakeRunner) -> None:
    """With one place, runs of two exercises go one after the other."""
    live = LiveRuns(classroom, size=1)
    runner.go.clear()
    runs = [live.press("first", "python"), live.press("second", "python")]
    until(lambda: len(runner.orders) == 1)
    runner.go.set()
    assert [all_events(live, run)[-1]["verdict"] for run in runs] == ["passed", "passed"]
    assert runner.most == 1
    live.close()


class Hours:
    """A clock that stands still until a test moves it, and counts who looked."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.now


def test_a_run_that_nobody_watches_ends(classroom: Classroom, runner: FakeRunner) -> None:
    """When the last viewer left, the run is cancelled after a while."""
    hours = Hours()
    live = LiveRuns(classroom, size=1, patience=0.1, clock=hours)
    runner.go.clear()
    run = live.press("first", "python")
    until(lambda: len(live.events_after(run, 0, 0)) == 5)
    hours.now += 1.0
    until(lambda: stored_or_none(classroom, run) == "cancelled")
    assert stored_run(classroom, run).reason == "Nobody watched the run any more."
    live.close()


def test_a_watched_run_goes_on(classroom: Classroom, runner: FakeRunner) -> None:
    """One viewer is enough, however long it takes."""
    hours = Hours()
    live = LiveRuns(classroom, size=1, patience=0.1, clock=hours)
    runner.go.clear()
    run = live.press("first", "python")
    viewer = threading.Thread(target=live.wait, args=(run, LONG))
    viewer.start()
    until(lambda: live._runs[run].viewers == 1)
    hours.now += 1000.0
    looks = hours.looks
    until(lambda: hours.looks > looks + 1)
    runner.go.set()
    viewer.join()
    assert stored_run(classroom, run).verdict == "passed"
    live.close()


def stored_or_none(classroom: Classroom, run: str) -> str | None:
    """The stored verdict, if it is there already."""
    found = classroom.store.runs.find(run)
    return found.verdict if found else None


def test_cancel_ends_running_and_waiting_runs(
    live: LiveRuns, classroom: Classroom, runner: FakeRunner
) -> None:
    """A cancelled run ends as cancelled, is stored so and counts for nothing; once more does nothing."""
    runner.go.clear()
    running, waiting = live.press("first", "python"), live.press("first", "python")
    assert live.can_cancel(running)
    for run in (waiting, running, running, "nobody"):
        live.cancel(run)
    assert live.events_after(waiting, 0, LONG)[-1]["reason"] == "The run was cancelled."
    assert [all_events(live, run)[-1]["verdict"] for run in (running, waiting)] == ["cancelled", "cancelled"]
    assert stored_run(classroom, running).verdict == "cancelled"
    assert last_run(classroom, "first") is None
    assert not live.can_cancel(running)


def test_a_run_that_breaks_ends_its_stream(live: LiveRuns, runner: FakeRunner) -> None:
    """A fault of the course is the last event, in words; the next press works."""
    runner.error = CourseFault("The grader died.", "Try again.")
    last = all_events(live, live.press("first", "python"))[-1]
    assert (last["verdict"], last["reason"]) == ("course_fault", "The grader died. Try again.")
    runner.error = None
    assert all_events(live, live.press("first", "python"))[-1]["verdict"] == "passed"


def test_an_error_nobody_thought_of_ends_its_stream(
    live: LiveRuns, runner: FakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    """The page says that nothing counts; the log has the rest."""
    runner.error = RuntimeError("oh")
    last = all_events(live, live.press("first", "python"))[-1]
    assert last["verdict"] == "course_fault"
    assert "oh" not in last["reason"]
    assert "RuntimeError: oh" in caplog.text


def test_stored_runs_answer_from_the_store(live: LiveRuns, classroom: Classroom) -> None:
    """A page opened the next day shows the same events."""
    run = live.press("first", "python")
    events = all_events(live, run)
    tomorrow = LiveRuns(classroom)
    assert tomorrow.events_after(run, 2, LONG) == events[2:]
    assert tomorrow.wait(run, LONG)
    tomorrow.close()


def test_unknown_things_are_not_found(live: LiveRuns) -> None:
    """Neither a run nor an exercise is made up."""
    for wrong in (
        lambda: live.events_after("nothing", 0, 0),
        lambda: live.wait("nothing", 0),
        lambda: live.press("nothing", "python"),
        lambda: live.press("first", "nothing"),
    ):
        with pytest.raises(NotFound):
            wrong()


def test_a_run_takes_the_slot_that_waits(live: LiveRuns, runner: FakeRunner, classroom: Classroom) -> None:
    """A press uses the slot that was started in advance; after the run the next one is made."""
    live.warm("python")
    until(lambda: len(runner.prepared) == 1)
    all_events(live, live.press("first", "python"))
    assert runner.used == [runner.prepared[0]]
    until(lambda: len(runner.prepared) == 2)
    classroom.close()
    assert all(slot.closed for slot in runner.prepared)


def test_a_verdict_does_not_wait_until_the_used_slot_is_cleared_away(
    live: LiveRuns, runner: FakeRunner, classroom: Classroom
) -> None:
    """A complete report says that every program is gone; what is left to clear away nobody waits for."""
    live.warm("python")
    until(lambda: len(runner.prepared) == 1)
    cleared, slot = threading.Event(), runner.prepared[0]
    slot.close = lambda: setattr(slot, "closed", cleared.wait(120))
    assert all_events(live, live.press("first", "python"))[-1]["verdict"] == "passed"
    assert not slot.closed
    cleared.set()
    until(lambda: slot.closed)
