"""What stands after a check run: how to repeat it, and where to go on."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.evidence import Repeat
from app.cli.group import FAILED, PASSED
from app.cli.place import Place, short
from app.cli.screen import Screen
from app.cli.steps import open_command
from app.cli.why_view import show_why
from app.learning.classroom import Classroom
from app.learning.hints import opened_hints
from app.learning.practice import curl_for
from app.learning.progress import next_step
from app.learning.why import why
from app.learning.workspace import exercise_folder


def repeat_of(classroom: Classroom, place: Place, seed: int, folder: Path | None) -> Repeat:
    """Say how a failed check is repeated."""

    def curl(exchange: Mapping[str, Any]) -> str:
        return curl_for(classroom, place.exercise.id, exchange)

    options = f" --dir {shlex.quote(str(folder))}" if folder else ""
    return Repeat(place.exercise.id, seed, options, curl)


def show_way_on(
    screen: Screen,
    classroom: Classroom,
    place: Place,
    code: int,
    events: Sequence[Mapping[str, Any]],
    *,
    folder: Path | None,
    only: str | None,
) -> None:
    """Say what to do next, by how the run ended."""
    if code == FAILED:
        found = why(classroom, events)
        if found and found.unasked:
            show_why(screen, found)
        _after_failing(screen, classroom, place, folder)
        if found and not found.unasked and only is None:
            screen.pair("course why", "says what this might be", width=12, indent=0)
    elif code == PASSED:
        _after_passing(screen, classroom, place, only)


def _after_failing(screen: Screen, classroom: Classroom, place: Place, folder: Path | None) -> None:
    """Name the file to edit and the help there is."""
    main = place.exercise.language(place.language).main
    own = (folder or exercise_folder(classroom, place.exercise.id, place.language)) / main
    screen.gap()
    screen.pair("your file", short(own), style="path", width=12, indent=0)
    opened, every = len(opened_hints(classroom, place.exercise.id)), len(place.exercise.hints)
    if opened < every:
        screen.pair("course hint", f"opens hint {opened + 1} of {every}", width=12, indent=0)


def _after_passing(screen: Screen, classroom: Classroom, place: Place, only: str | None) -> None:
    """Say what comes next."""
    screen.gap()
    if only is not None:
        screen.pair("all checks", f"course check {place.exercise.id}", style="command", width=12, indent=0)
        return
    screen.pair("compare", f"course diff {place.exercise.id}", style="command", width=12, indent=0)
    step = next_step(classroom)
    if step is None:
        screen.say("That was the last step of the course. Well done.")
        return
    screen.pair("next", f"{open_command(step)}   {step.title}", width=12, indent=0)
