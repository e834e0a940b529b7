"""Questions inside a lesson: the same ones that a quiz asks, answered where they stand."""

import re

from flask import get_template_attribute, session
from markupsafe import Markup

from app.errors import CourseError
from app.learning import quizzes
from app.web.context import classroom
from app.web.quiz_form import Kept, arranged

_PLACE = re.compile(r'<div class="question-place" data-name="([a-z0-9-]+)"></div>')


def with_questions(html: str, lesson_id: str, kept: Kept) -> str:
    """Put the questions where a lesson names them."""
    return _PLACE.sub(lambda match: box(match[1], lesson_id, kept), html)


def box(question_id: str, lesson_id: str, kept: Kept) -> Markup:
    """Render one question; one that can't be asked is told as that, without its id."""
    try:
        attempt = quizzes.open_inline(classroom(), question_id)
    except CourseError:
        return _made("missing")
    if not attempt.questions:
        return _made("missing")
    quiz = classroom().course.quiz(attempt.quiz_id)
    (question,) = arranged(attempt, kept).questions
    token = session.get("token", "")
    return _made("box", attempt, question, quiz, kept, token, f"lesson {lesson_id}")


def _made(name: str, *values: object) -> Markup:
    return Markup(get_template_attribute("_inline.html", name)(*values))  # noqa: S704 - a template made it
