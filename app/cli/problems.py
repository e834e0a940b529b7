"""Problems of content files, for people, programs and pull requests."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.clean import one_line
from app.errors import UsageError

if TYPE_CHECKING:
    from app.content.problems import Problem


@dataclass(frozen=True)
class Place:
    """A problem and the file in which it is."""

    problem: "Problem"
    file: Path

    @property
    def path(self) -> str:
        """Name the file as seen from the current folder."""
        try:
            return self.file.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return str(self.file)


def located(problems: Sequence["Problem"], roots: Sequence[Path]) -> list[Place]:
    """Find the file of each problem; a folder that lies over another comes first."""
    return [Place(problem, _file(problem.path, roots)) for problem in problems]


def _file(name: str, roots: Sequence[Path]) -> Path:
    candidates = [(root / name).resolve() for root in reversed(roots)]
    return next((path for path in candidates if path.exists()), candidates[-1] if candidates else Path(name))


def with_folders_of(paths: Sequence[Path], roots: Sequence[Path]) -> tuple[Path, ...]:
    """Lay the content folders of paths outside the course over it, so that they can be judged, too."""
    found = [root.resolve() for root in roots]
    for path in (path.resolve() for path in paths):
        if any(path.is_relative_to(root) for root in found):
            continue
        root = next((folder for folder in (path, *path.parents) if _holds_content(folder)), None)
        if root is None:
            raise UsageError(
                f"{path} is no part of a course.",
                "Name a file in a folder called lessons, exercises or quizzes, or the folder above these.",
            )
        found.append(root)
    return tuple(found)


def _holds_content(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in ("lessons", "exercises", "quizzes"))


def below(places: Sequence[Place], paths: Sequence[Path]) -> list[Place]:
    """Keep the problems in these files and folders; all of them where none is named."""
    named = [path.resolve() for path in paths]
    return [place for place in places if not named or any(place.file.is_relative_to(path) for path in named)]


def write(places: Sequence[Place], form: str) -> None:
    """Print the problems in one of the formats text, json, github."""
    if form == "json":
        click.echo(json.dumps([_as_data(place) for place in places], indent=1))
        return
    line_of = _github_line if form == "github" else _text_line
    for place in places:
        click.echo(line_of(place))
    if form == "text":
        click.echo(_summary(places), err=True)


def _as_data(place: Place) -> dict[str, Any]:
    problem = place.problem
    return {
        "path": place.path,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "level": problem.level,
        "message": problem.message,
    }


def _text_line(place: Place) -> str:
    problem = place.problem
    level = "" if problem.level == "error" else f"{problem.level}: "
    where = f"{place.path}:{problem.line}:{problem.column}"
    return one_line(f"{where} {problem.code} {level}{problem.message}")


def _github_line(place: Place) -> str:
    problem = place.problem
    where = f"file={_property(place.path)},line={problem.line},col={problem.column}"
    return f"::{problem.level} {where},title={_property(problem.code)}::{_data(problem.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(places: Sequence[Place]) -> str:
    if not places:
        return "No mistakes found."
    errors = sum(place.problem.level == "error" for place in places)
    return f"{_count(errors, 'error')}, {_count(len(places) - errors, 'warning')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
