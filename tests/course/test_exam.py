"""The exam draws from the whole course."""

import pytest

from app.content.loader import find_content, load_course
from app.quiz.drawing import question_order
from app.quiz.types import Quiz

COURSE = load_course(find_content())


@pytest.fixture(scope="module")
def exam() -> Quiz:
    """The quiz at the end of the receiver's part."""
    return COURSE.quiz("the-receivers-exam")


def test_every_part_is_asked_about(exam: Quiz) -> None:
    """Every question belongs to a pool, and an attempt asks from each of them as many as it says."""
    pool_of = {question.id: question.pool for question in exam.questions}
    assert set(pool_of.values()) == set(exam.pools)
    for seed in map(str, range(50)):
        drawn = [pool_of[question] for question in question_order(exam, seed)]
        assert {pool: drawn.count(pool) for pool in exam.pools} == exam.pools


def test_a_second_attempt_can_ask_other_questions(exam: Quiz) -> None:
    """No pool is asked whole."""
    for pool, number in exam.pools.items():
        assert sum(question.pool == pool for question in exam.questions) > number, pool


def test_no_question_of_the_exam_was_asked_before(exam: Quiz) -> None:
    """Its stems stand in no other quiz."""
    others = {question.stem for quiz in COURSE.quizzes if quiz.id != exam.id for question in quiz.questions}
    assert not others & {question.stem for question in exam.questions}


def test_each_lesson_before_it_is_asked_about(exam: Quiz) -> None:
    """Some question leads back to each of them."""
    linked = {str(question.lesson).partition("#")[0] for question in exam.questions}
    number = COURSE.lesson(str(exam.lesson)).number
    assert {lesson.id for lesson in COURSE.lessons if lesson.number < number} <= linked
