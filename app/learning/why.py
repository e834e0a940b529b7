"""The stories to offer after a failed run ("What might this be?"), and whether to offer them unasked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.learning.classroom import Classroom
from app.learning.diagnosis import Guess, Shown, guesses, shown_by
from app.store.rows import JUDGED

if TYPE_CHECKING:
    from app.content.course import Exercise, Mutant

MOST = 3
"""So many stories are offered; more would be a list to search through."""

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Why:
    """What a probe found, how sure the rest is, and the stories; `unasked` from the second failure on.

    `probe` is empty where no probe told anything, `lead` where there is no story.
    """

    probe: str
    lead: str
    stories: tuple[str, ...]
    unasked: bool


def why(classroom: Classroom, events: Iterable[Event]) -> Why | None:
    """Return what a finished run looks like; None if it did not fail, or looks like nothing that is known."""
    events = list(events)
    if not events or events[-1].get("verdict") != "failed":
        return None
    started = next(event for event in events if event["event"] == "run_started")
    exercise = classroom.exercise(started["exercise"])
    shown = shown_by(events)
    probe = told_by_probe(events)
    offered = _offered(guesses(shown, table_for(exercise, started["language"])))
    if probe and offered and not offered[0].is_exact:
        offered = ()  # what the probe found is surer than a story that only looks alike
    if not offered and not probe:
        return None
    stories = tuple(guess.story for guess in offered)
    unasked = failures_before(classroom, exercise.id, started["run"]) > 0
    return Why(probe, _lead(shown, offered) if offered else "", stories, unasked)


def told_by_probe(events: Iterable[Event]) -> str:
    """Say which wrong way to sign the program accepts, and what it probably does; nothing where none was."""
    for event in events:
        if event["event"] == "probe_finished" and event["accepted"]:
            return (
                f"A delivery with the right signature was refused, and taken as genuine when it was signed "
                f"{event['words']}. So your program probably {event['means']}."
            )
    return ""


def table_for(exercise: "Exercise", language: str) -> Sequence["Mutant"]:
    """Return the known mistakes in a language; where there are none yet, those in another one."""
    own = exercise.mutants.get(language)
    return own or next((table for table in exercise.mutants.values() if table), ())


def failures_before(classroom: Classroom, exercise_id: str, run_id: str) -> int:
    """Count the runs of this exercise that failed in a row just before this one."""
    failed = 0
    for run in classroom.store.runs.summaries():
        if run.id == run_id:
            break
        if run.exercise == exercise_id and run.verdict in JUDGED:
            failed = failed + 1 if run.verdict == "failed" else 0
    return failed


def _offered(found: Sequence[Guess]) -> Sequence[Guess]:
    """Keep the best exact matches where there are any, else the most alike; never a long list."""
    if found and found[0].is_exact:
        found = found[: found[0].rivals + 1]
    return found[:MOST]


def _lead(shown: Shown, offered: Sequence[Guess]) -> str:
    """Say how sure it is."""
    first = offered[0]
    if first.is_exact and not first.rivals:
        return "Every result of this run is as with one known mistake. That makes it likely, not certain."
    if first.is_exact:
        return (
            f"Every result of this run is as with {first.rivals + 1} known mistakes: it may be one of them."
        )
    several = "known mistakes, the most alike first" if len(offered) > 1 else "a known mistake"
    if not shown.is_whole:
        return f"Not every check was judged. Those that were look like {several}. It may be something else."
    return f"This looks like {several}, but not every result agrees. It may be something else."
