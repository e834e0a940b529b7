"""How far the learner is, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.learning.classroom import Classroom
from app.learning.ways import next_of
from app.learning.workspace import begun_languages, exercise_folder
from app.store.rows import JUDGED

if TYPE_CHECKING:
    from app.content.course import Step
    from app.learning.attempts import Standing
    from app.quiz.types import Quiz
    from app.store.rows import RunSummary

State = Literal["new", "started", "done"]


@dataclass(frozen=True)
class StepState:
    """How far one step is; detail is for people, such as "5 of 8 checks"."""

    step: "Step"
    state: State
    detail: str = ""


def step_states(classroom: Classroom) -> tuple[StepState, ...]:
    """Return the state of every step in the order of the course."""
    from app.learning.attempts import all_standings

    course, store = classroom.course, classroom.store
    read = store.steps.read_lessons()
    worked_on = frozenset(row.step for row in store.steps.worked_on())
    runs = _runs_by_exercise(classroom)
    quizzes = {quiz.id: quiz for quiz in course.quizzes}
    attempts = all_standings(classroom.attempts, course.quizzes)

    def state_of(step: "Step") -> StepState:
        if step.kind == "lesson":
            return StepState(step, _lesson_state(step.id, read, worked_on))
        if step.kind == "exercise":
            return StepState(step, *_exercise_state(runs.get(step.id, ()), step.id in worked_on))
        return StepState(step, *_quiz_state(quizzes[step.id], attempts[step.id]))

    return tuple(state_of(step) for step in course.steps)


def next_step(classroom: Classroom) -> "Step | None":
    """Return what comes next: on the core path first, then its finish, then the rest; None at the end."""
    states = step_states(classroom)
    known = {state.step.id for state in states}
    worked_on = [row.step for row in classroom.store.steps.worked_on() if row.step in known]
    return next_of(states, worked_on[-1] if worked_on else "")


def mark_read(classroom: Classroom, lesson_id: str) -> None:
    """Remember that the lesson was read; the first time counts."""
    classroom.store.steps.mark_read(classroom.course.lesson(lesson_id).id, classroom.now)


def work_on(classroom: Classroom, step_id: str) -> None:
    """Remember that the learner works on this lesson, exercise or quiz now."""
    classroom.store.steps.work_on(classroom.course.find(step_id).id, classroom.now)


def current_exercise(classroom: Classroom) -> str | None:
    """Return the id of the exercise last worked on, else of the first not done, else of the first."""
    states = [state for state in step_states(classroom) if state.step.kind == "exercise"]
    known = {state.step.id for state in states}
    worked_on = [row.step for row in classroom.store.steps.worked_on() if row.step in known]
    if worked_on:
        return worked_on[-1]
    fresh = [state.step.id for state in states if state.state != "done"]
    return next(iter([*fresh, *(state.step.id for state in states)]), None)


def language_of(classroom: Classroom, exercise_id: str) -> str:
    """Return the language the learner uses for the exercise; until they chose, that of another."""
    exercise = classroom.exercise(exercise_id)
    names = [language.name for language in exercise.languages]
    begun = [name for name in names if name in begun_languages(classroom.settings.home, exercise.id)]
    if len(begun) == 1 or len(names) == 1:
        return begun[0] if begun else names[0]  # without opening the store
    remembered = classroom.store.steps.language(exercise.id) or preferred_language(classroom)
    return remembered if remembered in names else names[0]


def preferred_language(classroom: Classroom) -> str:
    """Return the language chosen last, for whichever exercise; "" before the first choice."""
    chosen = [row.language for row in classroom.store.steps.worked_on() if row.language]
    return chosen[-1] if chosen else ""


def remember_language(classroom: Classroom, exercise_id: str, language: str) -> None:
    """Remember the language for the exercise, and make its folder; UsageError if it is not offered."""
    exercise = classroom.exercise(exercise_id)
    exercise_folder(classroom, exercise.id, language)
    classroom.store.steps.work_on(exercise.id, classroom.now, exercise.language(language).name)


def export_progress(classroom: Classroom) -> dict[str, Any]:
    """Return everything stored, as plain JSON values."""
    return classroom.store.export()


def import_progress(classroom: Classroom, data: Mapping[str, Any]) -> int:
    """Add what an export holds and is not there yet; return how many rows were added."""
    return classroom.store.add(data)


def _runs_by_exercise(classroom: Classroom) -> Mapping[str, tuple["RunSummary", ...]]:
    runs: dict[str, list[RunSummary]] = {}
    for run in classroom.store.runs.summaries():
        if run.verdict in JUDGED:
            runs.setdefault(run.exercise, []).append(run)
    return {exercise: tuple(found) for exercise, found in runs.items()}


def _lesson_state(lesson_id: str, read: frozenset[str], worked_on: frozenset[str]) -> State:
    if lesson_id in read:
        return "done"
    return "started" if lesson_id in worked_on else "new"


def _exercise_state(runs: tuple["RunSummary", ...], worked_on: bool) -> tuple[State, str]:
    if any(run.verdict == "passed" for run in runs):
        return "done", "passed"
    if runs:
        counts = runs[-1].counts
        return "started", f"{counts.get('passed', 0)} of {sum(counts.values())} checks"
    return ("started", "") if worked_on else ("new", "")


def _quiz_state(quiz: "Quiz", attempts: tuple["Standing", ...]) -> tuple[State, str]:
    passed = [each.score for each in attempts if each.passed(quiz)]
    if passed:
        return "done", f"{max(passed):.0f} %"
    if not any(each.best for each in attempts):
        return "new", ""
    last = [each for each in attempts if each.best][-1]
    if last.finished:
        best = max(each.score for each in attempts if each.finished)
        return "started", f"{best:.0f} %, {quiz.pass_mark} % to pass"
    return "started", f"{len(last.best)} of {len(last.best) + len(last.open)} questions"
