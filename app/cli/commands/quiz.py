"""course quiz: one question at a time."""

import click

from app.cli.place import classroom_of_environment, naming_broken_files
from app.cli.screen import Screen


@click.command("quiz")
@click.argument("quiz_id", metavar="ID")
@click.option("--again", is_flag=True, help="Begin a new attempt.")
def command(quiz_id: str, again: bool) -> None:
    """Answer the quiz called ID (an id or a file), one question at a time.

    Stop whenever you like: the next `course quiz ID` goes on where you stopped.
    """
    from pathlib import Path

    from app.cli.quiz_talk import QuizTalk
    from app.learning.progress import work_on

    name = Path(quiz_id).stem if Path(quiz_id).is_file() else quiz_id
    with classroom_of_environment() as classroom:
        with naming_broken_files(classroom, name):
            quiz = classroom.course.quiz(name)
        work_on(classroom, quiz.id)
        QuizTalk(Screen(), classroom, quiz.id).hold(again=again)
