"""course export: a quiz as JSON or as CSV."""

from collections.abc import Iterable
from pathlib import Path

import click

from app.cli.quiz_files import readable_quiz, text_of
from app.errors import ContentError


@click.group("export")
def command() -> None:
    """Print a quiz in another format."""


@command.command("json")
@click.argument("quiz", metavar="QUIZ")
def to_json(quiz: str) -> None:
    """Print QUIZ (an id or a file) as JSON, from which `course import json` makes the same quiz again."""
    from app.content.quiz_file import read_shapes
    from app.content.quiz_json import export_json

    file, text = _text(quiz)
    read = read_shapes(text, file, file.name)
    if read.shape is None:
        raise _mistakes(file.name, read.problems)
    click.echo(export_json(read), nl=False)


@command.command("csv")
@click.argument("quiz", metavar="QUIZ")
def to_csv(quiz: str) -> None:
    """Print QUIZ (an id or a file) as CSV, a row for each choice; what CSV can't hold is said."""
    from app.content.quiz_csv import export_csv
    from app.content.quiz_file import read_quiz_text

    file, text = _text(quiz)
    read, problems, _ = read_quiz_text(text, file, file.name)
    if read is None:
        raise _mistakes(file.name, problems)
    table, lost = export_csv(read)
    click.echo(table, nl=False)
    for line in lost:
        click.echo(f"{file.name}: {line}", err=True)


def _text(named: str) -> tuple[Path, str]:
    file = readable_quiz(named)
    return file, text_of(file)


def _mistakes(name: str, problems: Iterable[object]) -> ContentError:
    errors = [problem for problem in problems if getattr(problem, "level", "") == "error"]
    return ContentError(
        f"{name} has mistakes, so it was not exported:", "Correct them first.", problems=errors
    )
