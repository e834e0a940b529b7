"""Quizzes: one question at a time or the whole page; the key leaves the server only with the answer."""

from flask import Blueprint, Response, json, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.errors import NotFound
from app.learning import quizzes
from app.learning.progress import step_states
from app.learning.quiz_review import report_question
from app.learning.quizzes import AttemptView, QuestionPlace
from app.web import lessons, review
from app.web.context import classroom
from app.web.quiz_form import Kept, Sent, arranged, is_filled, sent_questions
from app.web.quiz_press import press
from app.web.steps import after

bp = Blueprint("quizzes", __name__, url_prefix="/quizzes/<quiz_id>")
Answered = AnyResponse | tuple[str, int]


@bp.get("")
def show(quiz_id: str) -> str:
    """Show the newest attempt: one question, all of them, or how it went."""
    quiz = classroom().course.quiz(quiz_id)
    older = request.args.get("attempt")
    attempt = (
        quizzes.view_attempt(classroom(), older) if older else quizzes.open_attempt(classroom(), quiz.id)
    )
    return page(quiz_id, attempt, Kept(), request.args.get("question", 0, type=int))


@bp.post("/attempts")
def begin(quiz_id: str) -> AnyResponse:
    """Begin a new attempt, or one with only what was missed."""
    if request.form.get("only") == "missed":
        quizzes.retake(classroom(), quiz_id)
    else:
        quizzes.open_attempt(classroom(), quiz_id, fresh=True)
    return redirect(url_for(".show", quiz_id=quiz_id), 303)


@bp.post("/view")
def view(quiz_id: str) -> AnyResponse:
    """Remember whether this learner likes one question at a time or the whole page."""
    session["whole_quiz"] = request.form.get("view") == "whole"
    return redirect(url_for(".show", quiz_id=quiz_id), 303)


@bp.post("/answers")
def answer(quiz_id: str) -> Answered:
    """Do what the pressed button says, and show what came of it where the form stands."""
    sent = sent_questions(request.form)
    if sent.button == "report":
        return report(sent)
    if sent.button == "again":
        return redirect(url_of(first_place(quizzes.ask_again(classroom(), sent.attempt)), sent), 303)
    kept = press(sent)
    if kept.closed != set(sent.given):  # something may be filled in that is not answered
        attempt = quizzes.view_attempt(classroom(), sent.attempt)
        if must_show_at_once(attempt, kept):
            return shown(quiz_id, attempt, sent, kept), 400 if kept.refusals or kept.notice else 200
    return redirect(place_after(sent), 303)


def report(sent: Sent) -> AnyResponse:
    """Send the file that says what is wrong with a question."""
    told = report_question(classroom(), sent.attempt, sent.question, sent.words)
    text = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=False) + "\n"
    headers = {"Content-Disposition": 'attachment; filename="question-report.json"'}
    return Response(text, mimetype="application/json", headers=headers)


def must_show_at_once(attempt: AttemptView, kept: Kept) -> bool:
    """Say whether a page that is only led to would lose what is filled in, or why it was refused."""
    still_open = [each for each in attempt.questions if each.answered is None]
    filled = any(is_filled(each, kept.given.get(each.token, ())) for each in still_open)
    return bool(filled or kept.refusals or kept.notice)


def place_after(sent: Sent) -> str:
    """Return the address of the question whose button was pressed, else of its attempt."""
    if sent.question in sent.given:
        return url_of(quizzes.place_of(classroom(), sent.attempt, sent.question), sent)
    return url_of(first_place(quizzes.view_attempt(classroom(), sent.attempt)), sent, anchor=None)


def first_place(attempt: AttemptView) -> QuestionPlace:
    """Return the place of the first question of an attempt."""
    return QuestionPlace(attempt.id, attempt.quiz_id, 1, attempt.questions[0].token, attempt.is_newest)


def url_of(place: QuestionPlace, sent: Sent, anchor: str | None = "question") -> str:
    """Return the address of a question in the place where its form stands."""
    kind, _, name = sent.place.partition(" ")
    anchor = anchor and f"question-{place.token}"
    if kind == "lesson":
        return url_for("lessons.show", lesson_id=name, _anchor=anchor)
    if kind == "review":
        return url_for("review.ask", attempt_id=place.attempt, _anchor=anchor)
    number = None if session.get("whole_quiz") else place.number
    older = None if place.is_newest else place.attempt
    return url_for(".show", quiz_id=place.quiz_id, question=number, attempt=older, _anchor=anchor)


def shown(quiz_id: str, attempt: AttemptView, sent: Sent, kept: Kept) -> str:
    """Render the place where the form stands, with what is filled in."""
    kind, _, name = sent.place.partition(" ")
    if kind == "lesson":
        return lessons.page(name, kept)
    if kind == "review":
        return review.page(attempt, kept)
    return page(quiz_id, attempt, kept, number_of(attempt, sent.question))


def page(quiz_id: str, attempt: AttemptView, kept: Kept, number: int = 0) -> str:
    """Render an attempt as this learner likes it."""
    quiz = classroom().course.quiz(quiz_id)
    if attempt.quiz_id != quiz.id or attempt.kind == "inline":
        raise NotFound("There is no such attempt at this quiz.", "Open the quiz again.")
    number = number or first_open(attempt)
    one = not session.get("whole_quiz") and 1 <= number <= len(attempt.questions)
    template = "quiz_whole.html" if session.get("whole_quiz") else "quiz.html" if one else "quiz_end.html"
    return render_template(
        template,
        quiz=quiz,
        attempt=arranged(attempt, kept),
        older=older_id(attempt),
        number=number if one else 0,
        kept=kept,
        next_step=after(step_states(classroom()), quiz.id),
    )


def older_id(attempt: AttemptView) -> str | None:
    """Return the id of an attempt that is not the newest one of its quiz, for the page's links."""
    return None if attempt.is_newest else attempt.id


def number_of(attempt: AttemptView, token: str) -> int:
    """Return which question of the attempt has this token; 1 where none has."""
    return next((place for place, each in enumerate(attempt.questions, 1) if each.token == token), 1)


def first_open(attempt: AttemptView) -> int:
    """Return the number of the first question without an answer; 0 when all have one."""
    return next((place for place, question in enumerate(attempt.questions, 1) if not question.answered), 0)
