"""The command line on a tiny course, with a home of its own."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.cli.tiny_course import write_course


@dataclass(frozen=True)
class Learner:
    """Someone who types commands."""

    home: Path
    content: Path

    @property
    def program(self) -> Path:
        """The learner's own file of the exercise."""
        return self.home / "exercises" / "greet" / "python" / "receiver.py"

    def types(self, *words: str, answers: str | None = None) -> Result:
        """Run a command in this process; standard output and standard error apart."""
        return CliRunner().invoke(main, words, input=answers, prog_name="course")

    def writes(self, text: str) -> None:
        """Save the program."""
        self.program.parent.mkdir(parents=True, exist_ok=True)
        self.program.write_text(text, encoding="utf-8")


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny course, which the commands take for the whole course."""
    folder = write_course(tmp_path / "content")
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: (folder, *overlays))
    return folder


@pytest.fixture
def learner(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Learner:
    """A learner with a new home, who stands in no special folder."""
    home = tmp_path / "home"
    monkeypatch.setenv("COURSE_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return Learner(home, content)
