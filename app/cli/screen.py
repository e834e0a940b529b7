"""The screen: calm text that reads well with and without colour, wide or narrow."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console, RenderableType
from rich.segment import Segment, Segments
from rich.text import Text
from rich.theme import Theme

from app.cli.clean import clean, one_line

COPIED = ("command", "path")
"""Styles of text that people copy: it is never broken."""

WIDEST = 88
"""Longer lines are hard to read."""

THEME = Theme(
    {
        "good": "green",
        "bad": "bold red",
        "quiet": "dim",
        "strong": "bold",
        "command": "cyan",
        "path": "",
        "label": "dim",
        "markdown.code": "cyan",
        "markdown.link_url": "dim",
        "markdown.item.bullet": "dim",
        "markdown.item.number": "dim",
        "markdown.hr": "dim",
    }
)


@dataclass(frozen=True)
class Marks:
    """The signs before a line; letters where the terminal knows no others."""

    passed: str
    failed: str
    skipped: str
    running: str
    bar: str
    dot: str
    dash: str


UNICODE = Marks(passed="✓", failed="✗", skipped="–", running="·", bar="│", dot="·", dash="—")
PLAIN = Marks(passed="+", failed="x", skipped="-", running=".", bar="|", dot="-", dash="-")


class Screen:
    """Writes to a terminal or a file; what others wrote goes through `clean` before."""

    def __init__(self) -> None:
        _never_fail_to_encode(sys.stdout)
        self.console = Console(theme=THEME, highlight=False, markup=False, emoji=False)
        self.console.width = min(self.console.width, WIDEST)
        self.marks = UNICODE if self.console.encoding.lower().startswith("utf") else PLAIN
        self._passing = ""

    @property
    def live(self) -> bool:
        """Whether a line may be written and taken back again."""
        return self.console.file.isatty() and not self.console.is_dumb_terminal

    def say(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """Write a paragraph: parts are text or (text, style); lines are broken between words."""
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(clean(words), style)
        self.show(text, indent=indent)

    def show(self, what: RenderableType, *, indent: int = 0, width: int = 0) -> None:
        """Write something that rich lays out, without the blanks which that leaves around it.

        `width` is for what must not be broken, such as code that is copied: the terminal wraps it.
        """
        self.take_back()
        options = self.console.options.update_width(max(20, self.console.width - indent, width))
        lines = self.console.render_lines(what, options, pad=False)
        while lines and not any(segment.text.strip() for segment in lines[0]):
            lines.pop(0)
        for line in lines:
            while line and not line[-1].text.strip():
                line.pop()
            if line:
                last = line.pop()
                line = [Segment(" " * indent), *line, Segment(last.text.rstrip(), last.style)]
            self.console.print(Segments([*line, Segment.line()]), end="", no_wrap=True, crop=False)

    def gap(self) -> None:
        """Write an empty line."""
        self.take_back()
        self.console.print()

    def title(self, text: str, note: str = "") -> None:
        """Write a heading, with something quiet after it."""
        parts: list[str | tuple[str, str]] = [(text, "strong")]
        if note:
            parts.append((f" {self.marks.dot} {note}", "quiet"))
        self.say(*parts)

    def pair(
        self,
        label: str,
        text: str,
        *,
        style: str = "",
        width: int = 10,
        indent: int = 2,
        label_style: str = "label",
    ) -> None:
        """Write a label and what belongs to it, its further lines under the first."""
        self.take_back()
        room = max(20, self.console.width - indent - width)
        whole = Text(one_line(text), style)
        lines = [whole] if style in COPIED else Text(clean(text), style).wrap(self.console, room)
        for number, line in enumerate(lines):
            line.rstrip()
            lead = label if number == 0 else ""
            self.console.print(
                Text.assemble(" " * indent, (f"{lead:<{width}}", label_style), line),
                no_wrap=True,
                overflow="ignore",
                crop=False,
            )

    def command(self, command: str, says: str = "", *, indent: int = 2) -> None:
        """Write a command to type, and what it does."""
        parts: list[str | tuple[str, str]] = [(command, "command")]
        if says:
            parts.append((f"   {says}", "quiet"))
        self.say(*parts, indent=indent)

    def quoted(self, lines: list[str], *, indent: int = 2, style: str = "") -> None:
        """Write lines as they are beside a bar; a long line goes on below."""
        self.take_back()
        bar = Text.assemble(" " * indent, (f"{self.marks.bar} ", "quiet"))
        for line in lines:
            # What does not fit goes on two columns further right, so that it is no line of its own.
            for number, piece in enumerate(_broken(one_line(line), self.console.width - indent - 4)):
                self.show(Text.assemble(bar, "  " if number else "", (piece, style)))

    def exactly(self, text: str) -> None:
        """Write text that is copied by hand: no line break and no indentation is added."""
        self.take_back()
        self.console.file.write(text + "\n")
        self.console.file.flush()

    def passing(self, text: str) -> None:
        """Write a line that the next one replaces; only where that is possible."""
        if not self.live:
            return
        self.take_back()
        self._passing = one_line(text)[: self.console.width - 1]
        self.console.print(Text(self._passing, "quiet"), end="", no_wrap=True, overflow="ellipsis")

    def progress(self, says: str, note: str) -> None:
        """Write a sentence that stays, or else a passing note on how far it is."""
        if says:
            self.say((says, "quiet"))
        else:
            self.passing(f"  {note} ...")

    def take_back(self) -> None:
        """Remove the passing line."""
        if self._passing:
            self._passing = ""
            self.console.file.write("\r\x1b[2K")
            self.console.file.flush()

    @contextmanager
    def clearing(self) -> Iterator[None]:
        """Leave no passing line behind, however the block ends."""
        try:
            yield
        finally:
            self.take_back()


def _never_fail_to_encode(stream: object) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _broken(line: str, room: int) -> list[str]:
    """Break a line after a space where one stands in the second half, else anywhere."""
    room, pieces = max(20, room), []
    while len(line) > room:
        at = line.rfind(" ", room // 2, room) + 1 or room
        pieces.append(line[:at])
        line = line[at:]
    return [*pieces, line]
