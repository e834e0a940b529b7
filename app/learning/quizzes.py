"""Taking a quiz: the browser gets opaque tokens; the key leaves only with the answer."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.errors import NotFound, UsageError
from app.learning.attempts import (
    Standing,
    another_attempt,
    as_answered,
    first_attempt,
    standing,
    standings,
)
from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.learning.quiz_views import AnsweredChoice, AnswerView, AttemptView, ChoiceView, QuestionView
from app.quiz.drawing import choice_order
from app.quiz.plain import to_plain
from app.quiz.revision import revision
from app.quiz.scoring import score
from app.quiz.tokens import token
from app.quiz.types import CHOICE_TYPES, Choice, Question, Quiz
from app.quiz.words import prompt
from app.store.rows import AnswerRow, AttemptRow, RevisionRow

__all__ = [
    "AnswerView",
    "AnsweredChoice",
    "AttemptView",
    "ChoiceView",
    "QuestionView",
    "answer",
    "open_attempt",
    "reveal_hint",
    "view_attempt",
]


def open_attempt(classroom: Classroom, quiz_id: str, fresh: bool = False) -> AttemptView:
    """Return the latest attempt at the quiz, or a new one if there is none or `fresh` asks for it.

    Without `fresh` nothing is stored: the first attempt becomes a row with its first answer.
    Raises UsageError for a quiz with a question that no page can ask yet.
    """
    quiz = classroom.course.quiz(quiz_id)
    _can_be_asked(quiz)
    if fresh:
        attempt = another_attempt(classroom, quiz)
        classroom.store.attempts.add(attempt)
        return _view(classroom, quiz, attempt)
    stored = classroom.store.attempts.of_quiz(quiz.id)
    return _view(classroom, quiz, stored[-1] if stored else first_attempt(classroom, quiz))


def _can_be_asked(quiz: Quiz) -> None:
    other = next((question for question in quiz.questions if question.type not in CHOICE_TYPES), None)
    if other is not None:
        raise UsageError(
            f"The quiz {quiz.id} has a question of the type {other.type}, which can't be asked yet.",
            f"Its author can ask with: {', '.join(CHOICE_TYPES)}.",
        )


def view_attempt(classroom: Classroom, attempt_id: str) -> AttemptView:
    """Return the attempt as it stands; NotFound if there is none."""
    quiz, attempt = _find(classroom, attempt_id)
    return _view(classroom, quiz, attempt)


def answer(
    classroom: Classroom, attempt_id: str, question_token: str, choice_tokens: Collection[str]
) -> AnswerView:
    """Score and store the answer; sent again, it returns the first result. UsageError for no choice."""
    quiz, attempt = _find(classroom, attempt_id)
    table = _Tokens(signing_key(classroom), attempt.id)
    question_id = table.question_id(attempt, question_token)
    store = classroom.store.attempts
    stored = standing(quiz, attempt, store.answers(attempt.id)).best.get(question_id)
    if stored is None:
        question = _question(quiz, question_id)
        shown = _shown(quiz, question, attempt)
        chosen = _chosen(question, table.chosen(question, choice_tokens))
        row = _row(classroom, attempt, question, shown, chosen)
        stored = store.add_answer(attempt, _revision_row(question), row)
    return _answer_view(classroom, quiz, stored)


def reveal_hint(classroom: Classroom, attempt_id: str, question_token: str) -> str | None:
    """Open and return the next hint of the question; None when all are open or it is answered."""
    quiz, attempt = _find(classroom, attempt_id)
    question_id = _Tokens(signing_key(classroom), attempt.id).question_id(attempt, question_token)
    store = classroom.store.attempts
    if any(row.question == question_id for row in store.answers(attempt.id)):
        return None
    question = _question(quiz, question_id)
    number = store.open_hint(attempt, question.id, len(question.hints), classroom.now)
    return question.hints[number - 1] if number is not None else None


@dataclass(frozen=True)
class _Tokens:
    """The words that stand for questions and choices outside; they differ from attempt to attempt."""

    key: bytes
    attempt: str

    def question(self, question_id: str) -> str:
        return token(self.key, self.attempt, question_id, "")

    def choice(self, question_id: str, choice_id: str) -> str:
        return token(self.key, self.attempt, question_id, choice_id)

    def question_id(self, attempt: AttemptRow, given: str) -> str:
        for question_id in attempt.questions:
            if self.question(question_id) == given:
                return question_id
        raise NotFound("This question is not part of the attempt.", "Reload the page.")

    def chosen(self, question: Question, given: Collection[str]) -> frozenset[str]:
        ids = {self.choice(question.id, choice.id): choice.id for choice in question.choices}
        if not set(given) <= set(ids):
            raise UsageError("This question was edited since it was shown.", "Reload it and choose again.")
        return frozenset(ids[one] for one in given)


def _find(classroom: Classroom, attempt_id: str) -> tuple[Quiz, AttemptRow]:
    stored = classroom.store.attempts.find(attempt_id)
    if stored is not None:
        return classroom.course.quiz(stored.quiz), stored
    for quiz in classroom.course.quizzes:
        first = first_attempt(classroom, quiz)
        if first.id == attempt_id:
            return quiz, first
    raise NotFound("There is no such attempt.", "Open the quiz again.")


def _question(quiz: Quiz, question_id: str) -> Question:
    question = quiz.question(question_id)
    if question is None:
        raise NotFound("This question is no longer part of the quiz.", "Reload the page.")
    return question


def _chosen(question: Question, chosen: frozenset[str]) -> frozenset[str]:
    if not chosen:
        raise UsageError("No choice was made.", "Choose, then answer.")
    if len(chosen) > 1 and question.type != "multi_select":
        raise UsageError("This question takes one choice.", "Choose one, then answer.")
    return chosen


def _shown(quiz: Quiz, question: Question, attempt: AttemptRow) -> tuple[Choice, ...]:
    if not quiz.settings.shuffle_choices:
        question = dataclasses.replace(question, shuffle=False)
    in_order = map(question.choice, choice_order(question, attempt.seed))
    return tuple(choice for choice in in_order if choice is not None)


def _row(
    classroom: Classroom,
    attempt: AttemptRow,
    question: Question,
    shown: tuple[Choice, ...],
    chosen: frozenset[str],
) -> AnswerRow:
    result = score(question, chosen)
    seen = revision(question)
    return AnswerRow(
        attempt=attempt.id,
        question=question.id,
        try_number=1,  # an attempt shows the key with the answer, so the next try is another attempt
        chosen=tuple(choice.id for choice in shown if choice.id in chosen),
        shown=tuple(choice.id for choice in shown),
        key_hash=seen.key,
        text_hash=seen.text,
        hints_seen=classroom.store.attempts.hints(attempt.id).get(question.id, 0),
        seconds=_seconds(classroom, attempt),
        score=result.value,
        correct=result.correct,
        rule=result.rule,
        answered_at=classroom.now,
    )


def _seconds(classroom: Classroom, attempt: AttemptRow) -> float | None:
    """Seconds since the answer before, else since the attempt was opened; None where that is unknown."""
    store = classroom.store.attempts
    answers, stored = store.answers(attempt.id), store.find(attempt.id)
    if not answers and stored is None:
        return None
    since = answers[-1].answered_at if answers else attempt.created_at
    return max(0.0, (classroom.clock() - datetime.fromisoformat(since)).total_seconds())


def _revision_row(question: Question) -> RevisionRow:
    seen = revision(question)
    return RevisionRow(question.id, seen.key, seen.text, to_plain(question))


def _view(classroom: Classroom, quiz: Quiz, attempt: AttemptRow) -> AttemptView:
    store = classroom.store.attempts
    now = standing(quiz, attempt, store.answers(attempt.id))
    others = standings(store, quiz)
    hints = store.hints(attempt.id)
    scores = [each.score for each in others if each.finished]
    number = 1 + sum(each.attempt.created_at < attempt.created_at for each in others)
    return AttemptView(
        id=attempt.id,
        quiz_id=quiz.id,
        title=quiz.title,
        number=number,
        questions=tuple(_question_view(classroom, quiz, now, q, hints) for q in _visible(now)),
        answered=len(now.best),
        score=now.score,
        finished=now.finished,
        passed=now.passed(quiz),
        pass_mark=quiz.pass_mark,
        best=max(scores, default=None),
    )


def _visible(now: Standing) -> tuple[str, ...]:
    return tuple(q for q in now.attempt.questions if q in now.best or q in now.open)


def _question_view(
    classroom: Classroom, quiz: Quiz, now: Standing, question_id: str, hints: Mapping[str, int]
) -> QuestionView:
    table = _Tokens(signing_key(classroom), now.attempt.id)
    row = now.best.get(question_id)
    question = _as_answered(classroom, quiz, row) if row is not None else _question(quiz, question_id)
    opened = hints.get(question_id, 0)
    choices = () if row is not None else _shown(quiz, question, now.attempt)
    return QuestionView(
        token=table.question(question_id),
        stem=prompt(question),
        type=question.type,
        choices=tuple(ChoiceView(table.choice(question_id, c.id), c.text) for c in choices),
        hints=question.hints[:opened],
        hints_left=max(0, len(question.hints) - opened) if row is None else 0,
        answered=_answer_view(classroom, quiz, row) if row is not None else None,
    )


def _answer_view(classroom: Classroom, quiz: Quiz, row: AnswerRow) -> AnswerView:
    question = _as_answered(classroom, quiz, row)
    in_order = [choice for choice in map(question.choice, row.shown) if choice is not None]
    return AnswerView(
        correct=row.correct,
        score=row.score,
        rule=row.rule,
        choices=tuple(
            AnsweredChoice(choice.text, choice.id in row.chosen, choice.correct, choice.feedback)
            for choice in in_order
        ),
        explanation=question.explanation,
        lesson=question.lesson,
    )


def _as_answered(classroom: Classroom, quiz: Quiz, row: AnswerRow) -> Question:
    stored = classroom.store.attempts.revision(row.question, row.key_hash, row.text_hash)
    assert stored is not None  # a foreign key ties the answer to it
    return as_answered(quiz.question(row.question), row.key_hash, stored.body)
