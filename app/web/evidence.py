"""From the events of a run to what a page shows: pure functions over the stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.learning.diagram import Curl, draw, draw_scene
from app.learning.diagram_parts import Diagram
from app.learning.scene import Scene

Event = Mapping[str, Any]


def _trouble(traceback: str) -> str:
    first, _, block = traceback.partition("\n\n")
    return first if block else first.rstrip().rpartition("\n")[2]


@dataclass(frozen=True)
class CheckView:
    """One check as it stands; `state` is waiting, running, passed, failed, error or skipped."""

    id: str
    title: str
    task: int
    state: str = "waiting"
    ms: float | None = None
    cause: Mapping[str, Any] | None = None
    exchanges: tuple[Mapping[str, Any], ...] = ()
    output: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    began: float | None = None
    traceback: str = ""
    is_first_failure: bool = False

    @property
    def trouble(self) -> str:
        """Return the learner's own line of the traceback, else its last line."""
        return _trouble(self.traceback)

    def drawn(self, curl: Curl | None = None) -> Diagram:
        """Draw what happened; `curl` gives the command that repeats an exchange."""
        return draw(self.exchanges, self.output, self.steps, self.cause, began=self.began, curl=curl)


@dataclass(frozen=True)
class RunView:
    """One run as it stands; `verdict` is empty until it is finished."""

    id: str
    exercise: str = ""
    language: str = ""
    level: str = ""
    checks: tuple[CheckView, ...] = ()
    news: str = "Waiting to start."
    verdict: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    ms: float | None = None
    reason: str = ""
    seed: int | None = None
    by: str = ""
    number: int = 0
    scenario: str = ""  # its name, where the run plays one
    step: int = 0
    scene: Scene = field(default_factory=Scene)  # what happened in it until now

    @property
    def is_finished(self) -> bool:
        """Say whether the last event came."""
        return bool(self.verdict)

    def check(self, check_id: str) -> CheckView | None:
        """Find one check."""
        return next((check for check in self.checks if check.id == check_id), None)

    def ticked_tasks(self) -> frozenset[int]:
        """Return the tasks of which every check passed."""
        open_tasks = {check.task for check in self.checks if check.state != "passed"}
        return frozenset(check.task for check in self.checks) - open_tasks

    @property
    def played(self) -> Mapping[str, Any] | None:
        """Return all that happened in a scenario, once it is over."""
        return self.scene.told if self.scene.told.get("event") == "scenario_finished" else None

    @property
    def trouble(self) -> str:
        """Return the line in which the program stumbled in a scenario, if it did."""
        return _trouble(str(self.scene.told.get("traceback") or ""))

    def drawn(self, curl: Curl | None = None) -> Diagram:
        """Draw what happened in a scenario until now; `curl` gives the command that repeats an exchange."""
        return draw_scene(self.scene.told, curl)


def view_run(run_id: str, events: Iterable[Event], scenario: str = "") -> RunView:
    """Fold the events so far into one view."""
    view = RunView(run_id, scenario=scenario)
    for event in events:
        view = advance(view, event)
    return view


def advance(view: RunView, event: Event) -> RunView:
    """Return the view after one more event."""
    view = replace(view, number=int(event["number"]), scene=view.scene.after(event))
    return _STEPS.get(event["event"], _ignore)(view, event)


def _ignore(view: RunView, event: Event) -> RunView:
    return view


def _run_started(view: RunView, event: Event) -> RunView:
    checks = tuple(CheckView(check["id"], check["title"], check["task"]) for check in event["checks"])
    return replace(
        view,
        exercise=event["exercise"],
        language=event["language"],
        level=event["level"],
        seed=event.get("seed"),
        scenario=event.get("scenario") or view.scenario,
        checks=checks,
        news="Getting ready.",
    )


def _tools_progress(view: RunView, event: Event) -> RunView:
    return replace(view, news=event["says"] or f"{event['note']}.")


def _program_started(view: RunView, event: Event) -> RunView:
    return replace(view, news="Starting your program.")


def _program_ready(view: RunView, event: Event) -> RunView:
    return replace(view, news="Your program is listening.")


def _check_started(view: RunView, event: Event) -> RunView:
    return _with_check(view, event["check"], state="running")


def _check_finished(view: RunView, event: Event) -> RunView:
    is_failure = event["outcome"] in ("failed", "error")
    return _with_check(
        view,
        event["check"],
        state=event["outcome"],
        ms=event.get("ms"),
        cause=event.get("cause"),
        exchanges=tuple(event.get("exchanges") or ()),
        output=tuple(event.get("output") or ()),
        steps=tuple(event.get("steps") or ()),
        began=event.get("began"),
        traceback=event.get("traceback") or "",
        is_first_failure=is_failure and not any(check.is_first_failure for check in view.checks),
    )


def _scenario_step(view: RunView, event: Event) -> RunView:
    return replace(view, step=event["step"])


def _run_finished(view: RunView, event: Event) -> RunView:
    return replace(
        view,
        verdict=event["verdict"],
        counts=event.get("counts") or {},
        ms=event.get("ms"),
        reason=event.get("reason") or "",
        by=event.get("by") or "",
        checks=tuple(_ended(check) for check in view.checks),
    )


def _ended(check: CheckView) -> CheckView:
    return replace(check, state="skipped") if check.state in ("waiting", "running") else check


def _with_check(view: RunView, check_id: str, **changes: Any) -> RunView:
    checks = tuple(replace(check, **changes) if check.id == check_id else check for check in view.checks)
    return replace(view, checks=checks)


_STEPS = {
    "run_started": _run_started,
    "tools_progress": _tools_progress,
    "program_started": _program_started,
    "program_ready": _program_ready,
    "check_started": _check_started,
    "check_finished": _check_finished,
    "scenario_step": _scenario_step,
    "run_finished": _run_finished,
}
