"""Lessons: prose, diagrams, the mark that one was read, and the sources of all."""

from dataclasses import replace

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, session
from werkzeug.wrappers import Response as AnyResponse

from app.content.markdown import render
from app.errors import UsageError
from app.learning.progress import mark_read, preferred_language, step_states
from app.web.context import classroom
from app.web.quiz_boxes import with_questions
from app.web.quiz_form import Kept
from app.web.scenarios import with_boxes
from app.web.steps import after, state_of, url_after

bp = Blueprint("lessons", __name__)


@bp.get("/lessons/<lesson_id>")
def show(lesson_id: str) -> str:
    """Show one lesson."""
    return page(lesson_id, Kept())


def page(lesson_id: str, kept: Kept) -> str:
    """Render a lesson; `kept` is what is filled in at its questions."""
    lesson = classroom().course.lesson(lesson_id)
    states = step_states(classroom())
    text = render(lesson.body, base=lesson.path)
    return render_template(
        "lesson.html",
        lesson=lesson,
        text=replace(text, html=with_questions(with_boxes(text.html), lesson_id, kept)),
        language=session.get("language") or preferred_language(classroom()),
        is_read=state_of(states, lesson_id) == "done",
        next_step=after(states, lesson_id),
    )


@bp.post("/lessons/<lesson_id>/read")
def read(lesson_id: str) -> AnyResponse:
    """Remember that the lesson was read and go to what follows it."""
    mark_read(classroom(), classroom().course.lesson(lesson_id).id)
    return redirect(url_after(step_states(classroom()), lesson_id), 303)


@bp.get("/sources")
def sources() -> str:
    """List what all lessons rest on: each page once, when it was read, and by which lessons."""
    return render_template("sources.html", sources=classroom().course.sources)


@bp.post("/language")
def language() -> tuple[str, int]:
    """Remember which tabs the reader opened, for all lessons."""
    chosen = request.form.get("language", "")
    if not chosen.isalpha() or len(chosen) > 40:
        raise UsageError("This is no language.", "Choose one of the tabs.")
    session["language"] = chosen
    return "", 204


@bp.get("/diagrams/<item_id>/<name>.svg")
def diagram(item_id: str, name: str) -> Response:
    """Send the picture that stands beside its lesson or quiz."""
    course = classroom().course
    is_quiz = course.find(item_id).kind == "quiz"
    file = course.quiz(item_id).path if is_quiz else course.lesson(item_id).path
    picture = file.with_suffix(f".{name}.svg")
    if not name.isalnum() or not picture.is_file():
        abort(404)
    return send_file(picture, mimetype="image/svg+xml")
