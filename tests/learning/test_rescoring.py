"""A key that changes after answers exist: nobody loses unless the question says so."""

import dataclasses
import json
from pathlib import Path

import pytest

from app.config import Settings
from app.content.course import Mark
from app.learning import quizzes
from app.learning.classroom import Classroom
from app.learning.history import question_problems
from app.learning.quizzes import AnswerView
from app.quiz.types import Question
from app.store.rows import AnswerRow
from app.store.store import open_store
from tests.learning import tiny


def put(classroom: Classroom, *questions: Question) -> None:
    """Make these the questions of the quiz, as an author does."""
    classroom._course = dataclasses.replace(classroom.course, quizzes=(tiny.quiz("quiz", questions),))


def give(classroom: Classroom, *endings: str) -> AnswerView:
    """Answer the one question of the quiz in a new attempt."""
    attempt = quizzes.open_attempt(classroom, "quiz", fresh=True)
    (question,) = attempt.questions
    chosen = [choice.token for choice in question.choices if choice.text.endswith(endings)]
    return quizzes.answer(classroom, attempt.id, question.token, chosen)


def scores(classroom: Classroom) -> list[float]:
    """What the stored answers are worth, the oldest first."""
    return [row.score for row in classroom.attempts.all_answers()]


def first(row: AnswerRow) -> AnswerRow:
    """An answer without what became of it."""
    return dataclasses.replace(row, score=0, correct=False, rule="", rescored=None)


ONE = tiny.question("q1")
OTHER = tiny.question("q1", right="b")


@pytest.mark.parametrize(
    ("mode", "after", "back"),
    [("raise", [1, 1, 0], [1, 1, 0]), ("all", [0, 1, 0], [1, 0, 0]), ("leave", [1, 0, 0], [1, 0, 0])],
)
def test_a_changed_key_scores_stored_answers_anew(
    classroom: Classroom, mode: str, after: list[float], back: list[float]
) -> None:
    """The higher score stays by default; `all` takes the new one, also when the key comes back."""
    put(classroom, ONE)
    for choice in "abc":
        give(classroom, choice)
    before = classroom.attempts.all_answers()
    assert [row.score for row in before] == [1, 0, 0]
    put(classroom, dataclasses.replace(OTHER, rescore=mode))
    assert scores(classroom) == after
    assert [first(row) for row in classroom.attempts.all_answers()] == [first(row) for row in before]
    put(classroom, dataclasses.replace(ONE, rescore=mode))
    assert scores(classroom) == back


def test_scoring_anew_again_changes_nothing(classroom: Classroom) -> None:
    """Each start looks; only a change writes, and every result before it is kept."""
    put(classroom, ONE)
    give(classroom, "b")
    put(classroom, OTHER)
    assert scores(classroom) == [1]
    rows = classroom.store.export()["tables"]["rescorings"]
    assert [(row["number"], row["score"]) for row in rows] == [(1, 1.0)]
    assert classroom.store.export()["tables"]["answers"][0]["score"] == 0
    classroom._settled = None
    assert scores(classroom) == [1]
    assert classroom.store.export()["tables"]["rescorings"] == rows


def test_the_learner_reads_what_happened(classroom: Classroom) -> None:
    """Raised: the question of today with a note. Not raised: the question as it was, with a note as well."""
    put(classroom, ONE)
    for choice in "ba":
        give(classroom, choice)
    put(classroom, OTHER)
    raised, kept = (quizzes.view_attempt(classroom, row.id) for row in classroom.attempts.of_quiz("quiz"))
    told = raised.questions[0].answered
    assert told is not None
    assert "corrected after your answer" in told.note
    assert (told.correct, raised.score, raised.passed) == (True, 100.0, True)
    assert [choice.text[-1] for choice in told.choices if choice.correct] == ["b"]
    told = kept.questions[0].answered
    assert told is not None
    assert "changed since" in told.note
    assert (told.correct, [choice.text[-1] for choice in told.choices if choice.correct]) == (True, ["a"])


