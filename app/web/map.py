"""The course map: every step, how far the learner is, and where to go on."""

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.learning.finish import finish as finished
from app.learning.progress import StepState, next_step, step_states
from app.learning.quiz_review import look_again
from app.learning.ways import Way, core_path, further_way
from app.web.context import classroom
from app.web.present import step_url

bp = Blueprint("map", __name__)


@bp.get("/")
def show() -> str:
    """Show the course map, and renew the cookie."""
    session.modified = True
    states = step_states(classroom())
    every, core, further = Way(states), core_path(states), further_way(states)
    return render_template(
        "map.html",
        course=classroom().course,
        core=core,
        core_chapters=chapters(core.states),
        further=further,
        further_chapters=chapters(further.states),
        next_step=next_step(classroom()),
        every=every,
        look_again=to_look_at(states),
    )


def to_look_at(states: Iterable[StepState]) -> int | None:
    """Count the questions that are worth another look; None while none was ever answered."""
    found = len(look_again(classroom()))
    return (
        found if found or any(each.step.kind == "quiz" and each.state != "new" for each in states) else None
    )


@bp.get("/finish")
def finish() -> str:
    """Show what was proved on the core path, what is left of it, and the rest of the course."""
    return render_template("finish.html", finish=finished(classroom()), course=classroom().course)


@bp.get("/continue")
def go_on() -> Response:
    """Go to the next step, or to the map when everything is done."""
    step = next_step(classroom())
    return redirect(step_url(step) if step else url_for("map.show"), 303)


def chapters(states: Iterable[StepState]) -> list[list[StepState]]:
    """Cut the steps into chapters: each lesson with what belongs to it."""
    found: list[list[StepState]] = []
    for is_lesson, group in groupby(states, key=lambda state: state.step.kind == "lesson"):
        for state in group:
            if is_lesson or not found:
                found.append([state])
            else:
                found[-1].append(state)
    return found
