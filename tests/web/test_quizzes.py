"""Quizzes on the page: one at a time, and no key before the answer."""

import re

from app.learning.classroom import Classroom
from tests.web.conftest import Visitor
from tests.web.forms import question_form

QUIZ = "/quizzes/basics-quiz"
SECRETS = (
    "one attempt to tell you",
    "Nothing is stored",
    "A delivery is one attempt",
    "correct",
    "what-is-it",
)


def answer(visitor: Visitor, page: str, *texts: str) -> str:
    """Choose and press Answer; return the page that follows."""
    return question_form(page).choose(*texts).press(visitor, "answer").text


def test_a_question_is_a_fieldset_of_radio_buttons(visitor: Visitor) -> None:
    """Native controls: the stem is the legend, and one choice is required."""
    page = visitor.get(QUIZ).text
    assert re.search(r"<legend>What is a <strong>delivery</strong>\?</legend>", page)
    assert page.count('type="radio" required') == 3


def test_the_key_never_leaves_before_the_answer(visitor: Visitor) -> None:
    """No feedback, explanation, id or mark of the key stands on an open question's page."""
    page = visitor.get(QUIZ).text
    for secret in SECRETS:
        assert secret not in page


def test_the_answer_explains_itself_at_once(visitor: Visitor) -> None:
    """After the answer: right or not in words, feedback per choice, the explanation, the lesson."""
    page = answer(visitor, visitor.get(QUIZ).text, "A file")
    for part in ("Not quite", "Nothing is stored", "one attempt to tell you", "A delivery is one attempt"):
        assert part in page
    assert 'href="/lessons/basics#in-code"' in page
    assert re.search(r'id="result"[^>]*role="status"[^>]*tabindex="-1"', page)
    assert "Question 2" in visitor.get(QUIZ).text


def test_several_answers_are_check_boxes(visitor: Visitor) -> None:
    """A multi_select question takes several choices; half of them is partly right."""
    answer(visitor, visitor.get(QUIZ).text, "One request")
    page = visitor.get(QUIZ).text
    assert page.count('type="checkbox"') == 4
    assert "Partly right" in answer(visitor, page, "The status 200")


def test_the_end_shows_the_score_and_the_map_knows(visitor: Visitor) -> None:
    """After the last question the page says how it went; progress has it; it can be taken again."""
    answer(visitor, visitor.get(QUIZ).text, "One request")
    answer(visitor, visitor.get(QUIZ).text, "The status 200", "The status 204")
    page = visitor.get(QUIZ).text
    assert "Passed" in page
    assert "100 %" in page
    assert "100 %" in visitor.get("/").text
    visitor.post(f"{QUIZ}/attempts")
    assert "Question 1 of 2" in visitor.get(QUIZ).text


def test_nothing_chosen_is_told(visitor: Visitor) -> None:
    """An empty answer is refused with a sentence and stores nothing."""
    refused = question_form(visitor.get(QUIZ).text).press(visitor, "answer")
    assert refused.status_code == 400
    assert "No choice was made" in refused.text
    assert "Question 1" in visitor.get(QUIZ).text


def test_an_answer_sent_twice_counts_once(visitor: Visitor, classroom: Classroom) -> None:
    """A double click, or the form sent again with another choice, changes nothing."""
    page = visitor.get(QUIZ).text
    answer(visitor, page, "A file")
    again = answer(visitor, page, "One request")
    assert "Not quite" in again


def test_a_hint_comes_when_asked(visitor: Visitor) -> None:
    """The hint is not on the page before the button was pressed."""
    page = visitor.get(QUIZ).text
    assert "Think of HTTP" not in page
    assert "Think of HTTP" in question_form(page).press(visitor, "hint").text


def test_unknown_tokens_are_refused(visitor: Visitor) -> None:
    """Ids of the file are no tokens; attempts of nobody are not found."""
    page = visitor.get(QUIZ).text
    attempt = dict(re.findall(r'name="(attempt|question)" value="([^"]+)"', page))["attempt"]
    by_id = {"question": "what-is-it", "answer.what-is-it": "request", "answer": "what-is-it"}
    assert visitor.post(f"{QUIZ}/answers", attempt=attempt, **by_id).status_code == 404
    assert visitor.post(f"{QUIZ}/answers", attempt="x", **by_id).status_code == 404
