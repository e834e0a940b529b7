"""Several tries within an attempt, giving up, and attempts after attempts."""

import dataclasses
from datetime import timedelta

import pytest

from app.errors import NotFound, UsageError
from app.learning import quizzes
from app.learning.classroom import Classroom
from app.learning.quiz_review import look_again, report_question
from app.learning.quizzes import AnswerView, AttemptView, QuestionView
from app.quiz.types import Question
from tests.learning import tiny


def put(classroom: Classroom, *questions: Question) -> None:
    """Make these the questions of the quiz."""
    classroom._course = dataclasses.replace(classroom.course, quizzes=(tiny.quiz("quiz", questions),))


def find(attempt: AttemptView, word: str) -> QuestionView:
    """The question whose stem holds the word."""
    return next(question for question in attempt.questions if word in question.stem)


def give(classroom: Classroom, attempt: AttemptView, word: str, *endings: str) -> AnswerView:
    """Answer a question by the endings of its choices, as its page stands now."""
    question = find(quizzes.view_attempt(classroom, attempt.id), word)
    chosen = [choice.token for choice in question.choices if choice.text.endswith(endings)]
    return quizzes.answer(classroom, attempt.id, question.token, chosen, question.try_number)


@pytest.fixture
def tries(classroom: Classroom) -> AttemptView:
    """An attempt at a question with three tries and one with one."""
    three = dataclasses.replace(tiny.question("q1"), tries=(1.0, 0.7, 0.4))
    put(classroom, three, tiny.question("q2"))
    return quizzes.open_attempt(classroom, "quiz")


def test_a_wrong_try_says_why_and_keeps_the_key(classroom: Classroom, tries: AttemptView) -> None:
    """It tells about the chosen choice alone and closes it; the next try earns less; the best counts."""
    first = give(classroom, tries, "q1", "b")
    assert (first.correct, first.released, first.explanation, first.lesson) == (False, False, "", None)
    assert [(c.text[-1], c.feedback) for c in first.choices] == [("b", "feedback on b")]
    question = find(quizzes.view_attempt(classroom, tries.id), "q1")
    assert (question.answered, question.last, question.try_number, question.tries_left) == (None, first, 2, 2)
    assert {choice.text[-1] for choice in question.choices if choice.tried} == {"b"}
    with pytest.raises(UsageError, match="tried this"):
        give(classroom, tries, "q1", "b")
    second = give(classroom, tries, "q1", "a")
    assert (second.correct, second.score, second.released) == (True, 0.7, True)
    assert len(second.choices) == 3
    rows = classroom.store.attempts.answers(tries.id)
    assert [(row.try_number, row.score) for row in rows] == [(1, 0.0), (2, 0.7)]
    give(classroom, tries, "q2", "a")
    assert quizzes.view_attempt(classroom, tries.id).score == pytest.approx(85)


def test_a_double_click_is_one_try(classroom: Classroom, tries: AttemptView) -> None:
    """The form says which try it is: sent again it returns the first result, and no try is lost."""
    question = find(tries, "q1")
    wrong = [choice.token for choice in question.choices if choice.text.endswith("b")]
    other = [choice.token for choice in question.choices if choice.text.endswith("c")]
    results = [
        quizzes.answer(classroom, tries.id, question.token, given, 1) for given in (wrong, wrong, other, [])
    ]
    assert all(result == results[0] for result in results)
    assert find(quizzes.view_attempt(classroom, tries.id), "q1").try_number == 2
    for number in (0, 3, 99, -1):
        with pytest.raises(UsageError, match="does not come next"):
            quizzes.answer(classroom, tries.id, question.token, other, number)


def test_when_no_try_is_left_the_key_comes(classroom: Classroom, tries: AttemptView) -> None:
    """The last wrong try closes the question."""
    give(classroom, tries, "q1", "b")
    last = give(classroom, tries, "q1", "c")
    assert last.released is False
    two = dataclasses.replace(tiny.question("q1"), tries=(1.0, 0.5))
    put(classroom, two, tiny.question("q2"))
    closed = find(quizzes.view_attempt(classroom, tries.id), "q1").answered
    assert closed is not None
    assert (closed.released, closed.explanation, len(closed.choices)) == (True, "why q1", 3)


