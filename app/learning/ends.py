"""How runs end in the store: by a result, or by a fault of the course."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.learning.owners import is_alive
from app.store.rows import CheckResult, RunEnd, StoredRun

if TYPE_CHECKING:
    from app.checks.runner import RunResult
    from app.store.store import Store

ABANDONED = "The course was ended while this check ran. Nothing counts; check again."


def end_of(result: "RunResult", at: datetime, only: str | None) -> RunEnd:
    """Return what is stored of a result; the files of a full pass are kept for the next exercise."""
    keep = result.verdict == "passed" and only is None
    return RunEnd(
        verdict=result.verdict,
        counts=result.counts,
        reason=result.reason,
        ms=result.ms,
        level=result.level,
        code_hash=result.code_hash,
        finished_at=at.isoformat(),
        events=tuple(result.events),
        results=_results(result.events),
        files=result.files if keep else None,
    )


def fault_end(run: StoredRun, reason: str, at: datetime, verdict: str = "course_fault") -> RunEnd:
    """Return the end of a run that has no result: the course could not finish it, or it was cancelled."""
    return RunEnd(
        verdict=verdict,
        counts=_NOTHING,
        reason=reason,
        ms=None,
        level=run.level,
        code_hash=run.code_hash,
        finished_at=at.isoformat(),
        events=fault_events(run, reason, verdict),
    )


def fault_events(run: StoredRun, reason: str, verdict: str = "course_fault") -> tuple[dict[str, Any], ...]:
    """Return a whole stream that says why there is no result."""
    started = {
        "event": "run_started",
        "number": 1,
        "run": run.id,
        "exercise": run.exercise,
        "language": run.language,
        "level": run.level,
        "seed": run.seed,
        "checks": [],
    }
    return (started, fault_event(2, reason, verdict))


def fault_event(number: int, reason: str, verdict: str = "course_fault") -> dict[str, Any]:
    """Return the last event of a run that has no result."""
    head = {"event": "run_finished", "number": number, "verdict": verdict}
    return {**head, "counts": dict(_NOTHING), "ms": None, "reason": reason}


def close_abandoned(store: "Store", now: datetime) -> int:
    """End the runs whose process is dead; return how many."""
    return store.runs.close_abandoned(is_alive, lambda run: fault_end(run, ABANDONED, now))


_NOTHING: Mapping[str, int] = {"passed": 0, "failed": 0, "skipped": 0, "error": 0}


def _results(events: Iterable[Mapping[str, Any]]) -> tuple[CheckResult, ...]:
    finished = [event for event in events if event.get("event") == "check_finished"]
    return tuple(
        CheckResult(place, event["check"], event["outcome"], event.get("ms"))
        for place, event in enumerate(finished, 1)
    )
