"""The life of each program in words: what the check did to it, how it ended, and what came of that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.learning.diagram_parts import Life

Data = Mapping[str, Any]


def with_ends(steps: Sequence[Data], exchanges: Iterable[Data]) -> list[Data]:
    """Date a program's unexpected end no later than the first connection that nobody accepted.

    The end is seen some milliseconds after it happened; a refused connection proves that it had.
    """
    refused = [(each["to"], float(each["start"])) for each in exchanges if each["ended"] == "refused"]
    found: list[Data] = []
    for step in steps:
        if _is_unexpected(step):
            since = max((each["at"] for each in found if each["program"] == step["program"]), default=0.0)
            moments = [at for program, at in refused if program == step["program"] and at > since]
            step = {**step, "at": min([step["at"], *moments])}
        found.append(step)
    return found


def cut_off(exchanges: Iterable[Data], steps: Sequence[Data]) -> list[Data]:
    """Let no connection that a program's unexpected end closed be drawn before that end: `not_before`.

    A process that ends closes its connections, and is seen to have ended a little later; how much, is chance.
    """
    found = list(exchanges)
    for end in (step for step in steps if _is_unexpected(step)):
        began = max((at for at in _starts(steps, end) if at <= end["at"]), default=0.0)
        asked = [each for each in found if each["to"] == end["program"] and each["start"] >= began]
        # What was lost before a request came that got an answer, the program had closed itself.
        alive = max((float(each["start"]) for each in asked if each["response"] is not None), default=0.0)
        lost = {id(each) for each in asked if each["ended"] == "closed" and alive <= each["end"] < end["at"]}
        found = [{**each, "not_before": end["at"]} if id(each) in lost else each for each in found]
    return found


def before_ends(output: Iterable[Data], steps: Iterable[Data]) -> list[Data]:
    """Let nothing that a program printed be drawn after its end: what it wrote is read a little later."""
    ends = {_life(step): step["at"] for step in steps if _is_unexpected(step)}
    return [{**entry, "at": min(entry["at"], ends.get(_life(entry), entry["at"]))} for entry in output]


def _is_unexpected(step: Data) -> bool:
    return bool(step["what"] == "ended" and not step.get("expected"))


def _starts(steps: Iterable[Data], of: Data) -> list[float]:
    return [each["at"] for each in steps if each["what"] == "started" and each["program"] == of["program"]]


def _life(entry: Data) -> tuple[object, object]:
    return entry.get("program", "program"), entry.get("start")


def read_lives(steps: Sequence[Data], lanes: Mapping[str, int], who: str = "the check") -> Iterable[Life]:
    """Say what happened to the programs, and `who` did it; what only follows from a step is told with it."""
    for place, step in enumerate(steps):
        words = _words(step, [later for later in steps[place + 1 :] if _same_life(step, later)], who)
        told_before = step["what"] == "ready" or (step["what"] == "ended" and _was_ended(steps[:place], step))
        if words and not told_before:
            yield Life(step["at"], lanes[step["program"]], step["what"], words)


def _same_life(step: Data, other: Data) -> bool:
    return bool(step["program"] == other["program"] and step.get("start") == other.get("start"))


def _was_ended(before: Iterable[Data], step: Data) -> bool:
    return any(earlier["what"] in ("killed", "stopped") and _same_life(step, earlier) for earlier in before)


def _words(step: Data, later: Sequence[Data], who: str) -> str:
    """Say one step in a few words; `later` is what became of the same start."""
    what, point = step["what"], step.get("point", "")
    if what == "started":
        return "started" + _after(step, later, "ready", ", accepts connections after")
    if what == "stopped":
        return "asked to end (SIGTERM)" + _after(step, later, "ended", ", ended after")
    if what == "ended":
        return str(step.get("sentence") or "ended")
    return {
        "killed": f"killed by {who} (SIGKILL)",
        "held": f"held by {who} at {point}",
        "released": f"let go on from {point}",
        "armed": f"{who} makes {point} fail once",
    }.get(what, str(what))


def _after(step: Data, later: Sequence[Data], what: str, words: str) -> str:
    follow = next((each for each in later if each["what"] == what), None)
    if follow is None or any(each["what"] == "killed" for each in later[: later.index(follow)]):
        return ""
    return f"{words} {follow['at'] - step['at']:.0f} ms"
