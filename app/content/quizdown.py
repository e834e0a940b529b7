"""Read quizdown, a Markdown format for quizzes: headings are questions, task lists are choices.

The format is that of quizdown-js, which tells the types apart by the list: `1. [x]` is one answer, `- [x]`
are several, `1. text` is an order. A quote is a hint above the list or below it, and a comment within an
answer; one that begins with **Explanation:** is the explanation, wherever it stands.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

Line = tuple[int, str]  # its number in the file, from 1, and its text


@dataclass
class Answer:
    """One entry of the list."""

    line: int
    text: list[str]
    marked: bool | None  # None: it is no task
    comments: list[str] = field(default_factory=list)


@dataclass
class Asked:
    """One question as the file has it."""

    line: int
    title: str
    body: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    ordered: bool = False
    hints: list[str] = field(default_factory=list)
    explanations: list[str] = field(default_factory=list)
    options: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass
class Page:
    """A whole file: its title, what holds for all questions, and the questions."""

    title: str = ""
    options: dict[str, tuple[int, str]] = field(default_factory=dict)
    questions: list[Asked] = field(default_factory=list)
    shortcodes: bool = False


_OPEN = re.compile(r"\s*(?:\{\{[<%]\s*quizdown\b[^}]*[>%]\}\}|<div[^>]*\bquizdown\b[^>]*>)\s*", re.IGNORECASE)
_CLOSE = re.compile(r"\s*(?:\{\{[<%]\s*/\s*quizdown\s*[>%]\}\}|</div>)\s*", re.IGNORECASE)
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*")
_FENCE = re.compile(r"(\s*)(`{3,}|~{3,})")
_ENTRY = re.compile(r"(?P<indent> {0,3})(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap> {1,4}|\t)(?P<rest>.*)")
_TASK = re.compile(r"\[([ xX])\]\s+(.*)|\[([ xX])\]$")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_OPTION = re.compile(r"\s*([A-Za-z_]\w*)\s*:\s*(.*?)\s*")
_EXPLANATION = re.compile(r"\s*[*_]*explanation[*_]*\s*:\s*[*_]*\s*", re.IGNORECASE)
_HINT = re.compile(r"\s*[*_]*hint[*_]*\s*:\s*[*_]*\s*", re.IGNORECASE)


def read_quizdown(text: str) -> Page:
    """Read a file: bare quizdown, or a Markdown page with quizdown in shortcodes or in a `div`."""
    page = Page()
    lines = list(enumerate(text.split("\n"), 1))
    lines = _without_front_matter(lines, page)
    parts = list(_shortcodes(lines))
    page.shortcodes = bool(parts)
    if parts:
        page.options.clear()  # the front matter is that of the page around
        outside = next((match for _, line in lines if (match := _HEADING.fullmatch(line))), None)
        page.title = page.title or (outside[2] if outside else "")
    for part in parts or [lines]:
        _read_part(_dedented(part), page)
    return page


def _without_front_matter(lines: list[Line], page: Page) -> list[Line]:
    """Take the title out of the page's front matter; options of quizdown may stand there as well."""
    if not lines or lines[0][1].rstrip() not in ("---", "+++"):
        return lines
    fence = lines[0][1].rstrip()
    end = next((at for at, (_, line) in enumerate(lines[1:], 1) if line.rstrip() == fence), None)
    if end is None:
        return lines
    for number, line in lines[1:end]:
        match = _OPTION.fullmatch(line.replace(" = ", ": ", 1) if fence == "+++" else line)
        if match and match[1] == "title":
            page.title = match[2].strip("\"'")
        elif match:
            page.options[match[1]] = (number, match[2].strip("\"'"))
    return lines[end + 1 :]


def _shortcodes(lines: list[Line]) -> Iterator[list[Line]]:
    inside: list[Line] | None = None
    for number, line in lines:
        if inside is None and _OPEN.fullmatch(line):
            inside = []
        elif inside is not None and _CLOSE.fullmatch(line):
            yield inside
            inside = None
        elif inside is not None:
            inside.append((number, line))
    if inside:
        yield inside


def _dedented(lines: list[Line]) -> list[Line]:
    filled = [len(line) - len(line.lstrip(" ")) for _, line in lines if line.strip()]
    return [(number, html.unescape(line[min(filled, default=0) :])) for number, line in lines]


