"""Where a step stands among the others."""

from collections.abc import Sequence

from flask import url_for

from app.content.course import Step
from app.learning.progress import StepState
from app.web.present import step_url


def state_of(states: Sequence[StepState], step_id: str) -> str:
    """Return new, started or done."""
    return next((state.state for state in states if state.step.id == step_id), "new")


def after(states: Sequence[StepState], step_id: str) -> Step | None:
    """Return the step that follows in the order of the course."""
    ids = [state.step.id for state in states]
    place = ids.index(step_id) + 1 if step_id in ids else len(ids)
    return states[place].step if place < len(ids) else None


def url_after(states: Sequence[StepState], step_id: str) -> str:
    """Return the address of the following step, or of the map after the last one."""
    step = after(states, step_id)
    return step_url(step) if step else url_for("map.show")
