"""Taking a quiz without ever seeing the key before the answer."""

import dataclasses
import threading
from typing import Any

import pytest

from app.errors import NotFound, UsageError
from app.learning import quizzes
from app.learning.classroom import Classroom
from app.learning.quizzes import AnswerView, AttemptView, QuestionView
from tests.learning import tiny


def tokens(question: QuestionView, *endings: str) -> list[str]:
    """The tokens of the choices whose text ends so."""
    return [choice.token for choice in question.choices if choice.text.endswith(endings)]


def by_stem(attempt: AttemptView, word: str) -> QuestionView:
    """The question whose stem holds the word."""
    return next(question for question in attempt.questions if word in question.stem)


def give(classroom: Classroom, attempt: AttemptView, word: str, *endings: str) -> AnswerView:
    """Answer a question by the endings of its choices."""
    question = by_stem(attempt, word)
    return quizzes.answer(classroom, attempt.id, question.token, tokens(question, *endings))


def edit(classroom: Classroom, *questions: Any) -> None:
    """Put other questions into the quiz, as an author does while learners are at it."""
    course = classroom.course
    changed = dataclasses.replace(course, quizzes=(tiny.quiz("quiz", questions),))
    classroom._course = changed


def test_looking_at_a_quiz_stores_nothing_and_shows_the_same(classroom: Classroom) -> None:
    """A GET has no side effect: twice the same attempt, and not one row."""
    first, second = (quizzes.open_attempt(classroom, "quiz") for _ in range(2))
    assert first == second == quizzes.view_attempt(classroom, first.id)
    assert not any(classroom.store.export()["tables"].values())
    assert (first.number, first.answered, first.finished, first.best) == (1, 0, False, None)


def test_before_the_answer_nothing_tells_the_key(classroom: Classroom) -> None:
    """No id, feedback, explanation or key: only stem, texts and tokens of this attempt."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    for question in attempt.questions:
        assert question.answered is None
    shown = repr(attempt)
    for secret in ("feedback on", "why q", "correct", "one#part", "first hint"):
        assert secret not in shown
    fresh = quizzes.open_attempt(classroom, "quiz", fresh=True)
    assert set(all_tokens(attempt)).isdisjoint(all_tokens(fresh))


def all_tokens(attempt: AttemptView) -> list[str]:
    """Every token of an attempt."""
    return [choice.token for question in attempt.questions for choice in question.choices]


def test_an_answer_brings_feedback_per_choice_and_the_explanation(classroom: Classroom) -> None:
    """At once, in the order that was shown."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    question = by_stem(attempt, "q1")
    result = give(classroom, attempt, "q1", "b")
    assert (result.correct, result.score, result.explanation, result.lesson) == (
        False,
        0.0,
        "why q1",
        "one#part",
    )
    assert [choice.text for choice in result.choices] == [choice.text for choice in question.choices]
    facts = {c.text[-1]: (c.chosen, c.correct, c.feedback) for c in result.choices}
    assert facts == {
        "a": (False, True, "feedback on a"),
        "b": (True, False, "feedback on b"),
        "c": (False, False, "feedback on c"),
    }
    again = quizzes.view_attempt(classroom, attempt.id)
    assert by_stem(again, "q1").answered == result
    assert by_stem(again, "q2").answered is None


def test_an_answer_is_stored_whole(classroom: Classroom) -> None:
    """Choice ids, the order shown, both revision hashes, hints seen, seconds, score, rule, try."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    quizzes.reveal_hint(classroom, attempt.id, by_stem(attempt, "q1").token)
    give(classroom, attempt, "q2", "a", "b")
    give(classroom, attempt, "q1", "a")
    rows = {row.question: row for row in classroom.store.attempts.answers(attempt.id)}
    row = rows["q1"]
    shown = tuple(choice.text[-1] for choice in by_stem(attempt, "q1").choices)
    assert (row.chosen, row.shown, row.hints_seen, row.try_number) == (("a",), shown, 1, 1)
    assert (row.score, row.correct, row.rule) == (1.0, True, "all_or_nothing")
    assert rows["q2"].rule == "balanced"
    assert row.seconds is not None
    assert row.seconds > 0
    assert row.key_hash
    assert row.text_hash
    stored = classroom.store.attempts.revision("q1", row.key_hash, row.text_hash)
    assert stored is not None
    assert stored.body["explanation"] == "why q1"


def test_the_first_answer_counts(classroom: Classroom) -> None:
    """A double click, or a second try after the key was shown, returns the first result."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    first = give(classroom, attempt, "q1", "b")
    assert give(classroom, attempt, "q1", "a") == first
    assert quizzes.answer(classroom, attempt.id, by_stem(attempt, "q1").token, []) == first
    assert len(classroom.store.attempts.answers(attempt.id)) == 1


