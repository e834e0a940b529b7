"""Quizzes on the page: one at a time, and no key before the answer."""

import re

from app.learning.classroom import Classroom
from tests.web.conftest import Visitor

QUIZ = "/quizzes/basics-quiz"
SECRETS = (
    "one attempt to tell you",
    "Nothing is stored",
    "A delivery is one attempt",
    "correct",
    "what-is-it",
)


def choice_token(page: str, text: str) -> str:
    """Return the token of the choice with this text."""
    found = re.search(rf'value="([^"]+)"[^>]*>\s*<label[^>]*>{text}', page)
    assert found
    return found[1]


def answer(visitor: Visitor, page: str, *texts: str) -> str:
    """Choose and press Answer; return the page that follows."""
    fields = {name: found for name, found in re.findall(r'name="(attempt|question)" value="([^"]+)"', page)}
    chosen = [choice_token(page, text) for text in texts]
    sent = visitor.post(f"{QUIZ}/answers", **fields, choice=chosen)
    assert sent.status_code == 303
    return visitor.get(sent.headers["Location"]).text


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
    page = visitor.get(QUIZ).text
    fields = {name: found for name, found in re.findall(r'name="(attempt|question)" value="([^"]+)"', page)}
    assert visitor.post(f"{QUIZ}/answers", **fields).status_code == 400
    assert "Question 1" in visitor.get(QUIZ).text


def test_an_answer_sent_twice_counts_once(visitor: Visitor, classroom: Classroom) -> None:
    """A double click, or the form sent again with another choice, changes nothing."""
    page = visitor.get(QUIZ).text
    answer(visitor, page, "A file")
    assert "Not quite" in answer(visitor, page, "One request")


def test_a_hint_comes_when_asked(visitor: Visitor) -> None:
    """The hint is not on the page before the button was pressed."""
    page = visitor.get(QUIZ).text
    assert "Think of HTTP" not in page
    fields = {name: found for name, found in re.findall(r'name="(attempt|question)" value="([^"]+)"', page)}
    sent = visitor.post(f"{QUIZ}/hints", **fields)
    assert "Think of HTTP" in visitor.get(sent.headers["Location"]).text


def test_unknown_tokens_are_refused(visitor: Visitor) -> None:
    """Ids of the file are no tokens; attempts of nobody are not found."""
    page = visitor.get(QUIZ).text
    attempt = dict(re.findall(r'name="(attempt|question)" value="([^"]+)"', page))["attempt"]
    refused = visitor.post(f"{QUIZ}/answers", attempt=attempt, question="what-is-it", choice="request")
    assert refused.status_code in (400, 404)
    assert visitor.post(f"{QUIZ}/answers", attempt="x", question="y", choice="z").status_code in (400, 404)
