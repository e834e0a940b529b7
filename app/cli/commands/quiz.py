"""course quiz: one question at a time."""

import click

from app.cli.place import classroom_of_environment, naming_broken_files
from app.cli.screen import Screen
from app.errors import UsageError


@click.command("quiz")
@click.argument("quiz_id", metavar="[ID]", required=False)
@click.option("--again", is_flag=True, help="Begin a new attempt.")
@click.option("--missed", is_flag=True, help="Ask only what was not right in the last attempt.")
@click.option("--review", is_flag=True, help="List and ask what was not right, over all quizzes.")
@click.option("--report", type=click.IntRange(min=1), metavar="N", help="Say that question N is wrong.")
def command(quiz_id: str | None, again: bool, missed: bool, review: bool, report: int | None) -> None:
    """Answer the quiz called ID (an id or a file), one question at a time.

    Stop whenever you like: the next `course quiz ID` goes on where you stopped. --report writes a file for
    the course's authors, with your answers to the question and nothing else about you.
    """
    with classroom_of_environment() as classroom:
        if review:
            from app.cli.quiz_review import review as hold_review

            hold_review(Screen(), classroom)
            return
        if quiz_id is None:
            raise UsageError("Which quiz?", "Name one: course quiz ID. `course list` shows them all.")
        from pathlib import Path

        from app.cli.quiz_talk import QuizTalk
        from app.learning.progress import work_on

        name = Path(quiz_id).stem if Path(quiz_id).is_file() else quiz_id
        with naming_broken_files(classroom, name):
            quiz = classroom.course.quiz(name)
        talk = QuizTalk(Screen(), classroom, quiz.id)
        if report is not None:
            talk.report(report)
            return
        work_on(classroom, quiz.id)
        talk.hold(again=again, missed=missed)
