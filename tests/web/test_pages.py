"""Map, lesson and error pages."""

from dataclasses import replace

import pytest

from app.content.loader import load_course
from app.learning.classroom import Classroom
from app.store.rows import CheckResult, RunEnd, RunStart
from tests.web.conftest import Visitor


def test_the_map_shows_every_step_and_where_to_go_on(visitor: Visitor) -> None:
    """Each step has its name, its state in words and a link; the first open one is offered."""
    page = visitor.get("/").text
    for part in ('href="/lessons/basics"', 'href="/exercises/greet"', 'href="/quizzes/basics-quiz"'):
        assert part in page
    assert page.count("Not started") == 3
    assert "0 of 3 steps done" in page
    assert "Begin" in page


def test_reading_a_lesson_is_remembered(visitor: Visitor) -> None:
    """The button marks the lesson as read, leads to the next step, and the map knows."""
    answer = visitor.post("/lessons/basics/read")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/exercises/greet")
    assert "1 of 3 steps done" in visitor.get("/").text
    assert "You have read this lesson" in visitor.get("/lessons/basics").text
    assert visitor.get("/continue").headers["Location"] == "/exercises/greet"


def test_a_lesson_has_its_sections_tabs_and_sources(visitor: Visitor) -> None:
    """The page holds the prose, a list of its sections, both tabs as radio buttons, and the sources."""
    page = visitor.get("/lessons/basics").text
    assert 'href="#in-code"' in page
    assert 'id="in-code"' in page
    assert page.count('type="radio"') == 2
    assert "from JavaScript" in page
    assert "rfc9110" in page


def test_the_sources_of_all_lessons_stand_on_one_page(visitor: Visitor) -> None:
    """Each source has its address, the day on which it was read, and links to its lessons."""
    assert 'href="/sources"' in visitor.get("/").text
    page = visitor.get("/sources").text
    assert 'href="https://www.rfc-editor.org/rfc/rfc9110"' in page
    assert "read 2026-11-20" in page
    assert 'href="/lessons/basics"' in page


def test_a_diagram_is_a_picture_with_its_own_policy(visitor: Visitor, classroom: Classroom) -> None:
    """The picture beside the lesson is sent as SVG that can't run anything."""
    lesson = classroom.course.lesson("basics")
    lesson.path.with_suffix(".1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = visitor.get("/diagrams/basics/1.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert visitor.get("/diagrams/basics/2.svg").status_code == 404


def test_an_unknown_id_is_told_with_a_guess(visitor: Visitor) -> None:
    """A mistyped id gets 404 and the closest one that exists."""
    answer = visitor.get("/lessons/basisc")
    assert answer.status_code == 404
    assert "Did you mean basics?" in answer.text


def test_ids_are_never_code(visitor: Visitor) -> None:
    """What stands in the address is shown as text, neither as HTML nor as a template."""
    page = visitor.get("/lessons/{{7*7}}<b>x").text
    assert "49" not in page
    assert "<b>x" not in page


def test_health_is_plain(stranger: Visitor) -> None:
    """The launcher may ask whether the site answers."""
    assert stranger.get("/healthz").text == "ok\n"


@pytest.fixture
def core(classroom: Classroom) -> None:
    """The only lesson is on the core path."""
    lesson = classroom.course.lesson("basics")
    text = lesson.path.read_text(encoding="utf-8").replace("minutes: 5", "minutes: 5\ncore: true")
    lesson.path.write_text(text, encoding="utf-8")
    classroom._course = load_course((lesson.path.parents[1],))


@pytest.mark.usefixtures("core")
def test_the_core_path_has_its_place_on_the_map(visitor: Visitor) -> None:
    """With its minutes, how far it is, and the page at its end; the lesson says that it is core."""
    page = visitor.get("/").text
    assert "The core path" in page
    assert "0 of 3 steps of the core path done, 12 minutes left" in page
    assert 'href="/finish"' in page
    assert "Further on" not in page
    assert "core path" in visitor.get("/lessons/basics").text


@pytest.mark.usefixtures("core")
def test_the_finish_page_says_what_was_proved_and_what_is_left(
    visitor: Visitor, classroom: Classroom
) -> None:
    """Before the end it says how far it is; each check of each exercise is named with its outcome."""
    visitor.post("/lessons/basics/read")
    start = RunStart("r0", "greet", "python", "", None, 1, "nobody", "2026-01-02T00:00:00+00:00")
    classroom.store.runs.begin(start)
    results = (CheckResult(1, "answers", "passed", 1.0), CheckResult(2, "prints-id", "failed", 1.0))
    ended = "2026-01-02T00:00:01+00:00"
    end = RunEnd("failed", {"passed": 1, "failed": 1}, "", 1.0, "", "", ended, (), results)
    classroom.store.runs.finish("r0", end)
    page = visitor.get("/finish").text
    assert "1 of 3 steps of the core path are done" in page
    assert "1 of 2 checks passed, in Python, on 2026-01-02" in page
    assert 'A delivery is answered with 2xx<span class="hidden">, passed' in page
    assert 'id is printed<span class="hidden">, not yet' in page
    assert "Still to do" in page
    assert 'href="/quizzes/basics-quiz"' in page


@pytest.mark.usefixtures("core")
def test_the_last_step_of_the_core_path_leads_to_its_finish(visitor: Visitor, classroom: Classroom) -> None:
    """Its button does, and so does Continue once everything is done."""
    course = classroom.course
    classroom._course = replace(course, exercises=(), quizzes=())
    assert "What you proved" in visitor.get("/lessons/basics").text
    assert visitor.post("/lessons/basics/read").headers["Location"] == "/finish"
    assert "You finished the core path" in visitor.get("/finish").text


def test_a_course_without_core_lessons_says_so(visitor: Visitor) -> None:
    """The finish page is no dead end where nothing is core."""
    assert "No lesson of this course is marked as core" in visitor.get("/finish").text
