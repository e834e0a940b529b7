"""course reset: begin an exercise anew."""

from typing import Literal

import click

from app.cli.place import classroom_of_environment, find_place, short
from app.cli.screen import Screen

ORIGINS = ("starter", "carried")


@click.command("reset")
@click.argument("exercise", required=False)
@click.option("--language", help="The language to reset.")
@click.option(
    "--from",
    "origin",
    type=click.Choice(ORIGINS),
    help="Begin from the starter, or from your last passed program of the exercise before; else it asks.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(
    exercise: str | None, language: str | None, origin: Literal["starter", "carried"] | None, yes: bool
) -> None:
    """Put the starter back into your folder of EXERCISE. Your files are kept aside, none is lost."""
    from app.learning.workspace import can_carry, exercise_folder, reset

    with classroom_of_environment() as classroom:
        screen, place = Screen(), find_place(classroom, exercise, language)
        folder = exercise_folder(classroom, place.exercise.id, place.language)
        if not yes:
            click.confirm(f"Start {place.exercise.id} again in {short(folder)}?", abort=True, default=True)
            if origin is None and can_carry(classroom, place.exercise.id, place.language):
                question = f"From the starter, or carried over from {place.exercise.starts_from}?"
                answer: str = click.prompt(question, type=click.Choice(ORIGINS), default="starter")
                origin = "carried" if answer == "carried" else "starter"
        kept = reset(classroom, place.exercise.id, place.language, origin or "starter")
        screen.pair("fresh", short(folder), style="path", width=8, indent=0)
        screen.pair("kept", short(kept), style="path", width=8, indent=0)