def test_answers_at_the_same_moment_are_one_answer(classroom: Classroom) -> None:
    """Of several tabs one wins, and all are told the same."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    together, results = threading.Barrier(5), []

    def click(choice: str) -> None:
        together.wait()
        results.append(give(classroom, attempt, "q1", choice))

    threads = [threading.Thread(target=click, args=(choice,)) for choice in "abcab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 5
    assert all(result == results[0] for result in results)


def test_an_attempt_is_passed_when_all_is_answered_well(classroom: Classroom) -> None:
    """The score is over all questions; the best finished attempt counts, a new one hides no pass."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    give(classroom, attempt, "q1", "a")
    half = quizzes.view_attempt(classroom, attempt.id)
    assert (half.answered, half.score, half.finished, half.passed) == (1, 50.0, False, False)
    give(classroom, attempt, "q2", "a")
    done = quizzes.view_attempt(classroom, attempt.id)
    assert (done.score, done.finished, done.passed, done.best) == (75.0, True, True, 75.0)
    fresh = quizzes.open_attempt(classroom, "quiz", fresh=True)
    assert (fresh.number, fresh.answered, fresh.passed, fresh.best) == (2, 0, False, 75.0)
    assert quizzes.open_attempt(classroom, "quiz").id == fresh.id


def test_below_the_pass_mark_is_not_passed(classroom: Classroom) -> None:
    """Everything answered is not enough."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    give(classroom, attempt, "q1", "b")
    give(classroom, attempt, "q2", "a", "b")
    view = quizzes.view_attempt(classroom, attempt.id)
    assert (view.score, view.finished, view.passed) == (50.0, True, False)


def test_hints_come_one_by_one_before_the_answer(classroom: Classroom) -> None:
    """They are remembered; none comes after the last, or after the answer."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    question = by_stem(attempt, "q1")
    assert (question.hints, question.hints_left) == ((), 2)
    hints = [quizzes.reveal_hint(classroom, attempt.id, question.token) for _ in range(3)]
    assert hints == ["first hint", "second hint", None]
    seen = by_stem(quizzes.view_attempt(classroom, attempt.id), "q1")
    assert (seen.hints, seen.hints_left) == (("first hint", "second hint"), 0)
    give(classroom, attempt, "q2", "a")
    assert quizzes.reveal_hint(classroom, attempt.id, by_stem(attempt, "q2").token) is None


def test_an_edited_key_leaves_old_answers_as_they_were(classroom: Classroom) -> None:
    """An answer stays beside the question it was given to; only new words replace old ones."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    give(classroom, attempt, "q1", "a")
    give(classroom, attempt, "q2", "a", "b")
    reworded = dataclasses.replace(tiny.question("q1"), explanation="said better")
    edit(classroom, reworded, tiny.question("q2", "multi_select", "c"))
    view = quizzes.view_attempt(classroom, attempt.id)
    first, second = by_stem(view, "q1").answered, by_stem(view, "q2").answered
    assert first is not None
    assert second is not None
    assert first.explanation == "said better"
    assert {c.text[-1] for c in second.choices if c.correct} == {"a", "b"}
    assert (second.correct, view.score) == (True, 100.0)


def test_questions_that_leave_or_join_do_not_change_an_attempt(classroom: Classroom) -> None:
    """What was answered stays, an open question that is gone no longer counts, a new one waits."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    give(classroom, attempt, "q1", "a")
    edit(classroom, tiny.question("q3"))
    view = quizzes.view_attempt(classroom, attempt.id)
    assert [question.stem for question in view.questions] == ["What about q1?"]
    assert (view.finished, view.score) == (True, 100.0)
    with pytest.raises(NotFound):
        give(classroom, attempt, "q2", "a")
    assert [q.stem for q in quizzes.open_attempt(classroom, "quiz", fresh=True).questions] == [
        "What about q3?"
    ]


@pytest.mark.parametrize("endings", [(), ("a", "b")])
def test_one_choice_means_one(classroom: Classroom, endings: tuple[str, ...]) -> None:
    """No choice, or two for a single one, is told and not stored."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    question = by_stem(attempt, "q1")
    chosen = tokens(question, *endings) if endings else []
    with pytest.raises(UsageError):
        quizzes.answer(classroom, attempt.id, question.token, chosen)
    assert classroom.store.attempts.answers(attempt.id) == ()


def test_foreign_tokens_are_refused(classroom: Classroom) -> None:
    """Tokens of another question or attempt, and ids, open nothing."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    one, two = by_stem(attempt, "q1"), by_stem(attempt, "q2")
    for chosen in ([two.choices[0].token], ["a"], [""]):
        with pytest.raises(UsageError):
            quizzes.answer(classroom, attempt.id, one.token, chosen)
    for attempt_id, question in (("nothing", one.token), (attempt.id, "q1"), (attempt.id, "")):
        with pytest.raises(NotFound):
            quizzes.answer(classroom, attempt_id, question, [one.choices[0].token])
