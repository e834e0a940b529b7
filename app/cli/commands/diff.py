"""course diff: the learner's program beside the solution."""

import sys

import click
from rich.text import Text

from app.cli.clean import one_line
from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen

STYLES = {"+": "green", "-": "red", "@": "cyan"}


@click.command("diff")
@click.argument("exercise", required=False)
@click.option("--language", help="The language to compare.")
def command(exercise: str | None, language: str | None) -> None:
    """After a pass, show how your program differs from the course's solution."""
    from app.learning.workspace import solution_diff

    with classroom_of_environment() as classroom:
        place = find_place(classroom, exercise, language)
        difference = solution_diff(classroom, place.exercise.id, place.language)
    screen = Screen()
    if not difference.strip():
        screen.say("Your program is the course's solution, word for word.")
    elif sys.stdout.isatty():
        for line in difference.splitlines():
            screen.console.print(Text(one_line(line), STYLES.get(line[:1], "")), soft_wrap=True)
    else:
        screen.exactly(difference.rstrip("\n"))
