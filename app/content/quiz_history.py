"""What the stored answers know about questions: ids that were changed, or used again for another question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.content.course import Course
from app.content.problems import Problem
from app.quiz.revision import Revision, revision


@dataclass(frozen=True)
class Answered:
    """A question as it stood when somebody answered it."""

    question: str
    type: str
    revision: Revision


def history_problems(course: Course, answered: Iterable[Answered]) -> Iterator[Problem]:
    """Find ids that were changed or used again after answers exist (Q017); each question is told once."""
    answered = tuple(answered)
    known = {seen.question: seen for seen in answered}  # the last revision is the one to compare with
    ids = {each for quiz in course.quizzes for each in quiz.ids}
    gone = {seen.revision: seen for seen in answered if seen.question not in ids}
    quizzes = [quiz for quiz in course.quizzes if gone or known.keys() & set(quiz.ids)]
    asked = {question.id: (quiz, question) for quiz in quizzes for question in quiz.questions}
    for question_id, (quiz, question) in asked.items():
        mark = course.marks[f"{quiz.id}/{question_id}"]
        seen = known.get(question_id)
        if seen and seen.type != question.type:
            message = (
                f"`{question_id}` was answered as {seen.type} and is {question.type} now. "
                "Give the new question an id of its own."
            )
        elif seen is None and gone and (old := gone.get(revision(question))):
            message = f"This was answered as `{old.question}`. Write that id again, or its answers are lost."
        else:
            continue
        yield Problem(mark.path, mark.line, mark.column, "Q017", message)
