"""Check runs: the page of one run, and its results as they come."""

import json
import time
from collections.abc import Iterator, Sequence

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    get_template_attribute,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.learning import practice
from app.learning.diagram_parts import Diagram
from app.learning.why import Why, why
from app.web.context import classroom, live_runs
from app.web.evidence import CheckView, Event, RunView, advance, view_run
from app.web.forms import wants_json

bp = Blueprint("runs", __name__, url_prefix="/runs/<run_id>")
STOPPING = 5.0  # seconds that a page without a script waits for the end of what it stopped
UNSEEN = ("program_output", "scenario_exchange")  # they change the page only later, with another event
HEARTBEAT = 1.0  # seconds; a blank line finds out whether the viewer is still there


@bp.get("")
def show(run_id: str) -> AnyResponse | str:
    """Show the run as it stands; without a script the page renews itself until it is finished."""
    if scenario := live_runs().scenario_of(run_id):
        return redirect(url_for("scenarios.played", name=scenario, run_id=run_id), 303)
    view = view_run(run_id, live_runs().events_after(run_id, 0, 0))
    exercise = classroom().course.exercise(view.exercise) if view.exercise else None
    can_stop = live_runs().can_cancel(run_id)
    return render_template("run.html", run=view, exercise=exercise, can_stop=can_stop)


@bp.get("/events")
def events(run_id: str) -> Response:
    """Stream what changes on the page, one JSON line an event, from after the given number."""
    if request.method == "HEAD":
        abort(405)  # nothing would read the stream to its end, and so its place would stay taken
    number = request.args.get("after", 0, type=int)
    feed, known = Feed(run_id, number), live_runs().events_after(run_id, 0, 0)
    may_stream = current_app.extensions["streams"].acquire(blocking=False)
    lines = follow(feed) if may_stream else feed.lines(known)
    return Response(stream_with_context(lines), mimetype="application/x-ndjson")


@bp.post("/cancel")
def cancel(run_id: str) -> AnyResponse:
    """End the run."""
    live_runs().cancel(run_id)
    if wants_json(request):
        return Response(status=204)
    live_runs().wait(run_id, STOPPING)
    return redirect(url_for(".show", run_id=run_id), 303)


class Feed:
    """The lines for one viewer, who has seen everything up to `number`."""

    def __init__(self, run_id: str, number: int) -> None:
        self.view = RunView(run_id, scenario=live_runs().scenario_of(run_id))
        self.number = number

    def lines(self, events: Sequence[Event]) -> Iterator[str]:
        """Yield a line for each event: which parts of the page it changes, and into what."""
        for event in events:
            self.view = advance(self.view, event)
            # A run that was closed because its process died may end with a lower number than was seen.
            is_new = event["number"] > self.number or event["event"] == "run_finished"
            if is_new and event["event"] not in UNSEEN:
                change = {
                    "number": event["number"],
                    "event": event["event"],
                    "parts": parts(self.view, event),
                }
                yield json.dumps(change) + "\n"


def follow(feed: Feed) -> Iterator[str]:
    """Yield lines until the run is over or the viewer leaves."""
    try:
        while not feed.view.is_finished:
            began = time.monotonic()
            new = live_runs().events_after(feed.view.id, feed.view.number, HEARTBEAT)
            if not new and time.monotonic() - began < HEARTBEAT / 2:
                return  # a run of another process, which can't be waited for: the viewer asks again
            yield from feed.lines(new)
            yield "\n"
    finally:
        current_app.extensions["streams"].release()


def parts(view: RunView, event: Event) -> dict[str, str]:
    """Render the parts of the page that this event changes, by their element id."""
    if view.scenario:
        return parts_of_scene(view)
    found = {"run-summary": part("summary", view)}
    if event["event"] in ("check_finished", "run_finished") and view.exercise:
        found["tasks"] = part("task_list", classroom().course.exercise(view.exercise), view.ticked_tasks())
    if event["event"] == "run_started":
        found["run-checks"] = part("check_list", view)
    if event["event"] == "run_finished":
        found["run-diagnosis"] = part("diagnosis", view, of="_diagnosis.html")
        found["run-rest"] = part("rest", view)
    return found | {f"check-{check.id}": part("check_row", view, check) for check in changed(view, event)}


def changed(view: RunView, event: Event) -> tuple[CheckView, ...]:
    """Return the checks whose row an event changes; the others stay, with all that was opened there."""
    if event["event"] == "run_finished":
        return tuple(check for check in view.checks if check.state == "skipped")
    check = view.check(event.get("check", ""))
    return (check,) if check else ()


def parts_of_scene(view: RunView) -> dict[str, str]:
    """Render the parts of a scenario's box; a page may hold several, so their ids hold that of the run."""
    scenario = classroom().course.scenario(view.scenario)
    return {
        f"scene-news-{view.id}": part("news", view, scenario, of="_scenario.html"),
        f"scene-{view.id}": part("scene", view, scenario, of="_scenario.html"),
    }


def part(macro: str, *values: object, of: str = "_run.html") -> str:
    """Render one macro of a template that the whole page uses as well."""
    return str(get_template_attribute(of, macro)(*values))


@bp.app_template_global()
def drawn(exercise_id: str, check: CheckView) -> Diagram:
    """Draw a check; each exchange has its curl line for the practice port, signed now."""
    return check.drawn(lambda exchange: practice.curl_for(classroom(), exercise_id, exchange))


@bp.app_template_global()
def drawn_scene(run: RunView) -> Diagram:
    """Draw what happened in a scenario until now, with curl lines as those of a check."""
    return run.drawn(lambda exchange: practice.curl_for(classroom(), run.exercise, exchange))


@bp.app_template_global()
def what_might_this_be(run: RunView) -> Why | None:
    """Return what a failed run looks like, once it is finished."""
    if run.verdict != "failed":
        return None
    return why(classroom(), live_runs().events_after(run.id, 0, 0))


@bp.app_template_global()
def hint_number(exercise_id: str, check_id: str) -> int | None:
    """Return the number of the hint that helps with a check, if one does."""
    checks = classroom().course.exercise(exercise_id).checks
    return next((check.hint for check in checks if check.id == check_id), None)
