"""Where a step stands among the others."""

from collections.abc import Sequence

from flask import url_for

from app.content.course import Step
from app.learning.progress import StepState
from app.learning.ways import following
from app.web.present import step_url


def state_of(states: Sequence[StepState], step_id: str) -> str:
    """Return new, started or done."""
    return next((state.state for state in states if state.step.id == step_id), "new")


def after(states: Sequence[StepState], step_id: str) -> Step | None:
    """Return the step that follows on the same way through the course."""
    return following(states, step_id)


def url_after(states: Sequence[StepState], step_id: str) -> str:
    """Return the address of the following step, or of the map after the last one."""
    step = after(states, step_id)
    return step_url(step) if step else url_for("map.show")
