"""A quiz of all types, taken as a browser without scripts takes it: one at a time and on one page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.config import read_settings
from app.content.loader import load_course
from app.learning.classroom import Classroom
from tests.web.conftest import PORT, Visitor
from tests.web.forms import Form, question_form
from tests.web.twenty import twenty, write_twenty

QUIZ = "/quizzes/twenty"
RIGHT_ORDER = ("Greet in 5", "Talk in 5", "Leave in 5", "Forget 5")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The folder of the quiz."""
    return write_twenty(tmp_path / "content")


@pytest.fixture
def classroom(tmp_path: Path, content: Path) -> Iterator[Classroom]:
    """A learner with a new home and the quiz of all types."""
    settings = read_settings({"COURSE_HOME": str(tmp_path / "home"), "COURSE_PORT": str(PORT)})
    room = Classroom(settings, course=load_course((content,)))
    yield room
    room.close()


def question(visitor: Visitor, number: int) -> Form:
    """Open the form of one question."""
    return question_form(visitor.get(f"{QUIZ}?question={number}").text)


def in_order(page: str) -> list[str]:
    """The steps of an ordering as the page shows them."""
    return re.findall(r'data-text id="[^"]*">([^<]*)<', page)


def test_a_number(visitor: Visitor) -> None:
    """A typed number is judged with its tolerance; what is no number is told and stays in the field."""
    refused = question(visitor, 9).write("many").press(visitor, "answer")
    assert refused.status_code == 400
    assert "many is no number" in refused.text
    assert 'value="many"' in refused.text
    assert "(from 73438 to 73464)" not in refused.text
    page = question(visitor, 9).write("73450").press(visitor, "answer").text
    assert "Right" in page
    assert "73451 (from 73438 to 73464) seconds" in page
    wrong = question(visitor, 10).write("2").press(visitor, "answer").text
    assert "Not quite" in wrong
    assert "ZQX those are minutes." in wrong


def test_a_word(visitor: Visitor) -> None:
    """Capitals and blanks at the ends do not matter; a known mistake has its own words."""
    assert "Right" in question(visitor, 11).write(" ZQXHello ").press(visitor, "answer").text
    page = question(visitor, 12).write("Goodbye").press(visitor, "answer").text
    assert "ZQX that is the last one." in page
    assert "zqxhello" in page


def test_an_order_by_its_arrows(visitor: Visitor) -> None:
    """Each arrow leads to the page with the step moved; nothing is answered by it."""
    form = question(visitor, 13)
    page = visitor.get(f"{QUIZ}?question=13").text
    before = in_order(page)
    moved = form.press(visitor, "down", 0)
    assert moved.status_code == 200
    assert in_order(moved.text) == [before[1], before[0], *before[2:]]
    back = question_form(moved.text).press(visitor, "up", 1)
    assert in_order(back.text) == before
    at_the_end = question_form(back.text).press(visitor, "up", 0)
    assert in_order(at_the_end.text) == before
    assert "0 of 20" in visitor.get("/").text or "Not started" in visitor.get("/").text


def test_an_order_by_its_places(visitor: Visitor) -> None:
    """Places chosen in the native selects make the order; two steps at one place are told, and kept."""
    page = visitor.get(f"{QUIZ}?question=13").text
    form, shown = question_form(page), in_order(page)
    selects = [each for each in form.controls if each.name.startswith("place.")]
    for select, text in zip(selects, shown, strict=True):
        select.value = str(RIGHT_ORDER.index(text) + 1)
    selects[0].value = selects[1].value
    refused = form.press(visitor, "answer")
    assert refused.status_code == 400
    assert "Two steps were given one place" in refused.text
    for select, text in zip(selects, shown, strict=True):
        select.value = str(RIGHT_ORDER.index(text) + 1)
    answered = form.press(visitor, "answer").text
    assert re.search(r"</svg>\s*Right", answered)
    assert "Place 1, as you put it" in answered


def test_a_matching(visitor: Visitor) -> None:
    """Each thing gets an option; one left open is told, and what was chosen stays chosen."""
    form = question(visitor, 15).select("Coming to 5", "A word of welcome")
    refused = form.press(visitor, "answer")
    assert refused.status_code == 400
    assert "1 of 2 are open" in refused.text
    again = question_form(refused.text).select("Going from 5", "No word")
    page = again.press(visitor, "answer").text
    assert "Partly right" in page
    assert "50 % of the point." in page
    assert "You chose: No word" in page
    assert re.search(r"Going from 5 <span[^>]*>→</span> A word of parting", page)


