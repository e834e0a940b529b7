"""The grader's report, read line by line: what is no event is a fault of ours and never a verdict."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from app.errors import CourseFault

OUTCOMES = ("passed", "failed", "skipped", "error")
BROKEN = "The grader's report was broken."


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


_FIELDS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "check_started": {"check": _is_text},
    "check_finished": {
        "check": _is_text,
        "outcome": lambda value: value in OUTCOMES,
        "ms": _is_time,
        "exchanges": _is_list,
        "output": _is_list,
        "traceback": _is_text,
    },
    "program_started": {"start": _is_count},
    "program_exited": {"start": _is_count},
    "program_output": {"start": _is_count, "text": _is_text, "at": _is_time},
    "process": {"start": _is_count, "root": _is_count, "isolated": lambda value: isinstance(value, bool)},
    "fault": {"message": _is_text},
}
"""What the runner itself relies on, by the kind of event; other kinds need a name and nothing else."""


def read_event(line: bytes) -> dict[str, Any]:
    """Return the event of one line; CourseFault where the line is none."""
    try:
        event = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not _is_text(event.get("event")):
        raise CourseFault(BROKEN)
    # The numbers of the stream are the runner's to give.
    wrong = ["number"] if "number" in event else []
    wrong += [name for name, fits in _FIELDS.get(event["event"], {}).items() if not fits(event.get(name))]
    if wrong:
        raise CourseFault(f"{BROKEN} ({event['event'][:40]}: {', '.join(wrong)})")
    return event


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
