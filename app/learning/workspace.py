"""The learner's own files: made from the starter, read, saved without losing an edit, reset."""

import base64
import binascii
import difflib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.errors import EditConflict, UsageError
from app.learning.classroom import Classroom
from app.learning.files import (
    MAX_BYTES,
    MAX_FILES,
    check_name,
    is_good_name,
    list_files,
    read_plain,
    unusable_home,
    version_of,
    write_whole,
)

if TYPE_CHECKING:
    from app.content.course import Exercise


@dataclass(frozen=True)
class LearnerFile:
    """One file of the learner; version is the sha256 of its bytes, "" for a file that is not there."""

    name: str
    text: str
    version: str
    given: bool = False  # comes with the exercise; at a check the course's own copy is used
    editable: bool = True  # False: not UTF-8 text, or too large; text is then empty


def exercise_folder(classroom: Classroom, exercise_id: str, language: str) -> Path:
    """Return the learner's folder; a new one holds their last pass of `starts_from`, else the starter."""
    exercise = classroom.exercise(exercise_id)
    folder = _place(classroom, exercise, language)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is no plain folder.", "Move it away; the course then makes a new one.")
    if not folder.exists():
        carried = _carried(classroom, exercise, language)
        _make(folder, _beginning(exercise, language, carried))
    return folder


def begun_languages(home: Path, exercise_id: str) -> frozenset[str]:
    """Return the languages in which the learner has a folder for the exercise."""
    place = home / "exercises" / exercise_id
    return frozenset(path.name for path in place.iterdir()) if place.is_dir() else frozenset()


def started_folder(classroom: Classroom, exercise_id: str, language: str) -> Path | None:
    """Return the learner's folder where there is one already; it is not made."""
    folder = _place(classroom, classroom.exercise(exercise_id), language)
    return folder if folder.is_dir() and not folder.is_symlink() else None


def write_beginning(classroom: Classroom, exercise_id: str, language: str, folder: Path) -> bool:
    """Write into `folder` what a new folder would hold; tell whether that is the learner's own last pass."""
    exercise = classroom.exercise(exercise_id)
    carried = _carried(classroom, exercise, language)
    for name, data in _beginning(exercise, language, carried).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return bool(carried)


def read_files(classroom: Classroom, exercise_id: str, language: str) -> tuple[LearnerFile, ...]:
    """Read the learner's files, the main file first, the given ones last."""
    exercise = classroom.exercise(exercise_id)
    folder = exercise_folder(classroom, exercise_id, language)
    given = _given(exercise, language)
    main = exercise.language(language).main
    files = [_read(folder, name, name in given) for name in list_files(folder)]
    return tuple(sorted(files, key=lambda file: (file.given, file.name != main, file.name)))


def save_file(
    classroom: Classroom, exercise_id: str, language: str, name: str, text: str, version: str
) -> LearnerFile:
    """Write one file whole or not at all; EditConflict where the file is no longer `version`."""
    check_name(name)
    exercise = classroom.exercise(exercise_id)
    folder = exercise_folder(classroom, exercise_id, language)
    if name in _given(exercise, language):
        raise UsageError(f"{name} comes with the exercise.", "A check uses the course's own copy of it.")
    with classroom.saving:
        now = _read(folder, name, given=False)
        if not now.editable:
            raise UsageError(f"{name} is no text that can be edited here.", "Use your own editor.")
        data = _encoded(text, folder / name)
        if now.version != version and now.version != version_of(data):
            raise _conflict(now)
        if not now.version and len(list_files(folder)) >= MAX_FILES:
            raise UsageError(f"There are {MAX_FILES} files already.", "Remove one first.")
        _write_inside(folder, name, data)
    classroom.store.steps.work_on(exercise.id, classroom.now, language)
    return _read(folder, name, given=False)


def about_to_carry(classroom: Classroom, exercise_id: str, language: str) -> "Exercise | None":
    """Return the exercise whose last pass a new folder would begin with; None where there is a folder."""
    exercise = classroom.exercise(exercise_id)
    if _place(classroom, exercise, language).exists() or not _carried(classroom, exercise, language):
        return None
    return classroom.exercise(exercise.starts_from or "")


def can_carry(classroom: Classroom, exercise_id: str, language: str) -> bool:
    """Tell whether a passed solution of `starts_from` is there to begin from."""
    return bool(_carried(classroom, classroom.exercise(exercise_id), language))


def reset(
    classroom: Classroom,
    exercise_id: str,
    language: str,
    origin: Literal["starter", "carried"] = "starter",
) -> Path:
    """Begin anew; return the folder in which the old files are kept."""
    exercise = classroom.exercise(exercise_id)
    carried = _carried(classroom, exercise, language) if origin == "carried" else {}
    if origin == "carried" and not carried:
        raise UsageError(
            f"There is no passed solution to carry into {exercise.id}.", "Begin from the starter."
        )
    with classroom.saving:
        folder = exercise_folder(classroom, exercise_id, language)
        kept = _backup_place(classroom, exercise, language)
        folder.rename(kept)
        _make(folder, _beginning(exercise, language, carried))
    classroom.store.steps.work_on(exercise.id, classroom.now, language)
    return kept


