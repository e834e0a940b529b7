"""Find the code fences of a Markdown text, line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"^( *)(`{3,}|~{3,})[ \t]*([^`]*)$")


@dataclass(frozen=True)
class Fence:
    """One fence: ```` ```language options ````, its text, and where it stands."""

    language: str
    options: tuple[str, ...]
    text: str  # without the fence's own indentation
    line: int  # of the opening fence, from 1
    end: int  # of the closing fence
    indent: int

    @property
    def file(self) -> str:
        """Name the file that the code is, where it is one."""
        return next((each[5:] for each in self.options if each.startswith("file=")), "")


def fences(text: str) -> Iterator[Fence]:
    """Give the fences in order; a fence without end is left out."""
    lines = text.split("\n")
    opened: tuple[int, int, str, list[str]] | None = None
    for number, line in enumerate(lines, 1):
        if opened is None:
            match = _OPENING.match(line.rstrip())
            opened = (number, len(match[1]), match[2], match[3].split()) if match else None
            continue
        start, indent, mark, words = opened
        closing = line.strip()
        if closing and set(closing) == {mark[0]} and len(closing) >= len(mark):
            inside = "\n".join(_outdented(each, indent) for each in lines[start : number - 1])
            yield Fence(words[0] if words else "", tuple(words[1:]), inside, start, number, indent)
            opened = None


def _outdented(line: str, indent: int) -> str:
    return line[indent:] if not line[:indent].strip() else line.lstrip()
