"""The verdict of a run, from the declared list of checks and nothing else."""

from typing import Any

PASSED, FAILED, COURSE_FAULT = "passed", "failed", "course_fault"
OUTCOMES = ("passed", "failed", "skipped", "error")
_INTERNAL = frozenset({"process", "grader_finished", "fault"})


class Tally:
    """Takes a run's events: passed if and only if each declared check was reported exactly once as passed."""

    def __init__(self, declared: tuple[str, ...]):
        self._declared = declared
        self._outcomes: dict[str, list[str]] = {}
        self._complete = False
        self._fault = ""

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

    @property
    def reason(self) -> str:
        """Why the run is a fault of the course, or nothing."""
        if self._fault or self._complete:
            return self._fault
        return "The grader ended before its report was complete."

    def verdict(self) -> str:
        """Return passed, failed or course_fault."""
        if self.reason:
            return COURSE_FAULT
        reported = sorted(self._outcomes) == sorted(self._declared)
        good = all(outcomes == [PASSED] for outcomes in self._outcomes.values())
        return PASSED if reported and good and self._declared else FAILED

    def counts(self) -> dict[str, int]:
        """Count the declared checks by outcome; one that was not reported counts as skipped."""
        last = [self._outcomes.get(check, ["skipped"])[-1] for check in self._declared]
        return {outcome: last.count(outcome) for outcome in OUTCOMES}
