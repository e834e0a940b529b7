"""INSTRUCTORS.md, step by step as it is written: at its end the question is on the screen."""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.config import read_settings
from app.content.quiz_ids import id_of
from app.content.quiz_shapes import SHAPES
from app.learning.classroom import Classroom, open_classroom
from app.learning.launch import make_token
from app.quiz.types import QUESTION_TYPES
from app.web import create_app
from app.web.preview import add_preview
from tests.cli.conftest import Learner
from tests.content.samples import LESSON, write_lesson

GUIDE = (Path(__file__).resolve().parents[2] / "INSTRUCTORS.md").read_text(encoding="utf-8")
STEPS = re.compile(r"^```(console|yaml)\n(.*?\n)```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"Replace what stands in `([^`]+)`")
PORT = 4996


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one lesson, in which the author stands."""
    content = tmp_path / "content"
    write_lesson(content, LESSON)
    for kind in ("exercises", "quizzes"):
        (content / kind).mkdir()
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: (content, *overlays))
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COURSE_PORT", str(PORT))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(content)
    return content


def test_each_step_as_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command succeeds, lint finds nothing, and terminal and page ask the question."""
    author = Learner(tmp_path / "home", folder)
    previewed: list[str] = []
    monkeypatch.setattr("app.web.serve", lambda room, *_, preview: previewed.append(_preview(room, preview)))
    (name,) = NAMED.findall(GUIDE)
    said: dict[str, str] = {}
    for kind, text in STEPS.findall(GUIDE):
        if kind == "yaml":
            (folder / name).write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            words = line.split()
            assert words[0] == "course"
            result = author.types(*words[1:], answers="q\n")
            assert result.exit_code == 0, (line, result.output)
            said[line] = result.output
    assert "4 ids written" in said["course ids say-hello-back"]
    assert "No mistakes found." in said[f"course lint {name}"]
    stem = "What does a status of 202 tell the sender of a webhook?"
    assert stem in said["course quiz say-hello-back"]
    (preview,) = previewed
    for words in (stem, "That is what people read into 200", "no problem found"):
        assert words in preview
    assert f"  - id: {id_of(stem)}\n    stem: {stem}\n" in (folder / name).read_text(encoding="utf-8")
    assert stem in _page(tmp_path / "home", "/quizzes/say-hello-back")


def test_the_table_names_every_type() -> None:
    """Each type of question, besides the shortest one, has its row."""
    assert re.findall(r"`type: (\w+)`", GUIDE) == [each for each in QUESTION_TYPES if each != "single_choice"]


def test_every_field_of_a_row_exists() -> None:
    """What the table tells to write is what the type takes."""
    rows = re.findall(r"^\| .* \| `type: (\w+)`(.*) \|$", GUIDE, re.MULTILINE)
    assert len(rows) == len(QUESTION_TYPES) - 1
    for kind, told in rows:
        fields = {
            field for field in re.findall(r"`([a-z_]+)(?:: \w+)?`", told) if field not in ("text", "match")
        }
        assert fields, kind
        assert fields <= set(SHAPES[kind].model_fields), kind


def test_it_is_one_page() -> None:
    """The guide stays short enough to be read before the five minutes are over."""
    assert len(GUIDE.splitlines()) <= 100


def _page(home: Path, path: str) -> str:
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home), "COURSE_PORT": str(PORT)}))
    return _visited(create_app(classroom), classroom, path)


def _preview(classroom: Classroom, file: Path) -> str:
    """Open what `course preview` would serve."""
    site = create_app(classroom, PORT)
    add_preview(site, file)
    return _visited(site, classroom, "/preview")


def _visited(app: Flask, classroom: Classroom, path: str) -> str:
    site = app.test_client()
    address = f"http://127.0.0.1:{PORT}"
    site.get("/enter", query_string={"token": make_token(classroom)}, base_url=address)
    return site.get(path, base_url=address, headers={"Sec-Fetch-Site": "same-origin"}).text
