"""Map, lesson and error pages."""

from app.learning.classroom import Classroom
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
