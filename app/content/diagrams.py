"""Diagrams of lessons and questions: Mermaid text, its picture beside the file, the same in words."""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.content.course import Lesson
from app.content.fences import fences
from app.content.files import DRAWN
from app.quiz.types import Quiz
from app.quiz.words import prompt

RENDERER = "mermaidx 0.10.1, drawing 1"  # pinned in pyproject.toml; change the second number with the look


@dataclass(frozen=True)
class Diagram:
    """One Mermaid fence of a text."""

    name: str  # in a lesson its number, from 1; in a quiz a mark of its source
    source: str
    title: str
    description: str
    path: Path  # of the picture
    line: int  # of the fence, in the text


def diagrams(lesson: Lesson) -> tuple[Diagram, ...]:
    """Give the diagrams of a lesson in order."""
    return diagrams_of(lesson.body, lesson.path)


def diagrams_of(text: str, file: Path) -> tuple[Diagram, ...]:
    """Give the diagrams of a text; their pictures stand beside its file.

    A question moves within its file, and is drawn by chance, so the pictures of a quiz have no numbers.
    """
    drawn = [fence for fence in fences(text) if fence.language == "mermaid"] if "mermaid" in text else []
    in_quiz = file.suffix == ".yaml"
    names = [_mark(fence.text) if in_quiz else str(number) for number, fence in enumerate(drawn, 1)]
    return tuple(
        Diagram(
            name=name,
            source=fence.text.strip(),
            title=_accessible(fence.text, "accTitle"),
            description=_accessible(fence.text, "accDescr"),
            path=file.with_suffix(f".{name}.svg"),
            line=fence.line,
        )
        for name, fence in zip(names, drawn, strict=True)
    )


def diagrams_of_quiz(quiz: Quiz) -> tuple[Diagram, ...]:
    """Give the diagrams that the questions of a quiz show, each once."""
    found = (each for question in quiz.questions for each in diagrams_of(prompt(question), quiz.path))
    return tuple({each.name: each for each in found}.values())


def left_over(quiz: Quiz) -> tuple[Path, ...]:
    """Give the pictures beside a quiz that were drawn for it and that no question shows any more."""
    shown = {each.path for each in diagrams_of_quiz(quiz)}
    beside = quiz.path.parent.glob(f"{quiz.path.stem}.*.svg")
    return tuple(sorted(each for each in beside if DRAWN.fullmatch(each.name) and each not in shown))


def _mark(source: str) -> str:
    return hashlib.sha256(source.strip().encode()).hexdigest()[:12]


def _accessible(source: str, key: str) -> str:
    match = re.search(rf"^\s*{key}\s*:\s*(.+)$", source, re.MULTILINE)
    return match[1].strip() if match else ""


def stamp(source: str) -> str:
    """Give the mark that a picture carries: of its source and of what drew it."""
    return hashlib.sha256(f"{RENDERER}\n{source.strip()}".encode()).hexdigest()


def is_current(diagram: Diagram) -> bool:
    """Say whether the picture was drawn from this very source; no renderer is needed to know."""
    try:
        with diagram.path.open(encoding="utf-8") as picture:
            return f'data-stamp="{stamp(diagram.source)}"' in picture.read(1000)
    except (OSError, UnicodeDecodeError):
        return False


def draw(wanted: Iterable[Diagram]) -> tuple[Path, ...]:
    """Draw the diagrams that are not current, and give the pictures written."""
    from app.content.drawing import picture_of

    written = []
    for diagram in wanted:
        if not is_current(diagram):
            diagram.path.write_text(picture_of(diagram, stamp(diagram.source)), encoding="utf-8")
            written.append(diagram.path)
    return tuple(written)


def figure(diagram: Diagram, item_id: str) -> str:
    """Give the HTML of a diagram: the picture, and its words, which stand alone where it is missing."""
    steps = "".join(f"<li>{html.escape(step)}</li>" for step in steps_of(diagram.source))
    words = f"<p>{html.escape(diagram.description)}</p>" if diagram.description else ""
    words += f"<ol>{steps}</ol>" if steps else ""
    title = html.escape(diagram.title)
    if not diagram.path.is_file():
        return f'<figure class="drawing words"><figcaption>{title}</figcaption>{words}</figure>'
    image = f'<img src="/diagrams/{item_id}/{diagram.name}.svg" alt="{title}"{_size(diagram.path)}>'
    details = f"<details><summary>The diagram in words</summary>{words}</details>"
    return f'<figure class="drawing">{image}<figcaption>{title}{details}</figcaption></figure>'


def _size(picture: Path) -> str:
    """Give the picture's width and height, so that the page does not jump when it arrives."""
    try:
        with picture.open(encoding="utf-8") as file:
            match = re.search(r'<svg[^>]* width="(\d+)" height="(\d+)"', file.read(1000))
    except (OSError, UnicodeDecodeError):
        return ""
    return f' width="{match[1]}" height="{match[2]}"' if match else ""


_ACTOR = re.compile(r"^(?:create\s+)?(?:participant|actor)\s+(\S+)(?:\s+as\s+(.+))?$")
_MESSAGE = re.compile(r"^([^\s<>:+-]+?)\s*(<<-{1,2}>>|-{1,2}(?:>>|>|x|\)))\s*[+-]?\s*([^\s:]+)\s*:\s*(.*)$")
_NOTE = re.compile(r"^note\s+(?:over|left of|right of)\s+([^:]+):\s*(.+)$", re.IGNORECASE)
_BLOCK = re.compile(r"^(loop|alt|else|opt|par|and|critical|option|break)\b\s*(.*)$")
_BLOCK_WORDS = {
    "loop": "Again and again",
    "alt": "If",
    "else": "Otherwise",
    "opt": "Perhaps",
    "par": "At the same time",
    "and": "And at the same time",
    "critical": "Without interruption",
    "option": "In case of",
    "break": "It ends here if",
}


def steps_of(source: str) -> tuple[str, ...]:
    """Tell a sequence diagram as sentences, in order; other kinds of diagram give none."""
    lines = [line.strip() for line in source.strip().splitlines()]
    if not lines or lines[0] != "sequenceDiagram":
        return ()
    names = dict(_names(lines))
    return tuple(step for step in (_step(line, names) for line in lines) if step)


def _names(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _ACTOR.match(line)
        if match:
            yield match[1], _plain(match[2] or match[1])


def _step(line: str, names: dict[str, str]) -> str:
    if match := _MESSAGE.match(line):
        sender, receiver = (names.get(match[each], match[each]) for each in (1, 3))
        lost = " (lost on the way)" if match[2].endswith("x") and "lost" not in match[4] else ""
        way = sender if sender == receiver else f"{sender} → {receiver}"
        return f"{way}: {_plain(match[4])}{lost}"
    if match := _NOTE.match(line):
        over = " and ".join(names.get(each.strip(), each.strip()) for each in match[1].split(","))
        return f"{over}: {_plain(match[2])}"
    if match := _BLOCK.match(line):
        return f"{_BLOCK_WORDS[match[1]]}: {_plain(match[2])}".removesuffix(": ")
    return ""


def _plain(text: str) -> str:
    """Take line breaks and entity codes of Mermaid as what they stand for."""
    text = re.sub(r"<br\s*/?>", " ", text)
    return html.unescape(re.sub(r"#([a-z]+);", r"&\1;", re.sub(r"#(\d+);", r"&#\1;", text))).strip()
