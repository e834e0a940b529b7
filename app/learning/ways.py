"""The two ways through the course: the core path, then the rest. Optional steps stand beside the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.course import Step

if TYPE_CHECKING:
    from app.learning.progress import StepState

FINISH = Step("finish", "finish", "What you proved", 0, core=True)
"""The end of the core path: no step of the content, but a place to go to."""


@dataclass(frozen=True)
class Way:
    """Steps in their order, and how far each is; minutes are those of the steps that nobody may leave out."""

    states: tuple["StepState", ...]

    @property
    def needed(self) -> tuple["StepState", ...]:
        """The steps that have to be done."""
        return tuple(state for state in self.states if not state.step.optional)

    @property
    def missing(self) -> tuple["StepState", ...]:
        """Those of them that are not done."""
        return tuple(state for state in self.needed if state.state != "done")

    @property
    def done(self) -> int:
        """How many of them are done."""
        return len(self.needed) - len(self.missing)

    @property
    def is_done(self) -> bool:
        """Whether there are any, and all are done."""
        return bool(self.needed) and not self.missing

    @property
    def minutes(self) -> int:
        """How long all of them take."""
        return sum(state.step.minutes for state in self.needed)

    @property
    def minutes_left(self) -> int:
        """How long those take that are not done."""
        return sum(state.step.minutes for state in self.missing)


def core_path(states: Sequence["StepState"]) -> Way:
    """Return the core path; without steps where no lesson is core."""
    return Way(tuple(state for state in states if state.step.core))


def further_way(states: Sequence["StepState"]) -> Way:
    """Return the rest of the course."""
    return Way(tuple(state for state in states if not state.step.core))


def next_of(states: Sequence["StepState"], last: str) -> Step | None:
    """Return what comes next for somebody who last worked on `last` ("" for nothing yet); None at the end.

    What is half done comes first, then the core path, then its finish, then the rest; an optional step never.
    """
    half_done = [state for state in states if state.step.id == last and state.state != "done"]
    core, further = core_path(states), further_way(states)
    if half_done and not half_done[0].step.optional:
        return half_done[0].step
    if core.missing:
        return _first_after(last, core)
    if core.is_done and further.needed and all(state.state == "new" for state in further.needed):
        return FINISH
    return _first_after(last, further)


def _first_after(last: str, way: Way) -> Step | None:
    """Return the first missing step after the last one, where that is on this way, else the first one."""
    ids = [state.step.id for state in way.states]
    place = ids.index(last) if last in ids else 0
    missing = [state.step for state in (*way.states[place:], *way.states) if state in way.missing]
    return next(iter(missing), None)


def following(states: Sequence["StepState"], step_id: str) -> Step | None:
    """Return the step behind one on its way, done or not; FINISH at the end of the core path, else None."""
    ids = [state.step.id for state in states]
    if step_id not in ids:
        return None
    place = ids.index(step_id)
    is_core = states[place].step.core
    after = (state.step for state in states[place + 1 :] if state.step.core == is_core)
    return next((step for step in after if not step.optional), FINISH if is_core else None)


def in_hours(minutes: int) -> str:
    """Say how long something takes: 45 minutes, 2 hours, 3 hours 10 minutes."""
    hours, rest = divmod(minutes, 60)
    said = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    if rest or not hours:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(said)
