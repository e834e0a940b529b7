"""Scenarios: a box in a lesson or a page of its own, a button, and what happened."""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import (
    Blueprint,
    current_app,
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

from app.errors import CourseError, NotFound
from app.learning.scenarios import play, program_of
from app.web.context import classroom
from app.web.forms import wants_json

KEPT = 20
"""Outcomes that can still be looked at; nothing of them is stored."""

PATIENCE = 20.0  # seconds that a press waits while another scenario is being played
_PLACE = re.compile(r'<div class="scenario-place" data-name="([a-z0-9-]+)"></div>')
bp = Blueprint("scenarios", __name__, url_prefix="/scenarios/<name>")


@dataclass
class Stage:
    """Where scenarios are played, one at a time, and what the last ones showed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    outcomes: "OrderedDict[str, Mapping[str, Any]]" = field(default_factory=OrderedDict)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the stage for one playing; CourseError where it is not free in time."""
        if not self.lock.acquire(timeout=PATIENCE):
            raise CourseError(
                "Another scenario is still being played.", "Press the button again in a moment."
            )
        try:
            yield
        finally:
            self.lock.release()

    def keep(self, outcome: Mapping[str, Any]) -> str:
        """Keep an outcome for a while and return its id."""
        played = secrets.token_hex(8)
        self.outcomes[played] = outcome
        while len(self.outcomes) > KEPT:
            self.outcomes.popitem(last=False)
        return played


def stage() -> Stage:
    """Return the stage of this site."""
    made: Stage = current_app.extensions["stage"]
    return made


@bp.get("")
def show(name: str) -> str:
    """Show what is about to happen, and the button."""
    return _page(name, None)


@bp.post("/played")
def press(name: str) -> AnyResponse:
    """Play it, and lead to what happened."""
    scenario = classroom().course.scenario(name)
    with stage().alone():
        result = play(classroom(), name)
    finished = next((e for e in result.events if e["event"] == "scenario_finished"), None)
    outcome = {"finished": finished, "reason": result.reason, "seed": result.seed, "level": result.level}
    if wants_json(request):
        html = _macro("outcome", scenario, outcome)
        return jsonify(html=html)
    return redirect(url_for(".played", name=name, played=stage().keep(outcome)), 303)


@bp.get("/played/<played>")
def played(name: str, played: str) -> str:
    """Show what happened."""
    if played not in stage().outcomes:
        raise NotFound("What this scenario showed is not kept any more.", "Play it again.")
    return _page(name, stage().outcomes[played])


def _page(name: str, outcome: Mapping[str, Any] | None) -> str:
    scenario = classroom().course.scenario(name)
    exercise = classroom().course.exercise(scenario.exercise)
    return render_template("scenario.html", scenario=scenario, exercise=exercise, box=box(name, outcome))


def box(name: str, outcome: Mapping[str, Any] | None = None) -> Markup:
    """Render the box of a scenario; one whose file is wrong is told as that."""
    course = classroom().course
    if all(scenario.name != name for scenario in course.scenarios):
        return Markup(_macro("missing", name))  # noqa: S704 - a template made it
    scenario, program = course.scenario(name), program_of(classroom(), name)
    exercise = course.exercise(scenario.exercise)
    token = session.get("token", "")
    return Markup(_macro("box", scenario, exercise, program, token, outcome))  # noqa: S704


def with_boxes(html: str) -> str:
    """Put the boxes where a lesson names scenarios."""
    return _PLACE.sub(lambda match: str(box(match[1])), html)


def _macro(name: str, *values: object) -> str:
    return str(get_template_attribute("_scenario.html", name)(*values))
