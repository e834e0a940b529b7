"""Which quiz files an author means."""

import os
from collections.abc import Sequence
from pathlib import Path

from app.cli.place import one_of
from app.config import read_settings
from app.errors import UsageError


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


def _one(name: str, known: dict[str, Path]) -> Path:
    if Path(name).is_file():
        return Path(name)
    return known[one_of("quiz", name, list(known))]


def _in(folder: Path) -> list[Path]:
    return sorted((folder / "quizzes").glob("*.yaml"))
