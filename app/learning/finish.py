"""What the learner proved on the core path: which checks of which exercises, which quizzes; what is left."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.learning.classroom import Classroom
from app.learning.progress import StepState, step_states
from app.learning.ways import Way, core_path, further_way
from app.store.rows import JUDGED, RunSummary

if TYPE_CHECKING:
    from app.content.course import Exercise


@dataclass(frozen=True)
class Proof:
    """An exercise as it was passed last, else as it was run last: each check, and whether it passed."""

    state: StepState
    language: str
    day: str  # ISO, of the run
    checks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Finish:
    """The end of the core path as it stands; `further` is the rest of the course."""

    core: Way
    further: Way
    proofs: tuple[Proof, ...]

    @property
    def quizzes(self) -> tuple[StepState, ...]:
        """The quizzes that were passed."""
        return self._done("quiz")

    @property
    def lessons(self) -> tuple[StepState, ...]:
        """The lessons that were read."""
        return self._done("lesson")

    def _done(self, kind: str) -> tuple[StepState, ...]:
        return tuple(state for state in self.core.states if state.step.kind == kind and state.state == "done")


def finish(classroom: Classroom) -> Finish:
    """Gather what was proved so far."""
    states = step_states(classroom)
    core = core_path(states)
    runs = [run for run in classroom.store.runs.summaries() if run.verdict in JUDGED]
    tried = [(state, _telling(runs, state.step.id)) for state in core.states if state.step.kind == "exercise"]
    proofs = tuple(_proof(classroom, state, run) for state, run in tried if run is not None)
    return Finish(core, further_way(states), proofs)


def _telling(runs: list[RunSummary], exercise_id: str) -> RunSummary | None:
    """Return the last pass of an exercise, else its last failure."""
    found = [run for run in runs if run.exercise == exercise_id]
    return max(found, key=lambda run: (run.verdict == "passed", run.started_at), default=None)


def _proof(classroom: Classroom, state: StepState, run: RunSummary) -> Proof:
    exercise: Exercise = classroom.course.exercise(state.step.id)
    passed = {each.check_id for each in classroom.store.runs.results(run.id) if each.outcome == "passed"}
    checks = tuple((check.title, check.id in passed) for check in exercise.checks)
    return Proof(state, run.language, run.started_at[:10], checks)
