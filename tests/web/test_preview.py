"""The author's preview page: on no learner's site, whole also with mistakes, and fresh after a save."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import read_settings
from app.learning.classroom import Classroom
from app.learning.launch import make_token
from app.web import create_app
from app.web.preview import add_preview
from tests.content.all_types import ALL_TYPES, write_all_types
from tests.web.conftest import PORT, SITE, ScriptedRuns, Visitor

KEY = ("That is the time.", "Those are minutes.", "The status stands behind the time.", "Everybody.")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The quiz of all types in a folder of the author's own."""
    monkeypatch.setattr("app.content.loader.find_content", lambda overlays: tuple(overlays))
    monkeypatch.setattr("app.learning.preview.find_content", lambda overlays: tuple(overlays))
    return write_all_types(tmp_path / "mine")


@pytest.fixture
def room(tmp_path: Path, file: Path) -> Iterator[Classroom]:
    """The author's classroom."""
    content = str(file.parent.parent)
    settings = {"COURSE_HOME": str(tmp_path / "home"), "COURSE_CONTENT": content, "COURSE_PORT": str(PORT)}
    classroom = Classroom(read_settings(settings))
    yield classroom
    classroom.close()


@pytest.fixture
def site(room: Classroom, file: Path) -> Flask:
    """The site that `course preview` serves."""
    app = create_app(room, live_runs=ScriptedRuns())  # type: ignore[arg-type]
    add_preview(app, file)
    return app


@pytest.fixture
def author(site: Flask, room: Classroom) -> Visitor:
    """The author's browser, which came through the link."""
    client = site.test_client()
    entered = client.get("/enter", query_string={"token": make_token(room)}, base_url=SITE)
    assert entered.location == "/preview"
    return Visitor(client)


def test_no_learner_has_it(room: Classroom) -> None:
    """The site of `course serve` has no such page: it shows the key."""
    client = create_app(room, live_runs=ScriptedRuns()).test_client()  # type: ignore[arg-type]
    client.get("/enter", query_string={"token": make_token(room)}, base_url=SITE)
    for path in ("/preview", "/preview/state", "/preview/pictures/log.svg"):
        assert Visitor(client).get(path).status_code == 404


def test_nobody_else_gets_in(site: Flask) -> None:
    """Without the link there is nothing to see, as everywhere."""
    for path in ("/preview", "/preview/state", "/preview/pictures/log.svg"):
        assert Visitor(site.test_client()).get(path).status_code == 403


def test_everything_at_once(author: Visitor) -> None:
    """Question, key and each feedback stand on one page, with the picture."""
    page = author.get("/preview").text
    for words in (*KEY, "Unanswered", "A known mistake", "while a try is left", "no problem found"):
        assert words in page
    assert 'src="/preview/pictures/log.svg"' in page
    assert author.get("/preview/pictures/log.svg").mimetype == "image/svg+xml"


def test_mistakes_stand_beside_the_question(author: Visitor, file: Path) -> None:
    """A broken question is told with line, code and what stands there; the others are shown as ever."""
    file.write_text(ALL_TYPES.replace("    value: 120\n", "    value: many\n"), encoding="utf-8")
    page = author.get("/preview").text
    for words in (
        "Error Q020, line",
        "<code>value: many</code>",
        "be asked as it stands",
        *KEY[:1],
        *KEY[2:],
    ):
        assert words in page
    assert 'src="/preview/pictures/log.svg"' in page
    assert author.get("/preview/pictures/log.svg").status_code == 200


@pytest.mark.parametrize("text", ["", "format: 1\n\tquiz: x\n", "<script>alert(1)</script>"])
def test_whatever_is_saved(author: Visitor, file: Path, text: str) -> None:
    """A file that is no quiz is a page of problems, in which nothing of it runs."""
    file.write_text(text, encoding="utf-8")
    answer = author.get("/preview")
    assert answer.status_code == 200
    assert "No question can be read yet." in answer.text
    assert "<script>alert" not in answer.text


def test_a_save_is_noticed(author: Visitor, file: Path) -> None:
    """The state is unchanged as long as the page is current, and changed after a save."""
    stamp = author.get("/preview").text.split('data-stamp="')[1].split('"')[0]
    known = {"If-None-Match": f'"{stamp}"'}
    assert author.get("/preview/state", **known).status_code == 304
    before = file.stat().st_mtime_ns
    file.write_text(ALL_TYPES.replace("One of each", "All"), encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))
    assert author.get("/preview/state", **known).status_code == 204
    assert "<h1>All</h1>" in author.get("/preview").text


def test_only_what_lies_beside_the_file(author: Visitor, file: Path) -> None:
    """No picture from elsewhere, and no file that is none."""
    (file.parent.parent / "outside.svg").write_text("<svg></svg>")
    (file.parent / "link.svg").symlink_to(file.parent.parent / "outside.svg")
    for name in ("../outside.svg", "%2e%2e/outside.svg", "link.svg", "all-types.yaml", "none.svg"):
        assert author.get(f"/preview/pictures/{name}").status_code == 404, name
