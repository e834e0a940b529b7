"""Diagrams: found, told in words, drawn, and known to be current without a renderer."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import app
from app.content.diagrams import (
    RENDERER,
    Diagram,
    diagrams,
    diagrams_of,
    draw,
    figure,
    is_current,
    stamp,
    steps_of,
)
from app.content.drawing import picture_of
from app.content.lesson_file import read_lesson
from app.errors import CourseFault, UsageError
from tests.content.samples import LESSON, write_lesson

APP = Path(app.__file__).parent
SOURCE = """\
sequenceDiagram
  accTitle: Lost & found
  accDescr: The answer gets lost.
  autonumber
  participant T as Tills
  actor C as Café
  T->>+C: POST /hook<br/>evt_1
  Note over T,C: both wait
  C--x-T: 204
  loop every minute
    T-)T: think
  end
  alt known
    C-->>T: 200
  else new
    C->>T: 201
  end
  Note right of X: nobody #35;1
"""


def test_in_words() -> None:
    """Messages, notes and blocks are told in order, with people's names instead of letters."""
    assert steps_of(SOURCE) == (
        "Tills → Café: POST /hook evt_1",
        "Tills and Café: both wait",
        "Café → Tills: 204 (lost on the way)",
        "Again and again: every minute",
        "Tills: think",
        "If: known",
        "Café → Tills: 200",
        "Otherwise: new",
        "Café → Tills: 201",
        "X: nobody #1",
    )


def test_other_diagrams_have_no_steps() -> None:
    """What is no sequence diagram is not told step by step."""
    assert steps_of("flowchart LR\n  A-->B") == ()
    assert steps_of("") == ()


def test_diagrams_are_numbered() -> None:
    """The pictures stand beside the lesson, numbered as the fences are, also within tabs."""
    other = "```python\n```mermaid\n```\n\n    ```mermaid\n    flowchart LR\n    ```\n"
    text = f"```mermaid\n{SOURCE}```\n\n{other}"
    found = diagrams_of(text, Path("lessons/05-raw-bytes.md"))
    assert [diagram.path.as_posix() for diagram in found] == [
        "lessons/05-raw-bytes.1.svg",
        "lessons/05-raw-bytes.2.svg",
    ]
    assert (found[0].title, found[0].description, found[0].line) == (
        "Lost & found",
        "The answer gets lost.",
        1,
    )
    assert found[1].source == "flowchart LR"


def test_the_stamp(tmp_path: Path) -> None:
    """A picture is current when it carries the stamp of this source and this renderer."""
    diagram = diagrams_of(f"```mermaid\n{SOURCE}```", tmp_path / "01-x.md")[0]
    assert not is_current(diagram)
    diagram.path.write_text(f'<svg data-stamp="{stamp(SOURCE)}">')
    assert is_current(diagram)
    diagram.path.write_text(f'<svg data-stamp="{stamp(SOURCE + "  T->>C: more")}">')
    assert not is_current(diagram)
    diagram.path.write_bytes(b"\xff\xfe")
    assert not is_current(diagram)


def test_the_stamp_names_the_pinned_renderer() -> None:
    """The version in the stamp is the one that the project pins."""
    pins = Path(__file__).parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'"mermaidx==([^"]+)"', pins)
    assert version is not None
    assert RENDERER.startswith(f"mermaidx {version[1]},")


@pytest.fixture(scope="module")
def picture() -> str:
    """The picture of the sample diagram."""
    return picture_of(
        Diagram("1", SOURCE.strip(), "Lost & found", "It <gets> lost.", Path("x.1.svg"), 1), "ab" * 32
    )


def test_a_picture(picture: str) -> None:
    """A picture is one clean file: sized, titled, in both schemes, with nothing from the network."""
    root = ElementTree.fromstring(picture)  # noqa: S314 - drawn just now
    name = "{http://www.w3.org/2000/svg}"
    assert root.attrib["data-stamp"] == "ab" * 32
    assert root.attrib["width"].isdecimal()
    assert root.findtext(f"{name}title") == "Lost & found"
    assert root.findtext(f"{name}desc") == "It <gets> lost."
    labelled = root.attrib["aria-labelledby"].split()
    assert [element.get("id") for element in root[:2]] == labelled
    assert "prefers-color-scheme: dark" in (root.findtext(f"{name}style") or "")
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in picture


def test_a_picture_has_no_colours_of_its_own(picture: str) -> None:
    """Colours stand in the style sheet only, so that both schemes reach every element."""
    body = picture.split("</style>")[1]
    assert not re.search(r"\b(?:fill|stroke|style|font-[a-z]+)=", body)
    assert "#" not in body.replace("url(#", "").replace("#1", "")


def test_every_mark_is_there(picture: str) -> None:
    """Each arrowhead that a line names stands in the file, under an id of this picture alone."""
    ids = re.findall(r'\bid="([^"]+)"', picture)
    assert len(set(ids)) == len(ids)
    assert all(each.startswith("dabababab-") for each in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", picture)) <= set(ids)


def test_every_class_has_a_rule(picture: str) -> None:
    """Whatever is drawn is coloured by a rule: nothing falls back to black on black."""
    style, body = picture.split("</style>")
    shapes = re.findall(r"<(?:rect|line|path|polygon|circle)\b[^>]*", body)
    classes = {each for shape in shapes for each in re.findall(r'class="([^"]*)"', shape)}
    assert classes
    for each in classes:
        assert any(f".{name}" in style for name in each.split()), each


def test_drawing_twice_draws_once(tmp_path: Path) -> None:
    """Only what is not current is drawn, in the same bytes each time."""
    lesson, _ = read_lesson(write_lesson(tmp_path, f"{LESSON}\n```mermaid\n{SOURCE}```\n"), tmp_path)
    assert lesson is not None
    (path,) = draw(diagrams(lesson))
    first = path.read_bytes()
    assert draw(diagrams(lesson)) == ()
    path.unlink()
    assert draw(diagrams(lesson)) == (path,)
    assert path.read_bytes() == first


def test_a_mistake_in_mermaid(tmp_path: Path) -> None:
    """What Mermaid can't read is told with the lesson's name, not with its own traceback."""
    diagram = Diagram("2", "sequenceDiagram\n  A-", "t", "d", tmp_path / "01-x.2.svg", 1)
    with pytest.raises(UsageError, match=r"can't read diagram 2 of 01-x"):
        picture_of(diagram, "00")


def test_without_a_renderer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without the renderer, drawing says what to install."""
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    with pytest.raises(CourseFault, match=r"pip install -e \.\[test\]"):
        picture_of(Diagram("1", SOURCE, "t", "d", tmp_path / "x.1.svg", 1), "00")


def test_a_picture_has_no_class_of_the_diagram_of_a_run(tmp_path: Path) -> None:
    """The styles of a run's diagram and of a question's picture don't reach a lesson's, nor its words."""
    (found,) = diagrams_of(f"```mermaid\n{SOURCE}```\n", tmp_path / "05-raw-bytes.md")
    sheets = [APP / "web" / "static" / name for name in ("diagram.css", "quiz.css")]
    styles = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    for picture in ("missing", "there"):
        if picture == "there":
            found.path.write_text("<svg/>", encoding="utf-8")
        classes = re.findall(r'class="([^"]+)"', figure(found, "raw-bytes"))
        assert classes
        assert not [name for each in classes for name in each.split() if f"\n.{name} " in styles]
