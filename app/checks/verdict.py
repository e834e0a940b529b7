"""The verdict of a run, from the declared list of checks and nothing else."""

from typing import Any

from app.checks.report import OUTCOMES

PASSED, FAILED, COURSE_FAULT, CANCELLED = "passed", "failed", "course_fault", "cancelled"
PLAYED = "played"
"""How a scenario ends, which judges nothing."""

_INTERNAL = frozenset({"process", "grader_finished", "fault"})


class Tally:
    """Takes a run's events: passed if and only if each declared check was reported exactly once as passed."""

    def __init__(self, declared: tuple[str, ...], judged: bool = True):
        self._declared = declared
        self._judged = judged
        self._outcomes: dict[str, list[str]] = {}
        self._complete = False
        self._fault = ""
        self._cancelled = ""

    def take(self, event: dict[str, Any]) -> bool:
        """Count one event; returns whether it is one for the learner."""
        kind = event.get("event")
        if kind == "check_finished":
            self._outcomes.setdefault(str(event["check"]), []).append(str(event["outcome"]))
        elif kind == "fault":
            self.fault(str(event["message"]))
        elif kind == "grader_finished":
            self._complete = True
        return kind not in _INTERNAL

    def fault(self, message: str) -> None:
        """Note a fault of the course; the first one counts."""
        self._fault = self._fault or message

    def cancel(self, reason: str) -> None:
        """Note that the run was ended early; a report that is complete by then still counts."""
        self._cancelled = "" if self._complete else reason

    @property
    def is_complete(self) -> bool:
        """Whether the report came to its end, before which the grader ends every program."""
        return self._complete

    @property
    def reason(self) -> str:
        """Why the run counts for nothing, or nothing."""
        known = self._cancelled or self._fault
        return known if known or self._complete else "The grader ended before its report was complete."

    def verdict(self) -> str:
        """Return passed, failed, course_fault or cancelled; played where nothing is judged."""
        if self._cancelled:
            return CANCELLED
        if self.reason:
            return COURSE_FAULT
        if not self._judged:
            return PLAYED
        reported = sorted(self._outcomes) == sorted(self._declared)
        good = all(outcomes == [PASSED] for outcomes in self._outcomes.values())
        return PASSED if reported and good and self._declared else FAILED

    def counts(self) -> dict[str, int]:
        """Count the declared checks by outcome; one that was not reported counts as skipped."""
        last = [self._outcomes.get(check, ["skipped"])[-1] for check in self._declared]
        return {outcome: last.count(outcome) for outcome in OUTCOMES}
