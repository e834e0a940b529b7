"""A quiz that draws from pools: each attempt asks others, and no answer is lost or mixed up."""

from dataclasses import replace

from app.learning import quizzes
from app.learning.classroom import Classroom
from app.learning.quiz_review import look_again
from app.learning.quizzes import AttemptView
from tests.learning import tiny

POOLS = {"bytes": 2, "time": 1}
MOST_ATTEMPTS = 100


def fill_pools(classroom: Classroom) -> None:
    """Let the quiz have two pools of four questions, of which an attempt asks two and one."""
    questions = tuple(replace(tiny.question(f"{pool}{at}"), pool=pool) for pool in POOLS for at in range(4))
    made = replace(tiny.quiz("quiz", questions), pools=POOLS)
    classroom._course = replace(classroom.course, quizzes=(made,))


def asked(attempt: AttemptView) -> set[str]:
    """The ids of the questions, which their stems hold."""
    return {question.stem.removeprefix("What about ").rstrip("?") for question in attempt.questions}


def answer_all(classroom: Classroom, attempt: AttemptView, *wrong: str) -> None:
    """Answer every question rightly, but for these."""
    for question in attempt.questions:
        ending = "b" if any(each in question.stem for each in wrong) else "a"
        token = next(choice.token for choice in question.choices if choice.text.endswith(ending))
        quizzes.answer(classroom, attempt.id, question.token, [token])


def fresh_without(classroom: Classroom, question_id: str) -> AttemptView:
    """Begin attempts until one does not ask this question."""
    attempts = (quizzes.open_attempt(classroom, "quiz", fresh=True) for _ in range(MOST_ATTEMPTS))
    return next(attempt for attempt in attempts if question_id not in asked(attempt))


def test_each_attempt_asks_its_share_of_each_pool(classroom: Classroom) -> None:
    """As many of each pool as the quiz says, and over some attempts all of them."""
    fill_pools(classroom)
    seen = set()
    for _ in range(MOST_ATTEMPTS):
        drawn = asked(quizzes.open_attempt(classroom, "quiz", fresh=True))
        assert {pool: sum(each.startswith(pool) for each in drawn) for pool in POOLS} == POOLS
        seen |= drawn
    assert len(seen) == 8


def test_answers_stay_with_the_attempt_that_asked(classroom: Classroom) -> None:
    """A later attempt with other questions takes nothing from an earlier one, and starts without answers."""
    fill_pools(classroom)
    first = quizzes.open_attempt(classroom, "quiz")
    missed = min(asked(first))
    answer_all(classroom, first, missed)
    before = quizzes.view_attempt(classroom, first.id)
    second = fresh_without(classroom, missed)
    assert second.answered == 0
    answer_all(classroom, second)
    after = quizzes.view_attempt(classroom, first.id)
    assert [each.answered for each in after.questions] == [each.answered for each in before.questions]
    assert (after.right, after.total) == (2, 3)
    assert quizzes.view_attempt(classroom, second.id).right == 3


def test_a_missed_question_is_listed_though_the_next_attempt_does_not_ask_it(classroom: Classroom) -> None:
    """It leaves the list with a right answer of its own, wherever that is given."""
    fill_pools(classroom)
    first = quizzes.open_attempt(classroom, "quiz")
    missed = min(asked(first))
    answer_all(classroom, first, missed)
    answer_all(classroom, fresh_without(classroom, missed))
    assert [each.question_id for each in look_again(classroom)] == [missed]
    answer_all(classroom, quizzes.open_inline(classroom, missed))
    assert look_again(classroom) == ()


def test_a_retake_asks_just_what_was_missed(classroom: Classroom) -> None:
    """It draws nothing anew."""
    fill_pools(classroom)
    first = quizzes.open_attempt(classroom, "quiz")
    missed = sorted(asked(first))[:2]
    answer_all(classroom, first, *missed)
    assert asked(quizzes.retake(classroom, "quiz")) == set(missed)
