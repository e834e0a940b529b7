"""course verify: prove that each exercise judges rightly, and that questions say what their code prints."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.group import FAILED, PASSED
from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.learning.verify import Tried
    from app.quiz.types import Quiz


@click.command("verify")
@click.argument("named", metavar="[EXERCISE | QUIZ]...", nargs=-1)
@click.option(
    "--runs",
    type=click.IntRange(min=1),
    help="Run each solution so often, each time with other inputs. [default: the first 3 times, others once]",
)
@click.option(
    "--only",
    type=click.Choice(["starter", "solution", "mutant", "scenario", "question"]),
    help="Try programs of one kind alone.",
)
@click.option(
    "--both-ways", is_flag=True, help="Run each in a slot that waits and by ordinary starts: alike?"
)
@click.option("--diagnosis", is_flag=True, help="Try the mutants alone, and measure how well each is told.")
@click.pass_context
def command(
    context: click.Context,
    named: tuple[str, ...],
    runs: int | None,
    only: str | None,
    both_ways: bool,
    diagnosis: bool,
) -> None:
    """Prove of each EXERCISE, else of all: starters fail, solutions pass, mutants are caught.

    And of each QUIZ, else of all: what a predict_output question says is what its code prints.

    Exit code: 0 without a finding, else 1.
    """
    from app.cli.verify_view import VerifyView
    from app.learning.verify import Tried, verify
    from app.learning.verify_quizzes import languages_of, verify_quizzes

    with classroom_of_environment() as classroom:
        quizzes = [quiz for quiz in classroom.course.quizzes if not named or _names(named, quiz)]
        others = [name for name in named if not any(_names([name], quiz) for quiz in quizzes)]
        ids = [find_place(classroom, name).exercise.id for name in others]
        ids = ids if named else [exercise.id for exercise in classroom.course.exercises]
        asked = quizzes if only in (None, "question") and not (both_ways or diagnosis) else []
        view, mutants = VerifyView(Screen()), list[Tried]()

        def report(tried: Tried) -> None:
            view.report(tried)
            if diagnosis:
                mutants.append(tried)

        with view.screen.clearing():
            for language in (*_languages(classroom, ids), *languages_of(asked)):
                classroom.runner.make_ready(language, view.screen.progress)
            kind = "mutant" if diagnosis else only or ""
            findings = verify(classroom, ids, report, runs_of_solution=runs, only=kind, both_ways=both_ways)
            wrong = verify_quizzes(classroom, asked, view.question)
        view.conclude(findings, wrong)
        if diagnosis:
            _show_measure(view.screen, mutants)
    context.exit(FAILED if findings or wrong else PASSED)


def _names(named: Sequence[str], quiz: "Quiz") -> bool:
    return any(name == quiz.id or Path(name).resolve() == quiz.path.resolve() for name in named)


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