def test_giving_up_brings_the_key_and_keeps_what_was_earned(classroom: Classroom, tries: AttemptView) -> None:
    """It closes the question once; hints and tries end; the first answer stays the first."""
    partly = dataclasses.replace(tiny.question("q3", "multi_select", "ab"), tries=(1.0, 0.5))
    put(classroom, partly)
    attempt = quizzes.open_attempt(classroom, "quiz", fresh=True)
    half = give(classroom, attempt, "q3", "a")
    assert (half.score, half.released, half.choices) == (0.5, False, ())
    token = find(attempt, "q3").token
    told = quizzes.give_up(classroom, attempt.id, token)
    assert (told.gave_up, told.released, told.correct, len(told.choices)) == (True, True, False, 3)
    assert quizzes.give_up(classroom, attempt.id, token) == told
    assert quizzes.reveal_hint(classroom, attempt.id, token) is None
    view = quizzes.view_attempt(classroom, attempt.id)
    assert (view.finished, view.score) == (True, 50.0)
    assert len(classroom.store.attempts.answers(attempt.id)) == 2


def test_a_hint_may_be_opened_between_tries(classroom: Classroom, tries: AttemptView) -> None:
    """Each answer keeps how many had been seen."""
    give(classroom, tries, "q1", "b")
    assert quizzes.reveal_hint(classroom, tries.id, find(tries, "q1").token) == "first hint"
    give(classroom, tries, "q1", "a")
    assert [row.hints_seen for row in classroom.store.attempts.answers(tries.id)] == [0, 1]


def test_a_retake_asks_what_was_missed_alone(classroom: Classroom) -> None:
    """What was right still counts; missed again, the retake of the retake asks it again; then nothing."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    assert quizzes.retake(classroom, "quiz").id == attempt.id
    give(classroom, attempt, "q1", "b")
    give(classroom, attempt, "q2", "a", "b")
    done = quizzes.view_attempt(classroom, attempt.id)
    assert (done.score, done.right, done.total, done.missed, done.passed) == (50.0, 1, 2, 1, False)
    again = quizzes.retake(classroom, "quiz")
    assert [question.stem for question in again.questions] == ["What about q1?"]
    assert (again.kind, again.number, again.score, again.finished) == ("retake", 2, 50.0, False)
    assert quizzes.retake(classroom, "quiz").id == again.id == quizzes.open_attempt(classroom, "quiz").id
    give(classroom, again, "q1", "c")
    third = quizzes.retake(classroom, "quiz")
    give(classroom, third, "q1", "a")
    view = quizzes.view_attempt(classroom, third.id)
    assert (view.score, view.right, view.total, view.missed) == (100.0, 2, 2, 0)
    assert (view.finished, view.passed, view.best) == (True, True, 100.0)
    with pytest.raises(UsageError, match="Nothing was missed"):
        quizzes.retake(classroom, "quiz")


def test_a_question_within_a_lesson_stands_alone(classroom: Classroom) -> None:
    """Named by its id; looking stores nothing; it is kept, can be asked afresh, and counts for no quiz."""
    view = quizzes.open_inline(classroom, "q2")
    assert view == quizzes.open_inline(classroom, "q2") == quizzes.view_attempt(classroom, view.id)
    assert (view.kind, [question.stem for question in view.questions]) == ("inline", ["What about q2?"])
    assert not any(classroom.store.export()["tables"].values())
    give(classroom, view, "q2", "a", "b")
    assert quizzes.open_inline(classroom, "q2").questions[0].answered is not None
    assert quizzes.open_attempt(classroom, "quiz").answered == 0
    assert quizzes.next_question(quizzes.open_inline(classroom, "q2")) is None
    fresh = quizzes.open_inline(classroom, "q2", fresh=True)
    assert quizzes.next_question(fresh) == fresh.questions[0]
    with pytest.raises(NotFound, match="no question"):
        quizzes.open_inline(classroom, "q9")


def test_the_list_of_what_to_look_at_again(classroom: Classroom) -> None:
    """A missed question is on it until its newest answer is right, wherever that was given."""
    assert look_again(classroom) == ()
    attempt = quizzes.open_attempt(classroom, "quiz")
    give(classroom, attempt, "q1", "b")
    give(classroom, attempt, "q2", "a")
    assert [(each.question_id, each.lesson) for each in look_again(classroom)] == [
        ("q1", "one#part"),
        ("q2", "one#part"),
    ]
    give(classroom, quizzes.open_inline(classroom, "q2"), "q2", "a", "b")
    assert [each.question_id for each in look_again(classroom)] == ["q1"]
    give(classroom, quizzes.retake(classroom, "quiz"), "q1", "a")
    assert look_again(classroom) == ()


def test_a_report_says_what_was_shown_and_answered(classroom: Classroom) -> None:
    """Revision, order, every try and the version of the course; nothing about the learner; not before."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    token = find(attempt, "q1").token
    with pytest.raises(UsageError, match="not answered"):
        report_question(classroom, attempt.id, token)
    give(classroom, attempt, "q1", "b")
    report = report_question(classroom, attempt.id, token, "  Both are right. ")
    (row,) = classroom.store.attempts.answers(attempt.id)
    assert (report["quiz"], report["question"], report["words"]) == ("quiz", "q1", "Both are right.")
    assert report["revision"] == {"key": row.key_hash, "text": row.text_hash}
    assert (report["shown"], report["tries"][0]["answer"]) == (list(row.shown), ["b"])
    assert report["version"]
    assert str(classroom.settings.home) not in str(report)


