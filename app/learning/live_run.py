"""One run as long as somebody may watch it."""

import threading
from typing import Any

from app.checks.cancel import Cancel
from app.learning.ends import fault_event


class LiveRun:
    """A run that was pressed for: waiting, running or finished. Guarded by the lock of LiveRuns."""

    def __init__(self, run_id: str, exercise: str, language: str, now: float, scenario: str = "") -> None:
        self.id = run_id
        self.exercise = exercise
        self.language = language
        self.scenario = scenario  # a check where it is empty
        self.state = "waiting"
        self.events: list[dict[str, Any]] = []
        self.last: dict[str, Any] | None = None
        self.cancel = Cancel()
        self.thread: threading.Thread | None = None
        self.viewers = 0
        self.seen = now

    @property
    def what(self) -> tuple[str, str]:
        """What runs here: of each one runs and one waits at a time."""
        return self.exercise, self.scenario

    def newer(self, number: int) -> list[dict[str, Any]]:
        """Return the events after `number`."""
        return [event for event in self.events if event["number"] > number]

    def finish(self, event: dict[str, Any]) -> None:
        """Add the last event."""
        self.events.append(event)
        self.state = "finished"

    def end(self, reason: str) -> None:
        """End it early; one that waits is over at once, one that runs when its programs are gone."""
        self.cancel.end(reason)
        if self.state == "waiting":
            self.finish(fault_event(1, reason, "cancelled"))

    def replace(self, by: str) -> None:
        """End a waiting run because of a newer press."""
        event = fault_event(1, "A newer press took its place.", "replaced")
        self.finish({**event, "by": by})
