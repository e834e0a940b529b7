"""Quizzes: one question at a time; the key leaves the server only with the answer."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.learning import quizzes
from app.learning.progress import step_states
from app.learning.quizzes import AttemptView
from app.web.context import classroom
from app.web.steps import after

bp = Blueprint("quizzes", __name__, url_prefix="/quizzes/<quiz_id>")


@bp.get("")
def show(quiz_id: str) -> str:
    """Show one question of the newest attempt, or how it went."""
    quiz = classroom().course.quiz(quiz_id)
    attempt = quizzes.open_attempt(classroom(), quiz.id)
    number = request.args.get("question", 0, type=int) or first_open(attempt)
    if not 1 <= number <= len(attempt.questions):
        next_step = after(step_states(classroom()), quiz.id)
        return render_template("quiz_end.html", quiz=quiz, attempt=attempt, next_step=next_step)
    question = attempt.questions[number - 1]
    return render_template("quiz.html", quiz=quiz, attempt=attempt, question=question, number=number)


@bp.post("/attempts")
def begin(quiz_id: str) -> Response:
    """Begin a new attempt."""
    quizzes.open_attempt(classroom(), quiz_id, fresh=True)
    return redirect(url_for(".show", quiz_id=quiz_id), 303)


@bp.post("/answers")
def answer(quiz_id: str) -> Response:
    """Score the answer and lead to what it says."""
    attempt, question = request.form.get("attempt", ""), request.form.get("question", "")
    quizzes.answer(classroom(), attempt, question, request.form.getlist("choice"))
    return to_question(quiz_id, attempt, question, "result")


@bp.post("/hints")
def hint(quiz_id: str) -> Response:
    """Open the next hint of the question."""
    attempt, question = request.form.get("attempt", ""), request.form.get("question", "")
    quizzes.reveal_hint(classroom(), attempt, question)
    return to_question(quiz_id, attempt, question, "hints")


def to_question(quiz_id: str, attempt_id: str, token: str, anchor: str) -> Response:
    """Lead back to the question with this token."""
    questions = quizzes.view_attempt(classroom(), attempt_id).questions
    number = next((place for place, question in enumerate(questions, 1) if question.token == token), 1)
    return redirect(url_for(".show", quiz_id=quiz_id, question=number, _anchor=anchor), 303)


def first_open(attempt: AttemptView) -> int:
    """Return the number of the first question without an answer; 0 when all have one."""
    return next((place for place, question in enumerate(attempt.questions, 1) if not question.answered), 0)
