"""course verify: prove that each exercise judges rightly."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from app.cli.group import FAILED, PASSED
from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.learning.verify import Tried


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
    type=click.Choice(["starter", "solution", "mutant", "scenario"]),
    help="Try programs of one kind alone.",
)
@click.option(
    "--both-ways", is_flag=True, help="Run each in a slot that waits and by ordinary starts: alike?"
)
@click.option("--diagnosis", is_flag=True, help="Try the mutants alone, and measure how well each is told.")
@click.pass_context
def command(
    context: click.Context,
    exercises: tuple[str, ...],
    runs: int,
    only: str | None,
    both_ways: bool,
    diagnosis: bool,
) -> None:
    """Prove of each EXERCISE, else of all: starters fail, solutions pass, mutants are caught.

    Exit code: 0 without a finding, else 1.
    """
    from app.cli.verify_view import VerifyView
    from app.learning.verify import Tried, verify

    with classroom_of_environment() as classroom:
        named = [find_place(classroom, exercise).exercise.id for exercise in exercises]
        ids = named or [exercise.id for exercise in classroom.course.exercises]
        view, mutants = VerifyView(Screen()), list[Tried]()

        def report(tried: Tried) -> None:
            view.report(tried)
            if diagnosis:
                mutants.append(tried)

        with view.screen.clearing():
            for language in _languages(classroom, ids):
                classroom.runner.make_ready(language, view.screen.progress)
            kind = "mutant" if diagnosis else only or ""
            findings = verify(classroom, ids, report, runs_of_solution=runs, only=kind, both_ways=both_ways)
        view.conclude(findings)
        if diagnosis:
            _show_measure(view.screen, mutants)
    context.exit(FAILED if findings else PASSED)


def _languages(classroom: Classroom, ids: list[str]) -> list[str]:
    """Return the languages of the exercises, each once."""
    offered = [language.name for name in ids for language in classroom.exercise(name).languages]
    return list(dict.fromkeys(offered))


def _show_measure(screen: Screen, mutants: Sequence["Tried"]) -> None:
    from app.cli.measure_view import show_measure
    from app.learning.measure import diagnosed

    results = [
        result
        for tried in mutants
        for result in diagnosed(
            tried.trial.exercise, tried.trial.language, tried.trial.name, tried.result.events
        )
    ]
    show_measure(screen, results)
