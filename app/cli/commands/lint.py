"""course lint: mistakes in lessons, exercises and quizzes."""

import os
from pathlib import Path

import click

from app.cli.group import FAILED, PASSED
from app.config import read_settings


@click.command("lint")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are printed.",
)
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], form: str) -> None:
    """Find mistakes in the course, or only below the given files and folders.

    Each is one line: path:line:column code message. Exit code: 1 with an error, else 0.
    """
    from app.cli.problems import below, located, with_folders_of, write
    from app.content.lint import lint
    from app.content.loader import find_content, load_course

    roots = with_folders_of(paths, find_content(read_settings(os.environ).content))
    places = below(located(lint(load_course(roots)), roots), paths)
    write(places, form)
    context.exit(FAILED if any(place.problem.level == "error" for place in places) else PASSED)
