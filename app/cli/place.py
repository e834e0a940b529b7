"""Where the learner is: the classroom, the exercise that a command means, and the language."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Settings, read_settings
from app.errors import ContentError, NotFound, UsageError
from app.learning.classroom import Classroom, open_classroom

if TYPE_CHECKING:
    from app.content.course import Exercise


@dataclass(frozen=True)
class Place:
    """One exercise in one language."""

    exercise: "Exercise"
    language: str


@contextmanager
def classroom_of_environment() -> Iterator[Classroom]:
    """Open the classroom that the settings describe, and close what it started."""
    classroom = open_classroom(read_settings(os.environ))
    try:
        yield classroom
    finally:
        classroom.close()


@contextmanager
def naming_broken_files(classroom: Classroom, step_id: str) -> Iterator[None]:
    """Where something is not found because its files are wrong, say that instead."""
    try:
        yield
    except NotFound:
        of_step = re.compile(rf"(?:^|[/-]){re.escape(step_id)}(?:/|\.)")
        wrong = [
            each for each in classroom.course.problems if each.level == "error" and of_step.search(each.path)
        ]
        if not wrong:
            raise
        raise ContentError(
            f"{step_id} can't be used, because its files have mistakes:",
            "Correct them, then try again.",
            problems=wrong,
        ) from None


def find_place(classroom: Classroom, named: str | None, language: str | None = None) -> Place:
    """Find the exercise by id or path; without one, that of the current folder, else the current one."""
    exercise_id, folder_language = _named(classroom.settings, named)
    if exercise_id is None:
        exercise_id = _current(classroom)
    with naming_broken_files(classroom, exercise_id):
        exercise = classroom.exercise(exercise_id)
    return Place(exercise, _language(classroom, exercise, language or folder_language))


def likely_language(settings: Settings, named: str | None, language: str | None) -> str:
    """Guess the language from folders alone, without reading the exercise; Python where nothing tells."""
    from app.learning.workspace import begun_languages

    try:
        exercise_id, folder_language = _named(settings, named)
    except UsageError:
        return language or "python"  # find_place says what is wrong
    begun = begun_languages(settings.home, exercise_id) if exercise_id else frozenset()
    return language or folder_language or (next(iter(begun)) if len(begun) == 1 else "python")


def _named(settings: Settings, named: str | None) -> tuple[str | None, str | None]:
    if named is None:
        return _of_folder(settings, Path.cwd()) or (None, None)
    if not _is_path(named):
        return named, None
    found = _of_folder(settings, Path(named).absolute())
    if found is None:
        raise UsageError(
            f"{named} is no folder of an exercise.", "`course list` shows the ids of all exercises."
        )
    return found


def _is_path(named: str) -> bool:
    return os.sep in named or named in (".", "..") or Path(named).is_dir()


def _of_folder(settings: Settings, path: Path) -> tuple[str, str | None] | None:
    """Read exercise and language from a path in the learner's home or in the course's own files."""
    own = (settings.home / "exercises").resolve()
    path = path.resolve()
    if path.is_relative_to(own):
        parts = path.relative_to(own).parts
        return (parts[0], parts[1] if len(parts) > 1 else None) if parts else None
    for folder in (path, *path.parents):
        if (folder / "exercise.yaml").is_file():
            return folder.name.partition("-")[2], None
    return None


def _current(classroom: Classroom) -> str:
    from app.learning.progress import current_exercise

    exercise_id = current_exercise(classroom)
    if exercise_id is None:
        raise UsageError("The course has no exercise.", "`course lint` says whether a file is wrong.")
    return exercise_id


def _language(classroom: Classroom, exercise: "Exercise", chosen: str | None) -> str:
    names = [language.name for language in exercise.languages]
    if chosen is None:
        from app.learning.progress import language_of

        return names[0] if len(names) == 1 else language_of(classroom, exercise.id)
    if chosen not in names:
        raise UsageError(
            f"{exercise.id} is not offered in {chosen!r}.", f"Choose one of: {', '.join(names)}."
        )
    return chosen


def short(path: Path) -> str:
    """Write a path as a person would: ~ for their own folder."""
    try:
        return f"~{os.sep}{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def one_of(word: str, name: str, known: Sequence[str], advice: str = "") -> str:
    """Return the name if it is known, else a UsageError that offers the nearest one."""
    if name in known:
        return name
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    meant = f"Did you mean {near[0]}?" if near else advice or f"Choose one of: {', '.join(known)}."
    raise UsageError(f"There is no {word} {name!r}.", meant)
