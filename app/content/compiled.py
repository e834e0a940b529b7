"""Quizzes as read before: unchanged files are not parsed, validated and judged again at every start.

An entry carries a key, which is a hash of the file, of its place and of this engine, and a hash of itself.
Whatever does not match, is damaged or can't be read is as good as not there, and is made anew. It is JSON,
so that nothing in it can run.
"""

import gc
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from app import __version__
from app.content.files import MAX_QUIZ_BYTES, name_of
from app.content.problems import Problem
from app.quiz.plain import from_plain, to_plain
from app.quiz.types import Question, Quiz, QuizSettings, Unread

Read = tuple[Quiz | None, tuple[Problem, ...], dict[str, tuple[int, int]]]


class Compiled:
    """A folder of entries, one for each quiz file that was read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_quiz(self, file: Path, root: Path) -> Read:
        """Read a quiz file, from its entry where that still holds."""
        data = _bytes_of(file)
        if data is None:
            return _read(file, root)
        key = _key(file, root, data)
        entry = self.folder / f"{hashlib.sha256(str(file).encode()).hexdigest()[:32]}.json"
        known = _load(entry, key, file)
        if known is not None:
            return known
        read = _read(file, root)
        self._store(entry, key, read)
        return read

    def _store(self, entry: Path, key: str, read: Read) -> None:
        """Write an entry whole; where that is not possible, the next start reads the file again."""
        asked = read[0].questions if read[0] else ()
        index, questions = _bytes(_index(read)), _bytes([to_plain(each) for each in asked])
        whole = b"\n".join((f"{key} {_hash(index, questions)}".encode(), index, questions))
        try:
            self.folder.mkdir(exist_ok=True)  # but not the home around it: looking makes none
            descriptor, draft = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(whole)
            Path(draft).replace(entry)
        except OSError:
            return


def _read(file: Path, root: Path) -> Read:
    from app.content.quiz_file import read_quiz  # only now: a start without changes needs no models

    return read_quiz(file, root)


def _bytes_of(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() and file.stat().st_size <= MAX_QUIZ_BYTES else None
    except OSError:
        return None


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _key(file: Path, root: Path, data: bytes) -> str:
    place = f"{engine()}\0{name_of(file, root)}\0".encode()
    return hashlib.sha256(place + hashlib.sha256(data).digest()).hexdigest()


@cache
def engine() -> str:
    """Name this engine: its version, and when its files were written, so that an edit counts at once."""
    rooms = (Path(__file__).parent, Path(__file__).parents[1] / "quiz")
    files = sorted(file for room in rooms for file in room.glob("*.py"))
    stamps = (f"{file.name} {file.stat().st_mtime_ns} {file.stat().st_size}" for file in files)
    return "\n".join((__version__, *stamps))


@contextmanager
def no_collection() -> Iterator[None]:
    """Do not look for garbage while a hundred thousand values are made that all stay: half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(entry: Path, key: str, file: Path) -> Read | None:
    try:
        head, index, questions = entry.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):  # there is none, or it is damaged
        return None
    if head.decode("ascii", "replace") != f"{key} {_hash(index, questions)}":
        return None
    data = json.loads(index)
    if not all((file.parent / picture).is_file() for picture in data["pictures"]):
        return None  # a picture that is gone is a mistake
    problems = tuple(Problem(*each) for each in data["problems"])
    marks = {name: (line, column) for name, line, column in data["marks"]}
    return (_quiz(data["quiz"], questions, file) if data["quiz"] else None), problems, marks


def _hash(index: bytes, questions: bytes) -> str:
    return hashlib.sha256(hashlib.sha256(index).digest() + hashlib.sha256(questions).digest()).hexdigest()


def _index(read: Read) -> dict[str, Any]:
    quiz, problems, marks = read
    return {
        "quiz": _plain_quiz(quiz) if quiz else None,
        "problems": [list(vars(problem).values()) for problem in problems],
        "marks": [[name, *place] for name, place in marks.items()],
        "pictures": sorted(quiz.pictures) if quiz else [],
    }


def _plain_quiz(quiz: Quiz) -> dict[str, Any]:
    facts = {**vars(quiz), "settings": vars(quiz.settings), "questions": quiz.ids}
    del facts["path"]
    return facts


def _quiz(data: dict[str, Any], questions: bytes, file: Path) -> Quiz:
    """Make the quiz; its questions are read when one of them is looked at."""

    def make() -> tuple[Question, ...]:
        return tuple(from_plain(each) for each in json.loads(questions))

    settings = QuizSettings(**data.pop("settings"))
    asked = Unread(tuple(data.pop("questions")), make)
    return Quiz(**data, settings=settings, questions=asked, path=file)
