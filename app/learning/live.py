"""Runs that a page watches: a bounded pool, one running and one waiting per exercise or scenario."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.errors import CourseError
from app.learning.classroom import Classroom
from app.learning.ends import fault_event
from app.learning.following import follow_stored, newest_stored
from app.learning.live_run import LiveRun
from app.learning.running import UNFINISHED, check, new_run_id, stored_run
from app.learning.scenarios import play, program_of

if TYPE_CHECKING:
    from app.checks.slot import Slot

KEPT = 5
"""Finished runs whose events stay in memory; older ones are read from the store."""

SCENES_KEPT = 20
"""Outcomes of scenarios that can still be looked at; they are not stored."""


class LiveRuns:
    """Start runs, hand out their events as they come, end those that nobody watches."""

    def __init__(
        self,
        classroom: Classroom,
        *,
        size: int | None = None,
        patience: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._classroom = classroom
        self._clock = clock
        self._size = size or max(1, (os.cpu_count() or 2) - 1)
        self._patience = patience
        self._changed = threading.Condition()
        self._runs: dict[str, LiveRun] = {}  # in the order of the presses
        self._closed = False
        self._watcher: threading.Thread | None = None

    def press(self, exercise_id: str, language: str) -> str:
        """Start a run or let it wait; return its id. A newer press replaces the waiting one."""
        exercise = self._classroom.exercise(exercise_id)
        return self._enter(
            LiveRun(new_run_id(), exercise.id, exercise.language(language).name, self._clock())
        )

    def press_scenario(self, name: str) -> str:
        """Play a scenario or let it wait, as `press` does; nothing is judged and nothing is stored."""
        program = program_of(self._classroom, name)
        return self._enter(
            LiveRun(new_run_id(), program.exercise, program.language, self._clock(), scenario=name)
        )

    def _enter(self, run: LiveRun) -> str:
        with self._changed:
            for other in self._in_state("waiting"):
                if other.what == run.what:
                    other.replace(run.id)
            self._runs[run.id] = run
            self._start_watching()
            self._start_what_can()
            self._changed.notify_all()
        return run.id

    def events_after(self, run_id: str, number: int, timeout: float) -> list[dict[str, Any]]:
        """Return the events after `number`, waiting up to `timeout` seconds for one; NotFound if no such run.

        The stream is complete when its last event is run_finished; the run is stored by then. A waiting
        run that a newer press replaced ends with verdict "replaced" and the id of the newer run in `by`.
        """
        run = self._runs.get(run_id)
        if run is None:
            return follow_stored(self._classroom, run_id, number, timeout, self._pause)
        with self._watching(run):
            self._changed.wait_for(lambda: run.newer(number) or run.state == "finished", timeout)
            return run.newer(number)

    def wait(self, run_id: str, timeout: float) -> bool:
        """Watch a run until it is finished or the time is over; tell whether it is finished."""
        run = self._runs.get(run_id)
        if run is None:
            return stored_run(self._classroom, run_id).state == "finished"
        with self._watching(run):
            return self._changed.wait_for(lambda: run.state == "finished", timeout)

    def cancel(self, run_id: str) -> None:
        """End a run early; nothing happens if it is over already, or goes on in another process."""
        with self._changed:
            if run_id in self._runs:
                self._runs[run_id].end("The run was cancelled.")
                self._changed.notify_all()

    def scenario_of(self, run_id: str) -> str:
        """Return the name of the scenario that a run plays; "" for a check and for an unknown run."""
        with self._changed:
            return self._runs[run_id].scenario if run_id in self._runs else ""

    def playing(self, name: str) -> str:
        """Return the id of the newest run of a scenario that is not over; "" if there is none."""
        with self._changed:
            going_on = self._in_state("running") + self._in_state("waiting")
            return next((run.id for run in reversed(going_on) if run.scenario == name), "")

    def can_cancel(self, run_id: str) -> bool:
        """Tell whether the run was started here and is not over."""
        with self._changed:
            return run_id in self._runs and self._runs[run_id].state != "finished"

    def newest(self, exercise_id: str, language: str) -> str:
        """Return the id of the newest run of all checks, wherever it was started; "" if there is none."""
        with self._changed:
            going_on = self._in_state("running") + self._in_state("waiting")
        wanted = (exercise_id, ""), language
        mine = [run.id for run in going_on if (run.what, run.language) == wanted]
        return mine[-1] if mine else newest_stored(self._classroom, exercise_id, language)

    def warm(self, language: str) -> None:
        """Start what the next press in this language needs, in the background."""
        self._classroom.slots.warm(language)

    def close(self) -> None:
        """End every run and wait for the ends."""
        with self._changed:
            self._closed = True
            for run in self._runs.values():
                run.end("The course was closed.")
            self._changed.notify_all()
        for run in list(self._runs.values()):
            if run.thread is not None:
                run.thread.join()
        if self._watcher is not None:
            self._watcher.join()

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)

    def _in_state(self, state: str) -> list[LiveRun]:
        return [run for run in self._runs.values() if run.state == state]

    def _start_what_can(self) -> None:
        busy = {run.what for run in self._in_state("running")}
        for run in self._in_state("waiting"):
            if run.what in busy or len(busy) >= self._size:
                continue
            busy.add(run.what)
            run.state = "running"
            run.thread = threading.Thread(target=self._work, args=(run,), name=f"run {run.id}")
            run.thread.start()

    def _work(self, run: LiveRun) -> None:
        try:
            with self._classroom.slots.take(run.language) as slot:
                self._check(run, slot)
                self._finish(run)  # nobody waits for the used slot to be cleared away
        except CourseError as error:
            run.last = fault_event(len(run.events) + 1, str(error))
        except Exception:
            logging.getLogger(__name__).exception("run %s broke", run.id)
            run.last = fault_event(len(run.events) + 1, UNFINISHED)
        self._finish(run)

    def _check(self, run: LiveRun, slot: "Slot | None") -> None:
        do, what = (play, run.scenario) if run.scenario else (check, run.exercise)
        do(
            self._classroom,
            what,
            run.language,
            report=lambda event: self._report(run, event),
            cancel=run.cancel,
            run_id=run.id,
            slot=slot,
        )

    def _finish(self, run: LiveRun) -> None:
        with self._changed:
            if run.state == "finished":
                return
            assert run.last is not None  # a run that does not break reports its end
            run.finish(run.last)
            self._start_what_can()
            self._forget_old()
            self._changed.notify_all()

    def _report(self, run: LiveRun, event: dict[str, Any]) -> None:
        with self._changed:
            if event["event"] == "run_finished":
                run.last = event  # held back until it is stored: what a page showed must not get lost
                return
            run.events.append(event)
            self._changed.notify_all()

    def _forget_old(self) -> None:
        finished = self._in_state("finished")
        checks = [run for run in finished if not run.scenario][:-KEPT]
        for run in checks + [run for run in finished if run.scenario][:-SCENES_KEPT]:
            del self._runs[run.id]

    @contextmanager
    def _watching(self, run: LiveRun) -> Iterator[None]:
        with self._changed:
            run.viewers += 1
            try:
                yield
            finally:
                run.viewers -= 1
                run.seen = self._clock()

    def _start_watching(self) -> None:
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="watch runs", daemon=True)
            self._watcher.start()

    def _watch(self) -> None:
        while not self._closed:
            with self._changed:
                self._end_unwatched()
                self._changed.wait(self._patience / 10)

    def _end_unwatched(self) -> None:
        now = self._clock()
        for run in self._in_state("running") + self._in_state("waiting"):
            if not run.viewers and now - run.seen > self._patience:
                run.end("Nobody watched the run any more.")
                self._changed.notify_all()
