"""What a learner types at a question: an answer, or one of a few commands of one sign."""

import sys
from collections.abc import Sequence

from app.cli.clean import one_line
from app.cli.quiz_forms import END
from app.cli.screen import Screen

COMMANDS = ("?", "!", "q", "quit")  # a hint, the answer, stop


class Stop(Exception):
    """The learner stops for now."""


STOPPED = (Stop, KeyboardInterrupt)  # Ctrl-C at any moment is no accident


class Keyboard:
    """Reads lines; the end of the input stops, as q does."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    @property
    def has_a_person(self) -> bool:
        """Whether somebody sits there, who may want to read before going on."""
        return sys.stdin.isatty()

    def answer(self, *, many_lines: bool) -> str:
        """Read an answer or a command; Stop where the input ends before one was begun."""
        first = self.line("> ")
        if not many_lines or first.strip() in COMMANDS:
            return first
        lines: list[str] = []
        line: str | None = first
        while line is not None and line.strip() != END:
            lines.append(line)
            line = self._next("> ")
        return "\n".join(lines)

    def line(self, prompt: str) -> str:
        """Read one line; Stop where there is none."""
        line = self._next(prompt)
        if line is None:
            raise Stop
        return line

    def choice(self, prompt: str, among: Sequence[str]) -> str:
        """Read one of a few words, or nothing; whatever else is typed counts as nothing."""
        typed = self.line(prompt).strip().lower()
        return next((word for word in among if typed and word.startswith(typed)), "")

    def _next(self, prompt: str) -> str | None:
        stream = self.screen.console.file
        stream.write(prompt)
        stream.flush()
        line = sys.stdin.readline()
        if not self.has_a_person:  # nobody's typing is seen, so what came is shown
            stream.write(f"{one_line(line.rstrip())}\n")
        return line.rstrip("\r\n") if line else None
