"""course check: judge the learner's program.

The grader takes longest to start, so it is started first; everything else is imported while it gets
ready, and the database while it works.
"""

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.checking import CheckOrder, show_check
from app.cli.interrupt import stopping_on_interrupt
from app.cli.place import Place, classroom_of_environment, find_place, likely_language, one_of
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.checks.slot import Slot


@click.command("check")
@click.argument("exercise", required=False)
@click.option("--language", help="The language to check; it is remembered.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Check this folder instead of your own.",
)
@click.option("--only", metavar="CHECK", help="Run one check alone.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Repeat the inputs of an earlier run.")
@click.option("--json", "as_json", is_flag=True, help="Print the event stream, one JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    exercise: str | None,
    language: str | None,
    folder: Path | None,
    only: str | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Check your program against every requirement of EXERCISE.

    EXERCISE is an id or a path; without it, the exercise of the current folder or the current one.
    Exit code: 0 passed, 1 failed, 2 wrong usage, 3 a fault of the course.
    """
    with classroom_of_environment() as classroom, contextlib.ExitStack() as stack:
        slot = _early_slot(classroom, likely_language(classroom.settings, exercise, language), stack)
        place = find_place(classroom, exercise, language)
        if only is not None:
            one_of("check", only, [check.id for check in place.exercise.checks])
        order = CheckOrder(classroom, place, folder, only, seed, slot)
        code = _print_events(order) if as_json else _show(order)
        if language is not None:
            _remember(classroom, place)
        context.exit(code)


def _early_slot(classroom: Classroom, language: str, stack: contextlib.ExitStack) -> "Slot | None":
    """Start the grader for the language that it will probably be; another one gets a grader of its own."""
    from app.checks.toolchains import LANGUAGES

    if language not in LANGUAGES or not classroom.runner.is_ready(language):
        return None
    return stack.enter_context(contextlib.closing(classroom.runner.prepare(language)))


def _print_events(order: CheckOrder) -> int:
    with stopping_on_interrupt() as stop:
        return order.run(lambda event: click.echo(json.dumps(event)), stop)


def _show(order: CheckOrder) -> int:
    from app.cli.check_view import CheckView
    from app.cli.screen import Screen

    exercise = order.place.exercise
    with stopping_on_interrupt() as stop:
        return show_check(order, CheckView(Screen(), exercise.title, exercise.tasks), stop)


def _remember(classroom: Classroom, place: Place) -> None:
    from app.learning.progress import remember_language

    remember_language(classroom, place.exercise.id, place.language)