def solution_diff(classroom: Classroom, exercise_id: str, language: str) -> str:
    """Return the unified diff from the learner's files to the solution; UsageError before a pass."""
    exercise = classroom.exercise(exercise_id)
    folder = exercise_folder(classroom, exercise_id, language)
    if classroom.store.runs.passed_files(exercise.id, language) is None:
        raise UsageError(
            f"The solution of {exercise.id} is shown after you passed it.", f"Try course hint {exercise.id}."
        )
    solution = exercise.solutions(language)[0]
    return "".join(_diff(folder, solution, name) for name in list_files(solution))


def _place(classroom: Classroom, exercise: "Exercise", language: str) -> Path:
    return classroom.settings.home / "exercises" / exercise.id / exercise.language(language).name


def _given(exercise: "Exercise", language: str) -> Mapping[str, bytes]:
    return _contents(exercise.support(language))


def _carried(classroom: Classroom, exercise: "Exercise", language: str) -> Mapping[str, bytes]:
    """The files of the last pass of `starts_from`; names are checked, for they may come from an import."""
    if exercise.starts_from is None:
        return {}
    stored = classroom.store.runs.passed_files(exercise.starts_from, language) or {}
    try:
        return {n: base64.b64decode(text, validate=True) for n, text in stored.items() if is_good_name(n)}
    except (binascii.Error, ValueError, TypeError):
        return {}


def _beginning(exercise: "Exercise", language: str, carried: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return {**_contents(exercise.starter(language)), **carried, **_given(exercise, language)}


def _contents(folder: Path | None) -> Mapping[str, bytes]:
    if folder is None:
        return {}
    found = {name: read_plain(folder / name) for name in list_files(folder)}
    return {name: data for name, data in found.items() if data is not None}


def _make(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder complete or not at all: a half-made one would never be completed."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        raise unusable_home(folder.parent, error) from error
    try:
        for name, data in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        draft.chmod(0o755)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.is_dir():  # else another process made it at the same moment
            raise UsageError(
                f"{folder} can't be made: {error.strerror}.", "Look at its permissions."
            ) from error


def _read(folder: Path, name: str, given: bool) -> LearnerFile:
    path = folder / name
    if not path.is_symlink() and not path.exists():
        return LearnerFile(name, "", "", given)
    data = read_plain(path)
    if data is None:
        return LearnerFile(name, "", "unreadable", given, editable=False)
    try:
        return LearnerFile(name, data.decode("utf-8"), version_of(data), given)
    except UnicodeDecodeError:
        return LearnerFile(name, "", version_of(data), given, editable=False)


def _encoded(text: str, path: Path) -> bytes:
    """A form sends CR LF; the file keeps the line ends it has."""
    plain = text.replace("\r\n", "\n")
    before = read_plain(path) or b""
    try:
        data = (plain.replace("\n", "\r\n") if b"\r\n" in before else plain).encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("This text can't be saved: it holds half a character.", "Remove it.") from error
    if len(data) > MAX_BYTES:
        raise UsageError(f"A file may hold {MAX_BYTES // 1024} KiB at most.", "Nothing was saved.")
    return data


def _conflict(now: LearnerFile) -> EditConflict:
    return EditConflict(
        f"{now.name} changed on the disk since you opened it.",
        "Nothing was overwritten: both versions are here. Join them and save again.",
        current_text=now.text,
        current_version=now.version,
    )


def _write_inside(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{name} lies behind a link.", "The course writes only into the exercise's folder.")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, workroom=folder.parent, mode=mode)
    except OSError as error:
        raise UsageError(
            f"{path} could not be saved: {error.strerror}.",
            "The file is as it was before; make room and save again.",
        ) from error


def _backup_place(classroom: Classroom, exercise: "Exercise", language: str) -> Path:
    base = classroom.settings.home / "backups" / exercise.id
    base.mkdir(parents=True, exist_ok=True)
    moment = classroom.clock().strftime("%Y-%m-%d-%H%M%S")
    names = (f"{language}-{moment}{suffix}" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(base / name for name in names if not (base / name).exists())


def _diff(folder: Path, solution: Path, name: str) -> str:
    mine, right = (_lines(read_plain(place / name)) for place in (folder, solution))
    return "".join(difflib.unified_diff(mine, right, f"yours/{name}", f"solution/{name}"))


def _lines(data: bytes | None) -> list[str]:
    text = (data or b"").decode("utf-8", "replace")
    return [line if line.endswith("\n") else line + "\n" for line in text.splitlines(keepends=True)]