def test_an_output(visitor: Visitor) -> None:
    """What a program prints is compared line by line."""
    page = question(visitor, 17).write("zqx 5\r\n").press(visitor, "answer").text
    assert "Right" in page
    assert "ZQX they are joined." in page


def test_a_thought(visitor: Visitor) -> None:
    """A free answer is not scored: it stands beside the model answer and the points to compare with."""
    page = question(visitor, 19).write("My <b>friend</b>").press(visitor, "answer").text
    for part in ("Compare with your own", "My &lt;b&gt;friend", "ZQX everybody.", "ZQX nobody was left out"):
        assert part in page
    assert "of the point" not in page
    shown = question(visitor, 20).press(visitor, "show").text
    assert "ZQX everybody." in shown


def test_tries_are_told_and_pay_less(visitor: Visitor) -> None:
    """A wrong try shows its own feedback and no key; the tried choice is closed, the next try earns less."""
    form = question(visitor, 2)
    assert "2 tries" in visitor.get(f"{QUIZ}?question=2").text
    page = form.choose("Goodbye 2").press(visitor, "answer").text
    assert "Try 1 was not right" in page
    assert "ZQX the last one." in page
    assert "Try 2, 1 left." in page
    for secret in ("ZQX yes.", "ZQX a greeting comes first.", "ZQX no word at all."):
        assert secret not in page
    replayed = form.choose("Hello 2").press(visitor, "answer").text
    assert "Try 1 was not right" in replayed
    second = question_form(page)
    closed = next(each for each in second.controls if each.label.startswith("Goodbye 2"))
    assert closed.name == ""
    answered = second.choose("Hello 2").press(visitor, "answer").text
    assert "50 % of the point." in answered
    assert "ZQX a greeting comes first." in answered


def test_giving_up_shows_the_answer(visitor: Visitor) -> None:
    """After a wrong try the answer can be asked for; what was earned stays."""
    page = question(visitor, 2).choose("Goodbye 2").press(visitor, "answer").text
    shown = question_form(page).press(visitor, "show").text
    assert "The answer" in shown
    assert "ZQX a greeting comes first." in shown


def test_how_sure_one_is(visitor: Visitor, classroom: Classroom, content: Path) -> None:
    """Where the author asks for it, it can be said, is kept when something is refused, and stored."""
    write_twenty(content, twenty().replace("shuffle_questions: false", "confidence: optional"))
    classroom._course = load_course((content,))
    forms = (question(visitor, number) for number in range(1, 21))
    form = next(each for each in forms if any(control.label == "Your number" for control in each.controls))
    refused = form.choose("Rather sure").write("many").press(visitor, "answer").text
    kept = question_form(refused)
    assert [each.label for each in kept.controls if each.kind == "radio" and each.is_on] == ["Rather sure"]
    kept.write("2").press(visitor, "answer")
    (row,) = classroom.store.attempts.all_answers()
    assert row.confidence == "mid"


def test_the_whole_page_is_remembered(visitor: Visitor) -> None:
    """The learner's setting holds on the next visit, and can be taken back."""
    visitor.post(f"{QUIZ}/view", view="whole")
    page = visitor.get(QUIZ).text
    assert page.count('class="question"') == 20
    assert page.count("The log of a receiver.") == 2  # above the first question that it belongs to, and again
    visitor.post(f"{QUIZ}/view", view="one")
    assert visitor.get(QUIZ).text.count('class="question"') == 1


def test_one_answer_on_the_whole_page_keeps_the_rest(visitor: Visitor) -> None:
    """Pressing one button answers one question; what is filled in elsewhere stays filled in."""
    visitor.post(f"{QUIZ}/view", view="whole")
    form = question_form(visitor.get(QUIZ).text)
    form.choose("Hello 1", "Noise at 5").write("a thought", -1).select("Coming to 6", "No word")
    page = form.press(visitor, "answer", 0)
    assert page.status_code == 200
    assert page.text.count("data-result") == 1
    kept = question_form(page.text)
    on = {each.label for each in kept.controls if each.kind == "checkbox" and each.is_on}
    assert on == {"Noise at 5"}
    assert ">\na thought</textarea>" in page.text
    hinted = kept.press(visitor, "hint", 0).text
    assert "HQX think of a door" in hinted
    assert ">\na thought</textarea>" in hinted
    assert hinted.count("HQX it has five letters") == 0
    assert kept.press(visitor, "hint", 0).text.count("HQX it has five letters") == 0


