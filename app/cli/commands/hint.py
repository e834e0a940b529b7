"""course hint: one more hint."""

import click

from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen


@click.command("hint")
@click.argument("exercise", required=False)
@click.option("--opened", is_flag=True, help="Show the hints that are open and open no other.")
def command(exercise: str | None, opened: bool) -> None:
    """Open the next hint of EXERCISE; the earlier ones stand above it."""
    from app.cli.reading import Reader
    from app.learning.hints import open_hint, opened_hints

    with classroom_of_environment() as classroom:
        screen, place = Screen(), find_place(classroom, exercise)
        fresh = None if opened else open_hint(classroom, place.exercise.id)
        hints, every = opened_hints(classroom, place.exercise.id), len(place.exercise.hints)
        screen.title(place.exercise.title, f"{len(hints)} of {every} hints open")
        reader = Reader(screen)
        for number, hint in enumerate(hints, start=1):
            reader.read(f"**Hint {number}.** {hint}")
        if fresh is None and not opened:
            screen.gap()
            screen.say(("There are no more hints.", "quiet"))
            screen.pair("read again", f"course show {place.exercise.lesson}", style="command", width=12)