def test_confidence_is_kept_and_never_scored(classroom: Classroom) -> None:
    """Where the quiz asks for it, with the first try; elsewhere it is left out, and nonsense is refused."""
    settings = dataclasses.replace(classroom.course.quiz("quiz").settings, confidence=True)
    asking = dataclasses.replace(classroom.course.quiz("quiz"), settings=settings)
    classroom._course = dataclasses.replace(classroom.course, quizzes=(asking,))
    attempt = quizzes.open_attempt(classroom, "quiz")
    first, second = attempt.questions
    assert first.asks_confidence
    with pytest.raises(UsageError, match="low, mid, high"):
        quizzes.answer(classroom, attempt.id, first.token, [first.choices[0].token], 1, "certain")
    quizzes.answer(classroom, attempt.id, first.token, [first.choices[0].token], 1, "high")
    classroom._course = dataclasses.replace(classroom.course, quizzes=(tiny.quiz(),))
    quizzes.answer(classroom, attempt.id, second.token, [second.choices[0].token], 1, "low")
    assert [row.confidence for row in classroom.attempts.answers(attempt.id)] == ["high", None]


def test_the_place_of_a_question_needs_no_look_at_the_attempt(classroom: Classroom) -> None:
    """Its number among those that are shown, before the first answer and after, and when one has left."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    tokens = [question.token for question in attempt.questions]
    for _ in range(2):
        places = [quizzes.place_of(classroom, attempt.id, token) for token in tokens]
        assert [(each.number, each.is_newest, each.quiz_id) for each in places] == [
            (1, True, "quiz"),
            (2, True, "quiz"),
        ]
        quizzes.reveal_hint(classroom, attempt.id, tokens[0])  # now the attempt is stored
    put(classroom, tiny.question("q2"))
    left = quizzes.view_attempt(classroom, attempt.id).questions[0]
    assert quizzes.place_of(classroom, attempt.id, left.token).number == 1
    quizzes.open_attempt(classroom, "quiz", fresh=True)
    assert not quizzes.place_of(classroom, attempt.id, left.token).is_newest
    with pytest.raises(NotFound):
        quizzes.place_of(classroom, attempt.id, "q2")


def test_the_time_taken_is_counted_by_the_server(classroom: Classroom) -> None:
    """From the showing to the answer; never from before the last answer; a stamp that was made up is none."""
    attempt = quizzes.open_attempt(classroom, "quiz")
    first, second = attempt.questions
    shown = quizzes.shown_now(classroom, attempt.id)
    classroom.clock.time += timedelta(seconds=40)  # type: ignore[attr-defined]
    for question in (first, second):
        chosen = [question.choices[0].token]
        quizzes.answer(classroom, attempt.id, question.token, chosen, shown=shown)
    taken = [row.seconds or 0 for row in classroom.attempts.answers(attempt.id)]
    assert 40 <= taken[0] < 60
    assert 0 < taken[1] < 20
    other = quizzes.open_inline(classroom, "q1")  # not stored: nothing else tells when it began
    (question,) = other.questions
    quizzes.answer(classroom, other.id, question.token, [question.choices[0].token], shown=shown)
    (row,) = classroom.attempts.answers(other.id)
    assert row.seconds is None