def test_all_that_is_filled_in_is_answered_at_once(visitor: Visitor) -> None:
    """The last button answers what is filled in; the rest, and orders that nobody touched, stay open."""
    visitor.post(f"{QUIZ}/view", view="whole")
    nothing = question_form(visitor.get(QUIZ).text).press(visitor, "all")
    assert nothing.status_code == 400
    assert "Nothing is filled in yet." in nothing.text
    form = question_form(visitor.get(QUIZ).text)
    form.choose("Hello 1", "Hello 3", "Hello to 5").write("many", 0).select("Coming to 5", "No word")
    page = form.press(visitor, "all")
    assert page.status_code == 400
    assert page.text.count("data-result") == 3
    assert page.text.count("data-refusal") == 2
    assert "3 of 20 answered" in page.text


def test_enter_among_many_questions_answers_none(visitor: Visitor) -> None:
    """Without a script a browser can't know which question Enter means, so nothing is answered."""
    visitor.post(f"{QUIZ}/view", view="whole")
    form = question_form(visitor.get(QUIZ).text).choose("Hello 1")
    page = form.send(visitor, None)
    assert "Nothing was sent yet." in page.text
    assert "0 of 20 answered" in page.text
    assert any(each.is_on and each.label == "Hello 1" for each in question_form(page.text).controls)


def test_only_what_was_missed_is_asked_again(visitor: Visitor) -> None:
    """A retake asks the missed questions; a better score comes from both together."""
    quiz = "/quizzes/basics-quiz"
    question_form(visitor.get(quiz).text).choose("One request").press(visitor, "answer")
    question_form(visitor.get(quiz).text).choose("The status 500").press(visitor, "answer")
    page = visitor.get(quiz).text
    assert "1 of 2 right" in page
    assert "Take again what you missed (1)" in page
    visitor.post(f"{quiz}/attempts", only="missed")
    page = visitor.get(quiz).text
    assert "Question 1 of 1" in page
    question_form(page).choose("The status 200", "The status 204").press(visitor, "answer")
    assert "2 of 2 right: 100 %" in visitor.get(quiz).text


def test_the_report_is_a_file(visitor: Visitor) -> None:
    """After the answer: the revision, the order shown, the answer, the learner's words; before, nothing."""
    form = question(visitor, 1).choose("Goodbye 1")
    token = next(each.value for each in form.controls if each.name == "question")
    attempt = next(each.value for each in form.controls if each.name == "attempt")
    early = visitor.post(f"{QUIZ}/answers", attempt=attempt, report=token)
    assert early.status_code == 400
    answered = form.press(visitor, "answer").text
    report = question_form(answered)
    next(each for each in report.controls if each.name == f"words.{token}").value = "It's B."
    sent = report.press(visitor, "report")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="question-report.json"'
    told = sent.get_json()
    assert (told["quiz"], told["question"], told["words"]) == ("twenty", "zqx-single-1", "It's B.")
    assert set(told["shown"]) == {"zqx-right", "zqx-late", "zqx-picture"}
    assert told["tries"][0]["answer"] == ["zqx-late"]
    assert set(told["revision"]) == {"key", "text"}


def test_pictures_come_with_their_words(visitor: Visitor, content: Path) -> None:
    """A picture has an address that says nothing, its alternative text, and only its own folder's files."""
    page = visitor.get(f"{QUIZ}?question=1").text
    sources = dict(re.findall(r'<img class="picture" src="([^"]+)" alt="([^"]+)"', page))
    assert sorted(sources.values()) == ["A waving hand", "Two lines of a log"]
    for address in sources:
        picture = visitor.get(address)
        assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
        assert "sandbox" in picture.headers["Content-Security-Policy"]
    for name in ("zqx-log.svg", "../lessons/01-basics.md", "%2e%2e%2fquizzes%2ftwenty.yaml", "0" * 24):
        assert visitor.get(f"{QUIZ}/pictures/{name}").status_code == 404
    secret = content.parent / "secret.svg"
    secret.write_text("<svg>outside</svg>")
    (content / "quizzes/zqx-log.svg").unlink()
    (content / "quizzes/zqx-log.svg").symlink_to(secret)
    address = next(address for address, words in sources.items() if words == "Two lines of a log")
    assert visitor.get(address).status_code == 404


def test_every_route_of_a_quiz_refuses_an_unknown_attempt(visitor: Visitor, app: Flask) -> None:
    """Attempts of nobody, and of another quiz, are told as that."""
    attempt = next(each.value for each in question(visitor, 1).controls if each.name == "attempt")
    for address in (f"{QUIZ}?attempt=nobody", f"/quizzes/basics-quiz?attempt={attempt}", "/review/nobody"):
        page = visitor.get(address)
        assert page.status_code == 404
        assert "There is no such" in page.text
