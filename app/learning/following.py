"""Runs that this process does not hold: those of a terminal, and those of yesterday."""

import contextlib
import time
from collections.abc import Callable
from typing import Any

from app.errors import CourseError
from app.learning.classroom import Classroom
from app.learning.ends import ABANDONED, fault_end, fault_event
from app.learning.journal import has_journal, read_journal
from app.learning.owners import is_alive, this_process
from app.learning.running import stored_run
from app.store.rows import StoredRun

LOOK_SECONDS = 0.05
"""How often a run of another process is looked at while somebody watches it."""

NOT_KEPT = "The result of this check could not be kept. Nothing counts; check again."


def follow_stored(
    classroom: Classroom, run_id: str, number: int, timeout: float, pause: Callable[[float], object]
) -> list[dict[str, Any]]:
    """Return a run's events after `number`, waiting for one up to `timeout` seconds; NotFound if no such run.

    `pause` waits for so many seconds, or less. A run whose process is gone is closed, and ends here.
    """
    until = time.monotonic() + timeout
    while True:
        run = stored_run(classroom, run_id)
        if run.state == "finished":
            return [dict(event) for event in run.events if event["number"] > number]
        events = read_journal(classroom.settings.home, run_id, number)
        if events:
            return events
        reason = _why_lost(classroom, run)
        if reason:
            _close(classroom, run, reason)
            return [fault_event(number + 1, reason)]
        left = until - time.monotonic()
        if left <= 0:
            return []
        pause(min(left, LOOK_SECONDS))


def newest_stored(classroom: Classroom, exercise_id: str, language: str) -> str:
    """Return the id of the newest run of all checks that has begun, whatever became of it; "" if none."""
    return classroom.store.runs.newest(exercise_id, language) or ""


def _why_lost(classroom: Classroom, run: StoredRun) -> str:
    """Say why nobody will write the end of a run that is said to be going on; nothing if somebody will."""
    if not is_alive(run.owner):
        return ABANDONED
    # In this process the journal goes last, so a run without one has tried to store its end, and could not.
    if run.owner == this_process() and not has_journal(classroom.settings.home, run.id):
        return NOT_KEPT
    return ""


def _close(classroom: Classroom, run: StoredRun, reason: str) -> None:
    with contextlib.suppress(CourseError):  # the disk may still be full; whoever looks next tries again
        classroom.store.runs.finish(run.id, fault_end(run, reason, classroom.clock()))
