"""course draw: the diagrams of lessons and quizzes as pictures."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from app.cli.place import one_of
from app.config import read_settings
from app.content.course import Lesson
from app.quiz.types import Quiz


@click.command("draw")
@click.argument("items", metavar="[LESSON | QUIZ]...", nargs=-1)
def command(items: tuple[str, ...]) -> None:
    """Draw the diagrams of each LESSON and QUIZ, or of all, beside their files (needs the test extra)."""
    from app.content.diagrams import diagrams, diagrams_of_quiz, draw, left_over
    from app.content.loader import find_content, load_course

    course = load_course(find_content(read_settings(os.environ).content))
    known: list[Lesson | Quiz] = [*course.lessons, *course.quizzes]
    for item in _chosen(items, {each.id: each for each in known}):
        for path in draw(diagrams_of_quiz(item) if isinstance(item, Quiz) else diagrams(item)):
            click.echo(f"drawn {path}")
        for path in left_over(item) if isinstance(item, Quiz) else ():
            path.unlink()
            click.echo(f"removed {path}, which no question shows")


def _chosen(names: Iterable[str], known: Mapping[str, Lesson | Quiz]) -> list[Lesson | Quiz]:
    named = [known[one_of("lesson or quiz", _id(name), list(known))] for name in names]
    return named or list(known.values())


def _id(name: str) -> str:
    return Path(name).stem if Path(name).suffix == ".yaml" else name
