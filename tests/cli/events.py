"""Events of a check run as the runner reports them, for tests of what is shown."""

from typing import Any

Event = dict[str, Any]


def started(*checks: str, level: str = "isolated") -> Event:
    """The first event of a run."""
    declared = [{"id": check, "title": f"Title of {check}", "task": 1} for check in checks]
    return {
        "event": "run_started",
        "run": "r1",
        "exercise": "greet",
        "language": "python",
        "level": level,
        "seed": 7,
        "checks": declared,
    }


def body(text: str) -> Event:
    """A recorded body."""
    return {"text": text, "base64": "", "size": len(text), "truncated": False}


def exchange(*, status: int = 500, text: str = "{}") -> Event:
    """One delivery and its answer."""
    return {
        "from": "provider",
        "to": "program",
        "start": 1.0,
        "end": 4.0,
        "request": {
            "method": "POST",
            "target": "/webhook",
            "headers": [["Content-Type", "application/json"]],
            "body": body('{"id":"evt_1"}'),
        },
        "response": {
            "status": status,
            "reason": "Because",
            "headers": [["Server", "Mine"]],
            "body": body(text),
        },
        "ended": "answered",
        "signature": None,
    }


def finished(check: str, outcome: str = "failed", **changes: Any) -> Event:
    """The end of one check."""
    failed = {
        "rationale": "It has to be so.",
        "expected": "any 2xx",
        "actual": "HTTP 500",
        "help": "Look at the route.",
        "lesson": "basics",
    }
    return {
        "event": "check_finished",
        "check": check,
        "title": f"Title of {check}",
        "outcome": outcome,
        "ms": 12.0,
        "cause": failed if outcome == "failed" else None,
        "exchanges": [exchange()] if outcome == "failed" else [],
        "output": [],
        "traceback": "",
        **changes,
    }


def ended(verdict: str, **counts: int) -> Event:
    """The last event of a run."""
    whole = {"passed": 0, "failed": 0, "skipped": 0, "error": 0, **counts}
    return {"event": "run_finished", "verdict": verdict, "counts": whole, "ms": 1234.0, "reason": ""}


def output(text: str, stream: str = "stdout") -> Event:
    """A piece of what the program printed."""
    return {"start": 1, "stream": stream, "text": text, "at": 1.0}
