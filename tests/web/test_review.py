"""Questions inside lessons, and the list of what to look at again."""

import re

from app.learning.classroom import Classroom
from tests.web.conftest import Visitor
from tests.web.forms import question_form
from tests.web.test_all_types import classroom, content, question  # noqa: F401 - fixtures
from tests.web.twenty import SECRET

LESSON = "/lessons/basics"


def test_a_lesson_asks_a_question(visitor: Visitor) -> None:
    """It is answered and explained where it stands, and can be asked again; no script is needed."""
    page = visitor.get(LESSON).text
    assert page.count("Check yourself") == 2
    assert SECRET.lower() not in page.lower()
    refused = question_form(page).press(visitor, "answer")
    assert refused.status_code == 400
    assert "<h1>The basics</h1>" in refused.text
    assert "No choice was made" in refused.text
    hinted = question_form(page).choose("Goodbye 1").press(visitor, "hint").text
    assert "<h1>The basics</h1>" in hinted
    assert "HQX think of a door" in hinted
    chosen = [each for each in question_form(hinted).controls if each.kind == "radio" and each.is_on]
    assert [each.label for each in chosen] == ["Goodbye 1"]
    answered = question_form(hinted).press(visitor, "answer").text
    for part in ("<h1>The basics</h1>", "ZQX the last one.", "ZQX a greeting comes first.", "Ask me again"):
        assert part in answered
    again = question_form(answered).press(visitor, "again").text
    assert SECRET not in again
    assert "Right" in question_form(again).choose("Hello 1").press(visitor, "answer").text


def test_a_lesson_leads_back_to_its_question(visitor: Visitor) -> None:
    """The address of the answer names the place on the page."""
    form = question_form(visitor.get(LESSON).text).choose("Hello 1")
    fields = {name: each for name, each in form.fields(form.buttons("answer")[0]).items() if name != "csrf"}
    sent = visitor.post(form.action, **fields)
    assert re.fullmatch(r"/lessons/basics#question-[0-9a-f]{24}", sent.headers["Location"])
    assert f'id="{sent.headers["Location"].partition("#")[2]}"' in visitor.get(LESSON).text


def test_steps_are_put_in_order_inside_a_lesson(visitor: Visitor) -> None:
    """The arrows work there, too, and what another question says stays."""
    question_form(visitor.get(LESSON).text).choose("Hello 1").press(visitor, "answer")
    page = visitor.get(LESSON).text
    moved = question_form(page, 1).press(visitor, "down", 0).text
    before, after = (re.findall(r'data-text id="item-([^"]*)"', text) for text in (page, moved))
    assert after == [before[1], before[0], *before[2:]]
    assert "data-result" in moved


def test_a_question_that_is_not_there_is_told(visitor: Visitor, classroom: Classroom) -> None:  # noqa: F811
    """Its place says so, without an id."""
    lesson = classroom.course.lesson("basics")
    object.__setattr__(lesson, "body", "```question\nzqx-nothing\n```\n")
    page = visitor.get(LESSON).text
    assert "Here a question belongs that can't be asked" in page
    assert SECRET.lower() not in page.lower()


def test_what_was_missed_is_listed_until_it_is_right(visitor: Visitor) -> None:
    """From quizzes and lessons alike; a right answer takes it off; the map leads there."""
    assert "to look at again" not in visitor.get("/").text
    question(visitor, 9).write("2").press(visitor, "answer")
    question_form(visitor.get(LESSON).text).choose("Goodbye 1").press(visitor, "answer")
    assert re.search(r'href="/review">2 questions to look at again', visitor.get("/").text)
    listed = visitor.get("/review").text
    assert "Which greeting number 1 comes first?" in listed
    assert "How many seconds are 5 and a half thousand minutes?" in listed
    assert 'href="/lessons/basics#in-code"' in listed
    asked = visitor.post("/review", question="zqx-number-5")
    page = visitor.get(asked.headers["Location"]).text
    assert "One question, again" in page
    assert SECRET not in page
    wrong = question_form(page).write("2").press(visitor, "answer").text
    assert "Back to the list (2)" in wrong
    right = question_form(question_form(wrong).press(visitor, "again").text).write("73451")
    assert "Back to the list (1)" in right.press(visitor, "answer").text
    assert "half thousand" not in visitor.get("/review").text


def test_only_what_is_listed_is_asked_again(visitor: Visitor) -> None:
    """An id that nobody missed opens nothing, and no list of ids comes back."""
    for question_id in ("", "zqx-number-5", "nothing"):
        page = visitor.post("/review", question=question_id)
        assert page.status_code == 404
        assert "This question is not on the list" in page.text
        assert "zqx-s" not in page.text
