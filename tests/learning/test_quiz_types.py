"""Every type of question: asked, answered, scored, explained."""

import dataclasses
from collections.abc import Sequence

import pytest

from app.errors import UsageError
from app.learning import quizzes
from app.learning.classroom import Classroom
from app.learning.quizzes import AnswerView, AttemptView, QuestionView
from app.quiz.types import QUESTION_TYPES, Question
from tests.learning import tiny
from tests.quiz import all_types


@pytest.fixture(autouse=True)
def every_type(classroom: Classroom) -> None:
    """The quiz has one question of each type."""
    put(classroom, *all_types.ALL)


def put(classroom: Classroom, *questions: Question) -> None:
    """Make these the questions of the quiz."""
    classroom._course = dataclasses.replace(classroom.course, quizzes=(tiny.quiz("quiz", questions),))


def find(attempt: AttemptView, kind: str) -> QuestionView:
    """The question of this type."""
    return next(question for question in attempt.questions if question.type == kind)


def given(question: QuestionView, *texts: str) -> Sequence[str]:
    """What a form sends when somebody picks the parts with these texts; else the text itself."""
    parts = {each.text: each.token for each in (*question.choices, *question.items, *question.options)}
    return [parts.get(text, text) for text in texts]


def give(classroom: Classroom, kind: str, *texts: str) -> AnswerView:
    """Answer the question of this type."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    question = find(attempt, kind)
    sent = given(question, *texts)
    return quizzes.answer(classroom, attempt.id, question.token, sent, question.try_number)


RIGHT = {
    "single_choice": ["says a"],
    "multi_select": ["says b", "says a"],
    "true_false": ["says a"],
    "numeric": ["5,2 s"],
    "short_text": [" At  least ONCE "],
    "ordering": ["step read", "step verify", "step store"],
    "matching": ["200", "401", "413"],
    "predict_output": ["1\r\n2"],
    "reflect": ["to be safe"],
}
PARTLY = {
    "single_choice": (["says c"], 0),
    "multi_select": (["says a"], 0.5),
    "true_false": (["says b"], 0),
    "numeric": (["10"], 0),
    "short_text": (["exactly once"], 0),
    "ordering": (["step verify", "step store", "step read"], 0.5),
    "matching": (["200", "200", "413"], 2 / 3),
    "predict_output": (["12"], 0),
}


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_a_right_answer_of_each_type(classroom: Classroom, kind: str) -> None:
    """It scores 1, brings the explanation and the lesson, and stays when the page is opened again."""
    result = give(classroom, kind, *RIGHT[kind])
    assert (result.correct, result.score, result.released) == (True, 1.0, True)
    assert (result.explanation, result.lesson) == (f"why {kind}", "one#part")
    assert result.scoring
    assert find(quizzes.open_attempt(classroom, "quiz"), kind).answered == result


@pytest.mark.parametrize("kind", PARTLY)
def test_a_wrong_answer_of_each_type(classroom: Classroom, kind: str) -> None:
    """It scores by the rule of its type and is kept as it was given."""
    texts, value = PARTLY[kind]
    result = give(classroom, kind, *texts)
    assert (result.correct, result.score) == (False, pytest.approx(value))


def test_what_an_answer_tells(classroom: Classroom) -> None:
    """Known mistakes their feedback; the right number, text and output; items and pairs with theirs."""
    number = give(classroom, "numeric", "10 s")
    assert (number.given, number.remark) == ("10 s", "You forgot to halve it.")
    assert number.expected == "5 (from 4.5 to 5.5) s"
    text = give(classroom, "short_text", "Exactly once")
    assert (text.remark, text.expected) == ("That would be nice.", "at least once")
    output = give(classroom, "predict_output", "12")
    assert (output.remark, output.expected) == ("Each print ends its line.", "1\n2\n")
    items = give(classroom, "ordering", "step verify", "step read", "step store").items
    assert [(item.text, item.place, item.given, item.feedback) for item in items] == [
        ("step read", 1, 2, "why read"),
        ("step verify", 2, 1, "why verify"),
        ("step store", 3, 3, "why store"),
    ]
    pairs = give(classroom, "matching", "200", "500", "413").pairs
    assert [(pair.text, pair.chosen, pair.right, pair.correct) for pair in pairs] == [
        ("received", "200", "200", True),
        ("forged", "500", "401", False),
        ("too big", "413", "413", True),
    ]
    free = give(classroom, "reflect", "to be safe")
    assert (free.scored, free.model_answer, free.points) == (False, "because of crashes", ("names a crash",))


REFUSED = [
    ("single_choice", [], "No choice"),
    ("single_choice", ["says a", "says b"], "one choice"),
    ("multi_select", [], "No choice"),
    ("numeric", ["five"], "no number"),
    ("numeric", ["nan"], "no number"),
    ("numeric", ["inf"], "no number"),
    ("numeric", ["1,000"], "two ways"),
    ("numeric", [""], "Nothing was written"),
    ("short_text", ["  "], "Nothing was written"),
    ("short_text", ["a" * 201], "longer than 200"),
    ("predict_output", ["\n"], "Nothing was written"),
    ("reflect", [" "], "Nothing was written"),
    ("ordering", ["step read", "step store"], "1 of 3 have no place"),
    ("ordering", ["step read", "", "step store"], "1 of 3 have no place"),
    ("ordering", ["step read", "step read", "step store"], "twice"),
    ("matching", ["200", "", "413"], "1 of 3 are open"),
    ("matching", ["200"], "2 of 3 are open"),
    ("matching", ["200", "401", "413", "500"], "edited"),
    ("matching", ["200", "401", "nothing"], "edited"),
    ("ordering", ["step read", "read", "store"], "edited"),
    ("numeric", ["1", "2"], "one answer"),
]


@pytest.mark.parametrize(("kind", "texts", "why"), REFUSED)
def test_what_is_no_answer_is_refused_in_words(
    classroom: Classroom, kind: str, texts: list[str], why: str
) -> None:
    """With what is missing and what to do; nothing is stored."""
    with pytest.raises(UsageError, match=why) as raised:
        give(classroom, kind, *texts)
    assert raised.value.advice
    assert classroom.store.attempts.all_answers() == ()


def test_before_the_answer_nothing_tells_the_key(classroom: Classroom) -> None:
    """No id, feedback, explanation, accepted text, output or right order in any view of an open question."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    shown = repr(attempt)
    for secret in (
        "feedback on", "why ", "correct", "one#part", "first hint", "at least once", "exactly once", "halve",
        "would be nice", "'1\\n2", "Each print", "because of", "names a", "about-", "s401", "4.5", "'verify'",
    ):  # fmt: skip
        assert secret not in shown, secret
    order = find(attempt, "ordering").items
    assert [item.text for item in order] != ["step read", "step verify", "step store"]


def test_reflection_counts_for_nothing(classroom: Classroom) -> None:
    """The score is that of the other questions; a quiz of reflections alone is passed by answering."""
    put(classroom, all_types.SINGLE, all_types.REFLECT)
    give(classroom, "single_choice", "says b")
    view = quizzes.open_attempt(classroom, "quiz")
    assert (view.score, view.finished, view.total) == (0.0, False, 1)
    give(classroom, "reflect", "hm")
    done = quizzes.open_attempt(classroom, "quiz")
    assert (done.score, done.finished, done.passed) == (0.0, True, False)
    put(classroom, dataclasses.replace(all_types.REFLECT, id="another"))
    alone = quizzes.open_attempt(classroom, "quiz", fresh=True)
    assert not alone.finished
    give(classroom, "reflect", "hm")
    assert quizzes.open_attempt(classroom, "quiz").passed
