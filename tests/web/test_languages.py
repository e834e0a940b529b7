"""Going on in another language: on the exercise page, in the lessons' tabs, without a script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import read_settings
from app.content.loader import load_course
from app.learning.classroom import Classroom
from tests.cli.tiny_course import write_javascript
from tests.web.conftest import PORT, ScriptedRuns, Visitor

EXERCISE = "/exercises/greet"


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    """The tiny course, whose exercise comes in JavaScript as well."""
    settings = read_settings({"COURSE_HOME": str(tmp_path / "home"), "COURSE_PORT": str(PORT)})
    room = Classroom(settings, course=load_course((write_javascript(tmp_path / "content"),)))
    yield room
    room.close()


def fields(visitor: Visitor) -> dict[str, str]:
    """Return what the page's form would send: the first file as it stands."""
    page = visitor.get(EXERCISE).get_data(as_text=True)
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("name", "version")}  # type: ignore[index]


def checked_tab(visitor: Visitor) -> int:
    """Return which tab of the lesson is open, from 1."""
    page = visitor.get("/lessons/basics").get_data(as_text=True)
    found = re.search(r'<input checked id="__tabbed_1_(\d)"', page)
    assert found is not None
    return int(found[1])


def test_a_change_of_language_saves_and_keeps_both(visitor: Visitor, classroom: Classroom) -> None:
    """What was typed is saved first; each language shows its own file, and the way back finds it."""
    sent = {**fields(visitor), "text": "typed = 1\n", "written_in": "python", "language": "javascript"}
    answer = visitor.post(f"{EXERCISE}/language", **sent)
    assert (answer.status_code, answer.location) == (303, EXERCISE)
    page = visitor.get(EXERCISE).get_data(as_text=True)
    assert "receiver.mjs" in page
    assert '<option value="javascript" selected>JavaScript</option>' in page
    sent = {**fields(visitor), "text": "const typed = 2;\n", "written_in": "javascript", "language": "python"}
    visitor.post(f"{EXERCISE}/language", **sent)
    assert "typed = 1" in visitor.get(EXERCISE).get_data(as_text=True)
    folder = classroom.settings.home / "exercises" / "greet"
    assert (folder / "python" / "receiver.py").read_text() == "typed = 1\n"
    assert (folder / "javascript" / "receiver.mjs").read_text() == "const typed = 2;\n"


def test_a_page_saves_into_the_language_that_it_shows(visitor: Visitor, classroom: Classroom) -> None:
    """A page from before the change, in another tab, does not write its file among those of the other."""
    old = fields(visitor)
    visitor.post(f"{EXERCISE}/language", language="javascript")
    visitor.post(f"{EXERCISE}/files", **old, text="late = 1\n", written_in="python")
    folder = classroom.settings.home / "exercises" / "greet"
    assert (folder / "python" / "receiver.py").read_text() == "late = 1\n"
    assert not (folder / "javascript" / "receiver.py").exists()


def test_the_check_runs_in_the_chosen_language(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Press checks what the page shows."""
    visitor.post(f"{EXERCISE}/language", language="javascript")
    visitor.post(f"{EXERCISE}/runs")
    assert runs.pressed == [("greet", "javascript")]


def test_an_unknown_language_is_refused(visitor: Visitor) -> None:
    """Only what the exercise offers can be chosen."""
    assert visitor.post(f"{EXERCISE}/language", language="cobol").status_code == 404


def test_the_tabs_of_a_lesson_follow_the_choice(visitor: Visitor) -> None:
    """Python first; after a change of language the other tab is open, without a script."""
    assert checked_tab(visitor) == 1
    visitor.post(f"{EXERCISE}/language", language="javascript")
    assert checked_tab(visitor) == 2


def test_a_tab_that_was_opened_stays_open_until_the_next_choice(visitor: Visitor) -> None:
    """What a reader opened holds for all lessons; a later change on an exercise counts more."""
    assert visitor.post("/language", language="javascript").status_code == 204
    assert checked_tab(visitor) == 2
    visitor.post(f"{EXERCISE}/language", language="python")
    assert checked_tab(visitor) == 1
    assert visitor.post("/language", language="<b>").status_code == 400


def test_what_will_be_fetched_is_said_before(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page tells that the first check brings something, and only then."""
    monkeypatch.setattr("app.web.exercises.fetches_first", lambda language: language == "javascript")
    assert "brings what" not in visitor.get(EXERCISE).get_data(as_text=True)
    visitor.post(f"{EXERCISE}/language", language="javascript")
    assert "Your first check brings what JavaScript needs, once." in visitor.get(EXERCISE).get_data(
        as_text=True
    )


def test_the_page_of_a_run_tells_what_is_being_fetched(visitor: Visitor, runs: ScriptedRuns) -> None:
    """Fetching takes a while: the run says what comes, and how far it is."""
    started = {
        "event": "run_started", "run": "r1", "exercise": "greet", "language": "javascript",
        "level": "isolated", "seed": 1, "only": None, "checks": [],
    }  # fmt: skip
    getting = {"event": "tools_progress", "says": "Getting Node 24 and Express, once.", "note": ""}
    runs.script(started, getting)
    assert "Getting Node 24 and Express, once." in visitor.get("/runs/r1").get_data(as_text=True)
    runs.script(started, getting, {"event": "tools_progress", "says": "", "note": "Node: 21 of about 60 MB"})
    assert "Node: 21 of about 60 MB." in visitor.get("/runs/r1").get_data(as_text=True)
