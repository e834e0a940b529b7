"""course hint: one more hint."""

from typing import TYPE_CHECKING

import click

from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.content.course import Exercise


@click.command("hint")
@click.argument("exercise", required=False)
@click.option("--opened", is_flag=True, help="Show the hints that are open and open no other.")
def command(exercise: str | None, opened: bool) -> None:
    """Open the next hint of EXERCISE; the earlier ones stand above it."""
    from app.learning.hints import open_hint

    with classroom_of_environment() as classroom:
        screen, place = Screen(), find_place(classroom, exercise)
        fresh = None if opened else open_hint(classroom, place.exercise.id)
        show_hints(screen, classroom, place.exercise, is_last=fresh is None and not opened)


def show_hints(screen: Screen, classroom: Classroom, exercise: "Exercise", *, is_last: bool) -> None:
    """Write the hints that are open; `is_last` when another one was asked for and there is none."""
    from app.cli.reading import Reader
    from app.learning.hints import opened_hints

    hints, every = opened_hints(classroom, exercise.id), len(exercise.hints)
    screen.title(exercise.title, f"{len(hints)} of {every} hints open")
    reader = Reader(screen)
    for number, hint in enumerate(hints, start=1):
        reader.read(f"**Hint {number}.** {hint}")
    if is_last:
        screen.gap()
        screen.say(("There are no more hints.", "quiet"))
        screen.pair("read again", f"course show {exercise.lesson}", style="command", width=12)
