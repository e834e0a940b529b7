"""Slots that wait for their run."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.checks.slots import Slots
from app.errors import CourseFault


class FakeSlot:
    """Remembers by which thread it was started and whether it was closed."""

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        self.is_alive = True
        self.closed = False

    def close(self) -> None:
        self.closed = True


class FakeRunner:
    """Makes slots, or says why not."""

    def __init__(self) -> None:
        self.made: list[FakeSlot] = []
        self.error: Exception | None = None
        self.ready = True

    def is_ready(self, language: str) -> bool:
        return self.ready

    def prepare(self, language: str) -> Any:
        if self.error is not None:
            raise self.error
        self.made.append(FakeSlot())
        return self.made[-1]


@pytest.fixture
def runner() -> FakeRunner:
    """A runner that makes slots at once."""
    return FakeRunner()


@pytest.fixture
def slots(runner: FakeRunner) -> Iterator[Slots]:
    """A pool of one."""
    pool = Slots(runner, 1)  # type: ignore[arg-type]
    yield pool
    pool.close()


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    moment = threading.Event()
    for _ in range(2000):
        if condition():
            return
        moment.wait(0.01)
    raise AssertionError("it did not come to that")


def test_a_slot_is_used_once_and_replaced_when_its_run_is_over(slots: Slots, runner: FakeRunner) -> None:
    """The one that waits is lent, closed, and only then replaced: never are there more than asked for."""
    slots.warm("python")
    until(lambda: slots._waiting["python"])
    with slots.take("python") as slot:
        assert slot is runner.made[0]
        assert not runner.made[0].closed
        assert slots._wanted() is None
    assert runner.made[0].closed
    until(lambda: slots._waiting["python"])
    assert slots._waiting["python"] == runner.made[1:] == [runner.made[1]]


def test_a_slot_is_started_by_a_thread_that_outlives_it(slots: Slots, runner: FakeRunner) -> None:
    """The kernel ends a wall with the thread that built it, so one thread builds all that wait."""
    for _ in range(3):
        slots.warm("python")
        until(lambda: slots._waiting["python"])
        with slots.take("python"):
            pass
    until(lambda: len(runner.made) == 4)
    assert {slot.thread for slot in runner.made} == {slots._thread}
    assert slots._thread is not None
    assert slots._thread.is_alive()


def test_without_a_slot_that_waits_one_starts_at_once(slots: Slots, runner: FakeRunner) -> None:
    """A second run at the same moment, or the very first one, starts cold in its own thread."""
    with slots.take("python") as slot:
        assert slot.thread is threading.current_thread()  # type: ignore[attr-defined]
    assert runner.made[0].closed


def test_one_that_died_while_it_waited_costs_no_press(slots: Slots, runner: FakeRunner) -> None:
    """A dead slot is put away, and the run gets a fresh one."""
    slots.warm("python")
    until(lambda: slots._waiting["python"])
    runner.made[0].is_alive = False
    with slots.take("python") as slot:
        assert slot is not runner.made[0]
        assert runner.made[0].closed


def test_zero_slots_means_that_nothing_waits(runner: FakeRunner) -> None:
    """The setting turns it off: each run starts its own."""
    pool = Slots(runner, 0)  # type: ignore[arg-type]
    pool.warm("python")
    with pool.take("python"):
        pass
    assert pool._thread is None
    assert len(runner.made) == 1
    pool.close()


def test_closing_ends_what_waits_and_starts_no_more(runner: FakeRunner) -> None:
    """Nothing is left behind, however often it is closed."""
    pool = Slots(runner, 2)  # type: ignore[arg-type]
    pool.warm("python")
    pool.warm("other")
    until(lambda: len(runner.made) == 4)
    pool.close()
    pool.close()
    pool.warm("python")
    assert all(slot.closed for slot in runner.made)
    assert len(runner.made) == 4


def test_what_cannot_be_started_is_not_tried_again_and_again(
    slots: Slots, runner: FakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault is logged once; the next run meets it itself and asks anew."""
    runner.error = CourseFault("No wall.", "Build one.")
    slots.warm("python")
    until(lambda: "python" not in slots._waiting)
    assert caplog.text.count("No wall.") == 1
    with pytest.raises(CourseFault), slots.take("python"):
        pass
    runner.error = None
    with slots.take("python"):
        pass
    until(lambda: slots._waiting.get("python"))


def test_a_language_that_has_to_be_fetched_first_is_left_to_the_run(slots: Slots, runner: FakeRunner) -> None:
    """Nothing is fetched in silence: the run that needs it does that, and tells of it."""
    runner.ready = False
    slots.warm("javascript")
    with slots.take("javascript") as slot:
        assert slot is None
    until(lambda: "javascript" not in slots._waiting)
    assert runner.made == []