def _read_part(lines: list[Line], page: Page) -> None:
    reader = _Reader(page, frozenset(_option_lines(lines)))
    for number, line in lines:
        reader.take(number, line.expandtabs(4))
    reader.end()


def _option_lines(lines: list[Line]) -> Iterator[int]:
    """Find the lines between two `---` that hold nothing but options."""
    held: list[int] | None = None
    for number, line in lines:
        if line.strip() == "---":
            if held:
                yield from held
            held = None if held else []
        elif held is not None:
            held = [*held, number] if not line.strip() or _OPTION.fullmatch(line) else None


class _Reader:
    """Take line after line, and put each where it belongs."""

    def __init__(self, page: Page, options: frozenset[int]) -> None:
        self.page = page
        self.options = options  # the lines that hold options
        self.asked: Asked | None = None
        self.answer: Answer | None = None  # the entry that the lines belong to
        self.indent = 0  # of that entry's text
        self.quote: list[str] = []
        self.quoted_answer: Answer | None = None
        self.fence = ""
        self.blank = True  # whether the line before was empty

    def take(self, number: int, line: str) -> None:
        match = _QUOTE.fullmatch(line)
        if self.quote and not (match and not self.fence):
            self._end_quote()
        if not self._code(line) and not self._options(number, line) and not self._heading(number, line):
            if match:
                self._quote(line, match[1])
            elif not self._entry(number, line):
                self._text(line)
        self.blank = not line.strip()

    def end(self) -> None:
        if self.quote:
            self._end_quote()

    def _code(self, line: str) -> bool:
        """Keep code as it is, whatever stands in it."""
        match = _FENCE.match(line)
        if self.fence:
            self._text(line)
            if match and match[2].startswith(self.fence) and line.strip() == match[2]:
                self.fence = ""
            return True
        if match:
            self.fence = match[2]
            self._text(line)
        return bool(match)

    def _options(self, number: int, line: str) -> bool:
        """Read an option: below a heading it is the question's, else the quiz's. A rule says nothing."""
        if number in self.options and (match := _OPTION.fullmatch(line)):
            target = self.asked.options if self.asked else self.page.options
            target[match[1]] = (number, match[2].strip("\"'"))
        return number in self.options or line.strip() == "---"

    def _heading(self, number: int, line: str) -> bool:
        match = _HEADING.fullmatch(line)
        if match:
            self.asked = Asked(number, match[2])
            self.answer = None
            self.page.questions.append(self.asked)
        return bool(match)

    def _quote(self, line: str, text: str) -> None:
        """A quote that is indented, or follows an answer at once, belongs to that answer."""
        if not self.quote:
            indented = len(line) - len(line.lstrip()) >= 2
            mine = self.answer is not None and (indented or not self.blank)
            self.quoted_answer = self.answer if mine else None
        self.quote.append(text)

    def _end_quote(self) -> None:
        text = "\n".join(self.quote).strip()
        self.quote = []
        if self.asked is None or not text:
            return
        if match := _EXPLANATION.match(text):
            self.asked.explanations.append(text[match.end() :].strip())
        elif self.quoted_answer is not None:
            self.quoted_answer.comments.append(text)
        else:
            match = _HINT.match(text)
            self.asked.hints.append(text[match.end() :].strip() if match else text)
            self.answer = None

    def _entry(self, number: int, line: str) -> bool:
        """Begin an answer; a second list belongs to the text."""
        match = _ENTRY.fullmatch(line)
        if self.asked is None or match is None or (self.answer is None and self.asked.answers):
            return False
        if self.answer is not None and len(match["indent"]) >= self.indent:
            return False
        task = _TASK.fullmatch(match["rest"])
        if not self.asked.answers:
            self.asked.ordered = match["mark"][0].isdigit()
        marked = (task[1] or task[3]) in ("x", "X") if task else None
        self.answer = Answer(number, [(task[2] or "") if task else match["rest"]], marked)
        self.indent = len(match["indent"]) + len(match["mark"]) + 1
        self.asked.answers.append(self.answer)
        return True

    def _text(self, line: str) -> None:
        if self.asked is None:
            return
        if self.answer is not None and line.strip() and not line.startswith("  ") and self.blank:
            self.answer = None  # a paragraph behind the list
        if self.answer is not None:
            self.answer.text.append(line[self.indent :] if line[: self.indent].isspace() else line.lstrip())
        else:
            self.asked.body.append(line)
