"""course draw: the diagrams of lessons as pictures."""

import os

import click

from app.cli.place import one_of
from app.config import read_settings


@click.command("draw")
@click.argument("lessons", metavar="[LESSON]...", nargs=-1)
def command(lessons: tuple[str, ...]) -> None:
    """Draw the diagrams of LESSON, or of all lessons, beside their files (needs the test extra)."""
    from app.content.diagrams import draw
    from app.content.loader import find_content, load_course

    course = load_course(find_content(read_settings(os.environ).content))
    known = {lesson.id: lesson for lesson in course.lessons}
    chosen = [known[one_of("lesson", name, list(known))] for name in lessons] or list(course.lessons)
    for lesson in chosen:
        for path in draw(lesson):
            click.echo(f"drawn {path}")
