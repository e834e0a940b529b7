"""The settings table: every setting has a name, a default and a sentence of help."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import UsageError


@dataclass(frozen=True)
class Setting:
    """One environment variable that the course reads."""

    name: str
    default: str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("COURSE_HOME", "~/webhook-course", "The folder of your own files and your progress."),
    Setting("COURSE_CONTENT", "", "Folders with more lessons, exercises and quizzes, separated as in PATH."),
    Setting("COURSE_PORT", "4747", "The port of the site on the loopback address."),
    Setting("COURSE_DATABASE", "", "A database URL as SQLAlchemy reads it; empty: progress.db in the home."),
    Setting("COURSE_ISOLATION", "auto", "auto: isolate programs where the system can; off: plain limits."),
    Setting("COURSE_SLOTS", "1", "How many check runs the site keeps started in advance; 0: none."),
)


MOST_SLOTS = 16
"""Each waiting slot holds about 45 MB of memory."""


@dataclass(frozen=True)
class Settings:
    """The values of all settings, checked."""

    home: Path
    content: tuple[Path, ...]
    port: int
    database: str
    isolation: str
    slots: int = 1


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read every setting; a bad value is a UsageError that names the variable."""
    value = {setting.name: environ.get(setting.name) or setting.default for setting in SETTINGS}
    return Settings(
        home=_folder("COURSE_HOME", value["COURSE_HOME"], environ),
        content=tuple(
            _folder("COURSE_CONTENT", part, environ)
            for part in value["COURSE_CONTENT"].split(os.pathsep)
            if part
        ),
        port=_port("COURSE_PORT", value["COURSE_PORT"]),
        database=_database("COURSE_DATABASE", value["COURSE_DATABASE"]),
        isolation=_one_of("COURSE_ISOLATION", value["COURSE_ISOLATION"], ("auto", "off")),
        slots=_number("COURSE_SLOTS", value["COURSE_SLOTS"], MOST_SLOTS),
    )


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return where what is fetched for a language is kept, shared by all homes."""
    base = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return _folder("XDG_DATA_HOME", base, environ) / "webhook-course"


def _folder(name: str, text: str, environ: Mapping[str, str]) -> Path:
    if "\0" in text:
        raise UsageError(f"{name} holds a zero byte.", "Give the path of a folder.")
    if text == "~" or text.startswith("~/"):
        user_home = environ.get("HOME") or str(Path.home())
        return Path(user_home + text[1:]).absolute()
    return Path(text).absolute()


def _port(name: str, text: str) -> int:
    if text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= 65535:
        return int(text)
    raise UsageError(f"{name} is {text!r}, which is no port.", "Give a whole number from 1 to 65535.")


def _number(name: str, text: str, most: int) -> int:
    if text.isascii() and text.isdecimal() and int(text[:6]) <= most:
        return int(text)
    raise UsageError(f"{name} is {text!r}.", f"Give a whole number from 0 to {most}.")


def _database(name: str, text: str) -> str:
    if text and "://" not in text:
        raise UsageError(
            f"{name} is {text!r}, which is no database URL.",
            "Write sqlite:////path/to/progress.db, or leave it empty for progress.db in the home.",
        )
    return text


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text in choices:
        return text
    raise UsageError(f"{name} is {text!r}.", f"Give one of: {', '.join(choices)}.")
