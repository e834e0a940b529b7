"""What is worth another look, over the whole course."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.errors import NotFound
from app.learning import quizzes
from app.learning.quiz_review import look_again
from app.learning.quizzes import AttemptView
from app.web.context import classroom
from app.web.quiz_form import Kept, arranged

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("")
def show() -> str:
    """List the questions whose newest answer was not wholly right, by quiz."""
    found = look_again(classroom())
    groups = [(quiz_id, list(items)) for quiz_id, items in groupby(found, lambda each: each.quiz_id)]
    return render_template("review.html", groups=groups, total=len(found), course=classroom().course)


@bp.post("")
def again() -> Response:
    """Ask one of them again, alone; no other id gets in, since a list of ids would tell keys."""
    question = request.form.get("question", "")
    if all(each.question_id != question for each in look_again(classroom())):
        raise NotFound("This question is not on the list.", "Open the list again.")
    attempt = quizzes.open_inline(classroom(), question, fresh=True)
    return redirect(url_for(".ask", attempt_id=attempt.id), 303)


@bp.get("/<attempt_id>")
def ask(attempt_id: str) -> str:
    """Show the question that is asked again, or what its answer came to."""
    return page(quizzes.view_attempt(classroom(), attempt_id), Kept())


def page(attempt: AttemptView, kept: Kept) -> str:
    """Render one question alone."""
    if attempt.kind != "inline" or not attempt.questions:
        raise NotFound("There is no such question to look at again.", "Open the list again.")
    quiz = classroom().course.quiz(attempt.quiz_id)
    waiting = len(look_again(classroom()))
    return render_template(
        "review_question.html", quiz=quiz, attempt=arranged(attempt, kept), kept=kept, waiting=waiting
    )
