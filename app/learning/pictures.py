"""Pictures of questions, under names that say nothing: the name of a file may give the key away."""

from pathlib import Path

from app.errors import NotFound
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.quiz.tokens import token
from app.quiz.types import Quiz


def picture_name(classroom: Classroom, quiz_id: str, file: str) -> str:
    """Return the name under which the pages ask for a picture of a quiz."""
    return token(signing_key(classroom), "picture", quiz_id, file)


def find_picture(classroom: Classroom, quiz_id: str, name: str) -> Path:
    """Return the file of a picture that the quiz shows; NotFound for anything else."""
    quiz = classroom.course.quiz(quiz_id)
    named = {picture_name(classroom, quiz.id, file): file for file in quiz.pictures}
    path = _inside(quiz, named[name]) if name in named else None
    if path is None:
        raise NotFound("There is no such picture.", "Open the quiz again.")
    return path


def _inside(quiz: Quiz, file: str) -> Path | None:
    """Give the file below the quiz's own folder, also where a link or a path would lead out of it."""
    folder = quiz.path.parent.resolve()
    path = (folder / file).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None
