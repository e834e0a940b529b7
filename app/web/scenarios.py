"""Scenarios: a box in a lesson or a page of its own, a button, and what happened."""

import re

from flask import (
    Blueprint,
    get_template_attribute,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.errors import NotFound
from app.learning.scenarios import program_of
from app.web.context import classroom, live_runs
from app.web.evidence import RunView, view_run
from app.web.forms import wants_json

PATIENCE = 8.0  # seconds that a page without a script waits for the end before it looks again and again
_PLACE = re.compile(r'<div class="scenario-place" data-name="([a-z0-9-]+)"></div>')
bp = Blueprint("scenarios", __name__, url_prefix="/scenarios/<name>")


@bp.get("")
def show(name: str) -> str:
    """Show what is about to happen, and the button."""
    return _page(name, None)


@bp.post("/runs")
def press(name: str) -> AnyResponse:
    """Start a run that plays it, and lead to that."""
    scenario = classroom().course.scenario(name)
    run = live_runs().press_scenario(scenario.name)
    if wants_json(request):
        return jsonify(run=run, html=_macro("scene_view", _view(name, run), scenario, True))
    live_runs().wait(run, PATIENCE)
    return redirect(url_for(".played", name=name, run_id=run), 303)


@bp.get("/runs/<run_id>")
def played(name: str, run_id: str) -> str:
    """Show what happened, or what has happened until now."""
    if live_runs().scenario_of(run_id) != name:
        raise NotFound("What this scenario showed is not kept any more.", "Play it again.")
    return _page(name, _view(name, run_id))


def _view(name: str, run_id: str) -> RunView:
    return view_run(run_id, live_runs().events_after(run_id, 0, 0), name)


def _page(name: str, run: RunView | None) -> str:
    scenario = classroom().course.scenario(name)
    exercise = classroom().course.exercise(scenario.exercise)
    return render_template("scenario.html", scenario=scenario, exercise=exercise, run=run, box=box(name, run))


def box(name: str, run: RunView | None = None) -> Markup:
    """Render the box of a scenario, with a run that goes on; one whose file is wrong is told as that."""
    course = classroom().course
    if all(scenario.name != name for scenario in course.scenarios):
        return Markup(_macro("missing", name))  # noqa: S704 - a template made it
    scenario, program = course.scenario(name), program_of(classroom(), name)
    live_runs().warm(program.language)  # whoever sees the button may press it
    going_on = live_runs().playing(name)
    run = run or (_view(name, going_on) if going_on else None)
    exercise = course.exercise(scenario.exercise)
    token = session.get("token", "")
    can_stop = run is not None and live_runs().can_cancel(run.id)
    return Markup(_macro("box", scenario, exercise, program, token, run, can_stop))  # noqa: S704


def with_boxes(html: str) -> str:
    """Put the boxes where a lesson names scenarios."""
    return _PLACE.sub(lambda match: str(box(match[1])), html)


def _macro(name: str, *values: object) -> str:
    return str(get_template_attribute("_scenario.html", name)(*values))
