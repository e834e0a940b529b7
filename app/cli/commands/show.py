"""course show: a lesson, an exercise or a quiz to read."""

import click

from app.cli.place import classroom_of_environment, naming_broken_files
from app.cli.screen import Screen


@click.command("show")
@click.argument("step_id", metavar="ID")
def command(step_id: str) -> None:
    """Read the lesson, exercise or quiz called ID; LESSON#SECTION reads one section alone."""
    from app.cli.pages import show_exercise, show_lesson, show_quiz

    name, _, section = step_id.partition("#")
    with classroom_of_environment() as classroom:
        with naming_broken_files(classroom, name):
            kind, screen = classroom.course.find(name).kind, Screen()
        if kind == "lesson":
            show_lesson(screen, classroom, name, section)
        elif kind == "exercise":
            show_exercise(screen, classroom, name)
        else:
            show_quiz(screen, classroom, name)
