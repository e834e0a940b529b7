"""course check: judge the learner's program.

The grader takes longest to start, so it is started first; everything else is imported while it gets
ready, and the database while it works.
"""

import contextlib
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.group import COURSE_FAULT, FAILED, INTERRUPTED, PASSED
from app.cli.interrupt import stopping_on_interrupt
from app.cli.place import Place, classroom_of_environment, find_place, one_of
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.checks.slot import Slot
    from app.learning.running import Report

EXIT_CODES = {"passed": PASSED, "failed": FAILED, "course_fault": COURSE_FAULT}


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
    with classroom_of_environment() as classroom, contextlib.closing(classroom.runner.prepare()) as slot:
        place = find_place(classroom, exercise, language)
        if only is not None:
            one_of("check", only, [check.id for check in place.exercise.checks])
        order = _Order(classroom, place, folder, only, seed, slot)
        code = _print_events(order) if as_json else _show(order)
        if language is not None:
            _remember(classroom, place)
        context.exit(code)


@dataclass(frozen=True)
class _Order:
    classroom: Classroom
    place: Place
    folder: Path | None
    only: str | None
    seed: int | None
    slot: "Slot"

    def run(self, report: "Report", stop: threading.Event) -> int:
        """Run the check and return the exit code; `stop` ends it early."""
        from app.learning import running

        result = running.check(
            self.classroom,
            self.place.exercise.id,
            self.place.language,
            folder=self.folder,
            only=self.only,
            seed=self.seed,
            report=report,
            cancel=stop,
            slot=self.slot,
        )
        return INTERRUPTED if stop.is_set() else EXIT_CODES[result.verdict]


def _print_events(order: _Order) -> int:
    with stopping_on_interrupt() as stop:
        return order.run(lambda event: click.echo(json.dumps(event)), stop)


def _show(order: _Order) -> int:
    from app.cli.after_check import repeat_of, show_way_on
    from app.cli.check_view import CheckView
    from app.cli.screen import Screen

    classroom, place, screen = order.classroom, order.place, Screen()
    view = CheckView(screen, place.exercise.title, place.exercise.tasks)
    with screen.clearing(), stopping_on_interrupt() as stop:

        def report(event: dict[str, Any]) -> None:
            # The verdict is shown before the run is stored, which may have to wait for the database.
            view.report(event)
            if event["event"] == "run_finished" and not stop.is_set():
                view.show_evidence(repeat_of(classroom, place, view.seed, order.folder))
                view.show_summary()

        code = order.run(report, stop)
    if code == INTERRUPTED:
        screen.say("Stopped. This run does not count.")
    else:
        show_way_on(screen, classroom, place, code, folder=order.folder, only=order.only)
    return code


def _remember(classroom: Classroom, place: Place) -> None:
    from app.learning.progress import remember_language

    remember_language(classroom, place.exercise.id, place.language)
