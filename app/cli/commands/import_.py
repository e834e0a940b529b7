"""course import: quizzes of other formats as files of ours."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.group import FAILED, PASSED
from app.cli.place import short
from app.cli.quiz_files import text_of
from app.config import read_settings
from app.errors import UsageError

if TYPE_CHECKING:
    from app.content.problems import Problem

_output = click.option(
    "--output", "named", metavar="QUIZ", required=True, help="The quiz to write: an id, or a new file."
)
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("import")
def command() -> None:
    """Write a quiz of another format as a file of ours, whole or not at all."""


@command.command("quizdown")
@_file
@_output
@click.pass_context
def quizdown(context: click.Context, file: Path, named: str) -> None:
    """Import FILE: bare quizdown, or a Markdown page that holds it in shortcodes.

    What can't be kept is reported with its line. Exit code: 1 where nothing was written, else 0.
    """
    from app.content.quizdown_import import import_quizdown, told

    output = _new_file(named)
    done = import_quizdown(text_of(file), file.name, output)
    for line in told(done.report):
        click.echo(line, err=True)
    _conclude(context, done.errors, _count(done.questions), output)


@command.command("json")
@_file
@_output
@click.pass_context
def from_json(context: click.Context, file: Path, named: str) -> None:
    """Import FILE, which `course export json` wrote."""
    from app.content.quiz_json import import_json

    output = _new_file(named)
    problems = import_json(text_of(file), file.name, output)
    _conclude(context, [each for each in problems if each.level == "error"], "the quiz", output)


def _new_file(named: str) -> Path:
    """Find where to write; a file that is there is never written over."""
    from app.content.loader import find_content, folder_to_write

    file = Path(named)
    if file.suffix != ".yaml":
        root = folder_to_write(find_content(read_settings(os.environ).content))
        if root is None or file.name != named:
            raise UsageError(f"{named} is no quiz file.", "Name a new file that ends in .yaml.")
        file = root / "quizzes" / f"{named}.yaml"
    if file.exists():
        raise UsageError(f"{short(file)} exists already.", "Remove it first, or name another quiz.")
    return file


def _conclude(context: click.Context, errors: Sequence["Problem"], what: str, output: Path) -> None:
    for problem in errors:
        click.echo(str(problem), err=True)
    if errors:
        click.echo("Nothing was written.", err=True)
        context.exit(FAILED)
    from app.content.schema import put_schema

    put_schema(output.parent)  # the file's first line names it
    click.echo(f"{what} written to {short(output)}")
    click.echo(f"Look at it next: course lint {output}")
    context.exit(PASSED)


def _count(questions: int) -> str:
    return "1 question" if questions == 1 else f"{questions} questions"
