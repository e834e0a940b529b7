"""Read content files: text, of a sane size, with a problem instead of an exception."""

import re
import stat
from pathlib import Path

from app.content.problems import Problem

MAX_BYTES = 256 * 1024
MAX_QUIZ_BYTES = 16 * 1024 * 1024  # ten thousand questions, with room
IMAGE_SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DRAWN = re.compile(r"([^.]+)\.[0-9a-f]{12}\.svg")  # the picture of a diagram of the quiz in front
NUMBERED = re.compile(r"(\d{2,4})-([a-z0-9]+(?:-[a-z0-9]+)*)")


def name_of(file: Path, root: Path) -> str:
    """Give a file's name as a person in the content folder would type it."""
    return file.relative_to(root).as_posix()


def read_text(file: Path, name: str, most: int = MAX_BYTES) -> tuple[str | None, tuple[Problem, ...]]:
    """Read a text file whole, of `most` bytes; line ends become newlines."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None, (Problem(name, 1, 1, "Y010", "This is not a file. Remove it or put a file here."),)
        with file.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        message = f"The file can't be read: {error.strerror or error}. Check that it exists and is readable."
        return None, (Problem(name, 1, 1, "Y010", message),)
    if len(data) > most:
        message = f"The file is larger than {most // 1024} KiB. Split it."
        return None, (Problem(name, 1, 1, "Y006", message),)
    return _decoded(data, name)


def _decoded(data: bytes, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return None, (Problem(name, line, column, "Y007", "This byte is not UTF-8. Save the file as UTF-8."),)
    return text.replace("\r\n", "\n").replace("\r", "\n"), ()


def entries(folder: Path) -> list[Path]:
    """Give what stands in a folder, by name, without what tools leave behind."""
    left_behind = ("__pycache__", "node_modules")
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in found if path.name not in left_behind and not path.name.startswith(".")]


def slug(text: str) -> str:
    """Make an id of a text: its first words, in small letters, joined by hyphens."""
    made = ""
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        if made and len(made) + len(word) + 1 > 60:
            break
        made = f"{made}-{word}" if made else word[:60]
    return made or "text"
