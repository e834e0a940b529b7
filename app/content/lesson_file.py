"""Read one lesson: front matter between two `---` lines, then Markdown."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from app.content.course import Lesson, Source
from app.content.files import NUMBERED, name_of, read_text
from app.content.problems import Problem
from app.content.shapes import Flag, Id, ReadOn, Shape, Text, WebAddress, Whole, fit
from app.content.yaml_text import Document, read_yaml


class SourceShape(Shape):
    """A page that the lesson rests on."""

    title: Text
    url: WebAddress
    read: ReadOn


class LessonShape(Shape):
    """The front matter of a lesson."""

    id: Id
    title: Text
    summary: Text
    minutes: Annotated[int, Whole(1, 600)]
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)]
    sources: tuple[SourceShape, ...] = ()
    core: Flag = False


def read_lesson(file: Path, root: Path) -> tuple[Lesson | None, tuple[Problem, ...]]:
    """Read a lesson file, or say everything that is wrong with it."""
    name = name_of(file, root)
    text, problems = read_text(file, name)
    if text is None:
        return None, problems
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        message = "A lesson begins with its fields between two lines of `---`. Add them."
        return None, (Problem(name, 1, 1, "L001", message),)
    document, problems = read_yaml("\n".join(lines[1:end]), name, first_line=2)
    if document is None:
        return None, problems
    shape, problems = fit(LessonShape, document, name, "L")
    problems += _other_mistakes(file, name, document, lines, end)
    if shape is None or problems:
        return None, problems
    return _lesson(shape, file, "\n".join(lines[end + 1 :]), end + 2), ()


def _other_mistakes(
    file: Path, name: str, document: Document, lines: list[str], end: int
) -> tuple[Problem, ...]:
    found = []
    lesson_id = document.tree.get("id") if isinstance(document.tree, dict) else None
    if isinstance(lesson_id, str) and NUMBERED.sub(r"\2", file.stem) != lesson_id:
        message = f"The file's name must end in the lesson's id: rename it to NN-{lesson_id}.md."
        found.append(Problem(name, *document.place(("id",)), "L004", message))
    if not any(line.strip() for line in lines[end + 1 :]):
        found.append(Problem(name, end + 1, 1, "L006", "The lesson has no text. Write it below this line."))
    return tuple(found)


def _lesson(shape: LessonShape, file: Path, body: str, body_line: int) -> Lesson:
    return Lesson(
        id=shape.id,
        number=int(file.stem.split("-")[0]),
        title=shape.title,
        summary=shape.summary,
        minutes=shape.minutes,
        objectives=tuple(shape.objectives),
        sources=tuple(Source(each.title, each.url, each.read) for each in shape.sources),
        body=body,
        path=file,
        body_line=body_line,
        core=shape.core,
    )
