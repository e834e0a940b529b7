"""Forms that are older than the course: a clear page, nothing stored, and nothing typed is lost."""

from pathlib import Path
from typing import Any

import pytest

from app.content.loader import load_course
from app.learning.classroom import Classroom
from tests.web.conftest import Visitor
from tests.web.forms import Form
from tests.web.test_all_types import QUIZ, classroom, content, question  # noqa: F401 - fixtures
from tests.web.test_quiz_leaks import without_time
from tests.web.twenty import twenty, write_twenty

TYPED = "a <long> thought"


def edit(room: Classroom, folder: Path, old: str, new: str) -> None:
    """Change the quiz, as its author does while somebody is at it."""
    text = twenty()
    assert old in text
    write_twenty(folder, text.replace(old, new))
    room._course = load_course((folder,))


def answers(room: Classroom) -> int:
    """How many answers are stored."""
    return len(room.store.attempts.all_answers())


def test_an_edited_question_is_shown_anew(visitor: Visitor, classroom: Classroom, content: Path) -> None:  # noqa: F811
    """Its answer is refused, since it was given to other words; what was typed stands in the field."""
    form = question(visitor, 19).write(TYPED)
    edit(classroom, content, "Whom did you greet on day 5?", "Whom did you greet on Monday?")
    page = form.press(visitor, "answer")
    assert page.status_code == 400
    for part in (
        "This question was edited since it was shown",
        "on Monday?",
        "\na &lt;long&gt; thought</textarea>",
    ):
        assert part in page.text
    assert answers(classroom) == 0
    assert "ZQX" not in page.text


def test_a_choice_that_is_gone_is_told(visitor: Visitor, classroom: Classroom, content: Path) -> None:  # noqa: F811
    """The question is shown as it is now, without the choice."""
    form = question(visitor, 3).choose("Goodbye 3")
    edit(classroom, content, "zqx-late, text: Goodbye 3", "zqx-never, text: Never 3")
    page = form.press(visitor, "answer")
    assert page.status_code == 400
    assert "edited since it was shown" in page.text
    assert "Never 3" in page.text
    assert answers(classroom) == 0


def test_a_question_that_is_gone_gives_the_words_back(
    visitor: Visitor,
    classroom: Classroom,  # noqa: F811
    content: Path,  # noqa: F811
) -> None:
    """A page says so, with what was typed."""
    form = question(visitor, 19).write(TYPED)
    edit(classroom, content, "id: zqx-think-5", "id: zqx-think-7")
    page = form.press(visitor, "answer")
    assert page.status_code == 404
    assert "This question is not part of the attempt" in page.text
    assert "\na &lt;long&gt; thought</textarea>" in page.text
    assert answers(classroom) == 0


def test_a_quiz_that_is_gone_gives_the_words_back(
    visitor: Visitor,
    classroom: Classroom,  # noqa: F811
    content: Path,  # noqa: F811
) -> None:
    """Also where nothing of it is left."""
    form = question(visitor, 19).write(TYPED)
    (content / "quizzes/twenty.yaml").unlink()
    classroom._course = load_course((content,))
    page = form.press(visitor, "answer")
    assert page.status_code == 404
    assert "\na &lt;long&gt; thought</textarea>" in page.text


def tampered(form: Form, **changes: Any) -> Form:
    """Change fields by the beginning of their names."""
    for control in form.controls:
        for name, value in changes.items():
            if control.name.partition(".")[0] == name and control.kind != "button":
                control.value = value
    return form


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"attempt": "nobody"}, 404),
        ({"attempt": ""}, 404),
        ({"version": "0" * 24}, 400),
        ({"try": "7"}, 400),
        ({"try": "-1"}, 400),
        ({"place": "lesson nothing", "version": "0" * 24}, 404),
        ({"place": "review", "version": "0" * 24}, 404),
    ],
)
def test_a_tampered_form(visitor: Visitor, classroom: Classroom, changes: Any, status: int) -> None:  # noqa: F811
    """Whatever was changed, the answer is refused in words, kept on the page, and not stored."""
    page = tampered(question(visitor, 19).write(TYPED), **changes).press(visitor, "answer")
    assert page.status_code == status
    assert status == 400 or "<h1>This answer was not taken</h1>" in page.text
    assert "\na &lt;long&gt; thought</textarea>" in page.text
    assert "Traceback" not in page.text
    assert answers(classroom) == 0


def test_a_page_of_an_older_session_gives_the_words_back(visitor: Visitor, classroom: Classroom) -> None:  # noqa: F811
    """Whoever came through the link again in another tab finds the words on the page that refuses."""
    form = question(visitor, 19).write(TYPED)
    page = visitor.post(form.action, **form.fields(form.buttons("answer")[0]) | {"csrf": "older"})
    assert page.status_code == 403
    assert "This page is out of date" in page.text
    assert "\na &lt;long&gt; thought</textarea>" in page.text
    other = {"Sec-Fetch-Site": "cross-site"}
    foreign = visitor.post(form.action, other, **form.fields(form.buttons("answer")[0]))
    assert foreign.status_code == 403
    assert "thought" not in foreign.text
    assert answers(classroom) == 0


def test_an_older_tab_answers_its_own_attempt(visitor: Visitor, classroom: Classroom) -> None:  # noqa: F811
    """A form of an attempt that is not the newest one leads back to that attempt."""
    question(visitor, 1).press(visitor, "hint")  # so that the attempt is kept
    form = question(visitor, 3).choose("Hello 3")
    visitor.post(f"{QUIZ}/attempts")
    page = form.press(visitor, "answer").text
    assert "data-result" in page
    attempt = next(each.value for each in form.controls if each.name == "attempt")
    assert f"attempt={attempt}" in page
    assert "data-result" not in visitor.get(f"{QUIZ}?question=3").text


def test_the_same_form_twice_is_one_answer(visitor: Visitor, classroom: Classroom) -> None:  # noqa: F811
    """A double click, and a replay with other contents, return the first result."""
    form = question(visitor, 9).write("2")
    first = form.press(visitor, "answer").text
    again = form.write("73451").press(visitor, "answer").text
    assert without_time(first) == without_time(again)
    assert answers(classroom) == 1
