"""Hints of an exercise, opened one by one and remembered."""

from app.learning.classroom import Classroom


def opened_hints(classroom: Classroom, exercise_id: str) -> tuple[str, ...]:
    """Return the hints opened so far, in order."""
    exercise = classroom.exercise(exercise_id)
    return exercise.hints[: classroom.store.steps.hints(exercise.id)]


def open_hint(classroom: Classroom, exercise_id: str) -> str | None:
    """Open and return the next hint; None when all are open."""
    exercise = classroom.exercise(exercise_id)
    number = classroom.store.steps.open_hint(exercise.id, len(exercise.hints), classroom.now)
    return exercise.hints[number - 1] if number is not None else None
