"""Rows for tests; every argument has a value that is good enough."""

from typing import Any

from app.store.rows import AnswerRow, AttemptRow, CheckResult, RescoringRow, RevisionRow, RunEnd, RunStart


def start(run: str = "run-1", **changes: Any) -> RunStart:
    """A run that begins."""
    facts = {
        "id": run,
        "exercise": "first-endpoint",
        "language": "python",
        "folder": "/home/somebody",
        "only": None,
        "seed": 7,
        "owner": "host/1/2",
        "started_at": "2026-01-01T00:00:00.000000+00:00",
    }
    return RunStart(**{**facts, **changes})


def end(verdict: str = "passed", **changes: Any) -> RunEnd:
    """The end of a run."""
    facts: dict[str, Any] = {
        "verdict": verdict,
        "counts": {"passed": 2, "failed": 0, "skipped": 0, "error": 0},
        "reason": "",
        "ms": 12.5,
        "level": "isolated",
        "code_hash": "abc",
        "finished_at": "2026-01-01T00:00:01.000000+00:00",
        "events": ({"event": "run_finished", "number": 1, "verdict": verdict},),
        "results": (CheckResult(1, "a", "passed", 1.25), CheckResult(2, "b", "passed", None)),
        "files": {"receiver.py": "cHJpbnQoKQ=="} if verdict == "passed" else None,
    }
    return RunEnd(**{**facts, **changes})


def attempt(attempt_id: str = "attempt-1", **changes: Any) -> AttemptRow:
    """An attempt at a quiz."""
    facts: dict[str, Any] = {
        "id": attempt_id,
        "quiz": "one-delivery",
        "seed": "3",
        "questions": ("q1", "q2"),
        "created_at": "2026-01-01T00:00:00.000000+00:00",
    }
    return AttemptRow(**{**facts, **changes})


def revision(question: str = "q1", **changes: Any) -> RevisionRow:
    """A question as it stood."""
    facts: dict[str, Any] = {"question": question, "key_hash": "k1", "text_hash": "t1", "body": {"stem": "?"}}
    return RevisionRow(**{**facts, **changes})


def answer(question: str = "q1", **changes: Any) -> AnswerRow:
    """An answer to a question."""
    facts: dict[str, Any] = {
        "attempt": "attempt-1",
        "question": question,
        "try_number": 1,
        "chosen": ("b",),
        "shown": ("b", "a", "c"),
        "key_hash": "k1",
        "text_hash": "t1",
        "hints_seen": 1,
        "seconds": 4.5,
        "score": 1.0,
        "correct": True,
        "rule": "single_choice",
        "answered_at": "2026-01-01T00:00:04.000000+00:00",
    }
    return AnswerRow(**{**facts, **changes})


def rescoring(question: str = "q1", **changes: Any) -> RescoringRow:
    """What an answer is worth by a later key."""
    facts: dict[str, Any] = {
        "attempt": "attempt-1",
        "question": question,
        "try_number": 1,
        "number": 1,
        "key_hash": "k2",
        "text_hash": "t1",
        "score": 1.0,
        "correct": True,
        "rule": "all_or_nothing",
        "at": "2026-02-01T00:00:00.000000+00:00",
    }
    return RescoringRow(**{**facts, **changes})
