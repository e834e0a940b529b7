"""A quiz on a real terminal: a person reads before going on, reports what is wrong, and wants no colour."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Learner

pty = pytest.importorskip("pty", reason="a terminal of this kind is on POSIX only")


class Terminal:
    """A pseudo terminal on which somebody takes the tiny course's quiz."""

    def __init__(self, learner: Learner, folder: Path, **changes: str) -> None:
        ours, theirs = pty.openpty()
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "COURSE_CONTENT": str(learner.content),
            **changes,
        }
        environment.pop("CI", None)
        command = [sys.executable, "-m", "app.cli", "quiz", "basics-quiz"]
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder
        )
        os.close(theirs)
        self._screen = os.fdopen(ours, "r+b", buffering=0)
        self.seen = ""

    def waits_for(self, words: str) -> None:
        """Read until these words stand at the end of what is there."""
        while not self.seen.rstrip().endswith(words):
            piece = self._screen.read(1)
            assert piece, self.seen
            self.seen += piece.decode(errors="replace")

    def types(self, line: str) -> None:
        """Type a line."""
        self._screen.write(f"{line}\n".encode())

    def closes(self) -> int:
        """Hang up, as a closed window does; gives how the command ended."""
        self._screen.close()
        return self.process.wait(timeout=120)


def test_a_person_reads_reports_and_comes_back(learner: Learner, tmp_path: Path) -> None:
    """After an answer it waits; w writes a report; a window that is closed loses no answer."""
    terminal = Terminal(learner, tmp_path)
    terminal.waits_for(">")
    terminal.types("b")
    terminal.waits_for("q stops:")
    terminal.types("w")
    terminal.waits_for("What is wrong with it?")
    terminal.types("A file would do.")
    terminal.waits_for("q stops:")
    assert "A file would do." in (tmp_path / "wrong-what-is-it.json").read_text(encoding="utf-8")
    terminal.types("")
    terminal.waits_for(">")
    assert "\x1b[" in terminal.seen
    terminal.closes()
    again = learner.types("quiz", "basics-quiz", answers="").output
    assert "2 questions, 1 answered" in again
    assert "Question 1 of 2" not in again


def test_no_colour_where_none_is_wanted(learner: Learner, tmp_path: Path) -> None:
    """With NO_COLOR no colour is sent, neither for a question nor for what an answer says."""
    terminal = Terminal(learner, tmp_path, NO_COLOR="1")
    terminal.waits_for(">")
    terminal.types("b")
    terminal.waits_for("q stops:")
    terminal.types("q")
    terminal.waits_for("course quiz basics-quiz")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", terminal.seen)
    terminal.closes()
