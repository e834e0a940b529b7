"""Which quiz files an author means."""

import os
from collections.abc import Sequence
from pathlib import Path

from app.cli.place import one_of
from app.config import read_settings
from app.errors import ContentError, UsageError


def quiz_files(named: Sequence[str]) -> list[Path]:
    """Find quizzes by id or path; without a name, all of the folder that authors write into."""
    from app.content.loader import find_content, folder_to_write

    folders = [each for each in find_content(read_settings(os.environ).content) if each.name != "_content"]
    if named:
        known = {file.stem: file for folder in folders for file in _in(folder)}
        return [_one(name, known) for name in named]
    root = folder_to_write(folders)
    if root is None:
        raise UsageError("There is no folder of your own to write into.", "Name one in COURSE_CONTENT.")
    return _in(root)


def readable_quiz(named: str) -> Path:
    """Find one quiz by id or path, wherever it lies."""
    from app.content.loader import find_content

    folders = find_content(read_settings(os.environ).content)
    return _one(named, {file.stem: file for folder in folders for file in _in(folder)})


def text_of(file: Path) -> str:
    """Read a file whole; ContentError for one that is no text or too large."""
    from app.content.files import MAX_QUIZ_BYTES, read_text

    text, problems = read_text(file, file.name, MAX_QUIZ_BYTES)
    if text is None:
        raise ContentError(f"{file.name} can't be read:", "Nothing was written.", problems=problems)
    return text


def _one(name: str, known: dict[str, Path]) -> Path:
    if Path(name).is_file():
        return Path(name)
    return known[one_of("quiz", name, list(known))]


def _in(folder: Path) -> list[Path]:
    return sorted((folder / "quizzes").glob("*.yaml"))
