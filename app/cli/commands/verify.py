"""course verify: prove that each exercise judges rightly."""

import click

from app.cli.group import FAILED, PASSED
from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen
from app.learning.classroom import Classroom


@click.command("verify")
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Run each solution so often, each time with other inputs.",
)
@click.option(
    "--only",
    type=click.Choice(["starter", "solution", "mutant"]),
    help="Try programs of one kind alone.",
)
@click.pass_context
def command(context: click.Context, exercises: tuple[str, ...], runs: int, only: str | None) -> None:
    """Prove of each EXERCISE, else of all: starters fail, solutions pass, mutants are caught.

    Exit code: 0 without a finding, else 1.
    """
    from app.cli.verify_view import VerifyView
    from app.learning.verify import verify

    with classroom_of_environment() as classroom:
        named = [find_place(classroom, exercise).exercise.id for exercise in exercises]
        ids = named or [exercise.id for exercise in classroom.course.exercises]
        view = VerifyView(Screen())
        with view.screen.clearing():
            for language in _languages(classroom, ids):
                classroom.runner.make_ready(language, view.screen.progress)
            findings = verify(classroom, ids, view.report, runs_of_solution=runs, only=only or "")
        view.conclude(findings)
    context.exit(FAILED if findings else PASSED)


def _languages(classroom: Classroom, ids: list[str]) -> list[str]:
    """Return the languages of the exercises, each once."""
    offered = [language.name for name in ids for language in classroom.exercise(name).languages]
    return list(dict.fromkeys(offered))
