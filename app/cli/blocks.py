"""Lesson Markdown, cut into the blocks that a terminal shows in different ways."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})\s*(?P<info>.*)$")
_TAB = re.compile(r'^={3}[!+]?\s+"(?P<title>[^"]*)"\s*$')
_NOTE = re.compile(r'^(?:!!!|\?\?\?\+?)\s+(?P<kind>[\w-]+)[^"]*(?:"(?P<title>[^"]*)")?\s*$')
_HEADING = re.compile(r"^(?P<signs>#{1,6})\s+(?P<text>.*?)\s*(?:\{[^}]*\})?\s*#*$")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\(/(?:lessons|exercises|quizzes)/(?P<id>[a-z0-9-]+)(?:#[\w-]+)?\)")
_SAME_PAGE = re.compile(r"\[(?P<text>[^\]]+)\]\(#[\w-]+\)")
_ATTRIBUTES = re.compile(r"\{[:.#][^}]*\}")


@dataclass(frozen=True)
class Prose:
    """Plain Markdown."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading and its level."""

    level: int
    text: str


@dataclass(frozen=True)
class Code:
    """A fence: its language, the words after it, and the lines."""

    language: str
    options: tuple[str, ...]
    text: str

    @property
    def file(self) -> str:
        """Name the file that the code is, where it is one."""
        return next((option[5:] for option in self.options if option.startswith("file=")), "")


@dataclass(frozen=True)
class Nested:
    """A note (`kind` note, warning, tip, question, try) or one tab (`kind` tab) with blocks inside."""

    kind: str
    title: str
    text: str


Block = Prose | Heading | Code | Nested


def blocks(markdown: str) -> Iterator[Block]:
    """Cut Markdown into blocks, in order."""
    lines = markdown.expandtabs(4).splitlines()
    prose: list[str] = []
    at = 0
    while at < len(lines):
        found = _special(lines, at)
        if found is None:
            prose.append(lines[at])
            at += 1
            continue
        yield from _prose(prose)
        prose = []
        block, at = found
        yield block
    yield from _prose(prose)


def _special(lines: list[str], at: int) -> tuple[Block, int] | None:
    """Read the block that begins here, and say where it ends."""
    line = lines[at]
    if fence := _FENCE.match(line):
        return _code(lines, at, fence)
    if heading := _HEADING.match(line):
        return Heading(len(heading["signs"]), inline(heading["text"])), at + 1
    if tab := _TAB.match(line):
        text, end = _indented(lines, at + 1)
        return Nested("tab", tab["title"], text), end
    if note := _NOTE.match(line):
        text, end = _indented(lines, at + 1)
        title = note["title"] if note["title"] is not None else note["kind"].capitalize()
        return Nested(note["kind"], title, text), end
    return None


def _code(lines: list[str], at: int, fence: re.Match[str]) -> tuple[Code, int]:
    end = at + 1
    while end < len(lines) and lines[end].strip() != fence["fence"]:
        end += 1
    language, *options = fence["info"].strip("{} .").split() or [""]
    return Code(language, tuple(options), "\n".join(lines[at + 1 : end]).rstrip()), end + 1


def _indented(lines: list[str], at: int) -> tuple[str, int]:
    end = at
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
        end += 1
    return "\n".join(line[4:] for line in lines[at:end]).strip("\n"), end


def _prose(lines: list[str]) -> Iterator[Block]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Prose(inline(text))


def inline(text: str) -> str:
    """Turn links into the course to the command that shows them, and drop what only a page needs."""
    linked = _LINK.sub(r"\g<text> (`course show \g<id>`)", text)
    return _ATTRIBUTES.sub("", _SAME_PAGE.sub(r"\g<text>", linked))


def section_of(markdown: str, section: str) -> str | None:
    """Cut out the section with this id, its subsections included; None if there is none."""
    lines = markdown.splitlines()
    starts = list(_headings(lines))
    for place, (number, heading) in enumerate(starts):
        if section not in (_explicit_id(lines[number]), _slug(heading["text"])):
            continue
        level = len(heading["signs"])
        after = (at for at, other in starts[place + 1 :] if len(other["signs"]) <= level)
        return "\n".join(lines[number : next(after, len(lines))])
    return None


def _headings(lines: list[str]) -> Iterator[tuple[int, re.Match[str]]]:
    fence = ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line.strip())
        if found and not fence:
            fence = found["fence"]
        elif fence and line.strip() == fence:
            fence = ""
        elif not fence and (heading := _HEADING.match(line)):
            yield number, heading


def _explicit_id(line: str) -> str:
    found = re.search(r"\{#([\w-]+)[^}]*\}\s*$", line)
    return found[1] if found else ""


def _slug(text: str) -> str:
    """Make the id of a heading as Python-Markdown does."""
    plain = re.sub(r"[^\w\s-]", "", text).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)