@pytest.mark.parametrize(("void", "worth"), [("accept", [1, 1]), ("drop", [1, 0])])
def test_a_flawed_choice_is_voided(classroom: Classroom, void: str, worth: list[float]) -> None:
    """`accept` makes it right for who chose it; `drop` takes it out and takes nothing from anybody."""
    put(classroom, ONE)
    give(classroom, "a")
    give(classroom, "b")
    choices = tuple(
        dataclasses.replace(choice, void=void) if choice.id == "b" else choice for choice in ONE.choices
    )
    put(classroom, dataclasses.replace(ONE, choices=choices))
    assert scores(classroom) == worth


def test_a_dropped_tick_costs_nothing_any_more(classroom: Classroom) -> None:
    """In a multi_select the others alone count, so that who ticked the flawed one rises."""
    several = tiny.question("q1", "multi_select", "ab")
    put(classroom, several)
    give(classroom, "a", "b", "c")
    assert scores(classroom) == [0]
    choices = tuple(
        dataclasses.replace(choice, void="drop") if choice.id == "c" else choice for choice in several.choices
    )
    put(classroom, dataclasses.replace(several, choices=choices))
    assert scores(classroom) == [1]


def test_answers_to_another_set_of_choices_stay(classroom: Classroom) -> None:
    """Who never saw a choice is not judged by it; nor is an answer to another type of question."""
    put(classroom, ONE)
    give(classroom, "b")
    put(classroom, dataclasses.replace(OTHER, choices=OTHER.choices[:2], rescore="all"))
    assert scores(classroom) == [0]
    put(classroom, dataclasses.replace(OTHER, type="multi_select", rescore="all"))
    assert scores(classroom) == [0]


def test_a_later_try_rises_by_what_it_could_earn(classroom: Classroom) -> None:
    """Each try is scored by the new key and its own share; asking for the key stays what it was."""
    put(classroom, dataclasses.replace(ONE, tries=(1.0, 0.5, 0.25)))
    attempt = quizzes.open_attempt(classroom, "quiz")
    for number, ending in enumerate("cb", 1):
        (question,) = quizzes.view_attempt(classroom, attempt.id).questions
        chosen = [choice.token for choice in question.choices if choice.text.endswith(ending)]
        quizzes.answer(classroom, attempt.id, question.token, chosen, number)
    quizzes.give_up(classroom, attempt.id, attempt.questions[0].token)
    put(classroom, dataclasses.replace(OTHER, tries=(1.0, 0.5, 0.25)))
    assert scores(classroom) == [0, 0.5, 0]
    assert quizzes.view_attempt(classroom, attempt.id).score == 50


def test_new_words_change_no_score(classroom: Classroom) -> None:
    """Only a key does."""
    put(classroom, ONE)
    give(classroom, "b")
    put(classroom, dataclasses.replace(ONE, stem="Said better?", rescore="all"))
    assert scores(classroom) == [0]
    assert classroom.store.export()["tables"]["rescorings"] == []


def test_what_was_scored_anew_travels(classroom: Classroom, settings: Settings, tmp_path: Path) -> None:
    """Export and import keep the first result and what became of it."""
    put(classroom, ONE)
    give(classroom, "b")
    put(classroom, OTHER)
    assert scores(classroom) == [1]
    other = open_store("", tmp_path / "other")
    exported = classroom.store.export()
    other.add(json.loads(json.dumps(exported)))
    assert other.export() == exported
    assert other.attempts.all_answers() == classroom.attempts.all_answers()
    other.close()


def test_ids_that_changed_after_answers_are_told(classroom: Classroom) -> None:
    """Q017: a question that lost its id, and an id that became another type of question."""
    assert question_problems(classroom) == ()
    put(classroom, ONE)
    give(classroom, "a")
    renamed = dataclasses.replace(ONE, id="q7")
    mark = Mark("quizzes/quiz.yaml", 8, 5)
    put(classroom, renamed)
    classroom._course = dataclasses.replace(classroom.course, marks={"quiz/q7": mark, "quiz/q1": mark})
    (problem,) = question_problems(classroom)
    assert (problem.code, problem.line) == ("Q017", 8)
    assert "answered as `q1`" in problem.message
    put(classroom, dataclasses.replace(ONE, type="multi_select"))
    (problem,) = question_problems(classroom)
    assert "was answered as single_choice and is multi_select now" in problem.message
    put(classroom, OTHER)
    assert question_problems(classroom) == ()
