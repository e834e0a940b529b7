"""INSTRUCTORS.md, step by step as it is written: at its end the question is on the screen."""

import re
from pathlib import Path

import pytest

from app.config import read_settings
from app.content.quiz_ids import id_of
from app.learning.classroom import open_classroom
from app.learning.launch import make_token
from app.web import create_app
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


def test_each_step_as_written(folder: Path, tmp_path: Path) -> None:
    """Every command succeeds, lint finds nothing, and terminal and page ask the question."""
    author = Learner(tmp_path / "home", folder)
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
    assert f"  - id: {id_of(stem)}\n    stem: {stem}\n" in (folder / name).read_text(encoding="utf-8")
    assert stem in _page(tmp_path / "home", "/quizzes/say-hello-back")


def test_the_table_names_every_type_that_can_be_asked() -> None:
    """Each type that a learner can answer today, besides the shortest one, has its row."""
    from app.quiz.types import CHOICE_TYPES

    assert set(re.findall(r"`type: (\w+)`", GUIDE)) == set(CHOICE_TYPES) - {"single_choice"}


def test_it_is_one_page() -> None:
    """The guide stays short enough to be read before the five minutes are over."""
    assert len(GUIDE.splitlines()) <= 100


def _page(home: Path, path: str) -> str:
    classroom = open_classroom(read_settings({"COURSE_HOME": str(home), "COURSE_PORT": str(PORT)}))
    site = create_app(classroom).test_client()
    address = f"http://127.0.0.1:{PORT}"
    site.get("/enter", query_string={"token": make_token(classroom)}, base_url=address)
    return site.get(path, base_url=address, headers={"Sec-Fetch-Site": "same-origin"}).text
