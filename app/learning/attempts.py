"""Where an attempt at a quiz stands: what was drawn, what was answered, how well."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.quiz.drawing import question_order
from app.quiz.types import Question, Quiz
from app.store.rows import AnswerRow, AttemptRow

if TYPE_CHECKING:
    from app.store.attempts import Attempts


@dataclass(frozen=True)
class Standing:
    """How far one attempt is; `score` is in percent of all its questions, each by its best try."""

    attempt: AttemptRow
    best: Mapping[str, AnswerRow]  # by question
    open: tuple[str, ...]  # drawn, not answered, still in the course
    score: float

    @property
    def finished(self) -> bool:
        """Whether every question is answered."""
        return bool(self.best) and not self.open

    def passed(self, quiz: Quiz) -> bool:
        """Whether it is finished with the pass mark or better."""
        return self.finished and self.score >= quiz.pass_mark - 1e-9


def first_attempt(classroom: Classroom, quiz: Quiz) -> AttemptRow:
    """Return the attempt that a new quiz shows; always the same one, so that looking stores nothing."""
    key = signing_key(classroom)
    digest = hmac.digest(key, f"first attempt at {quiz.id}".encode(), hashlib.sha256).hex()
    return drawn(quiz, digest[:32], digest[32:48], classroom.now)


def another_attempt(classroom: Classroom, quiz: Quiz) -> AttemptRow:
    """Return a new attempt with its own draw."""
    return drawn(quiz, secrets.token_hex(16), secrets.token_hex(8), classroom.now)


def drawn(quiz: Quiz, attempt_id: str, seed: str, at: str) -> AttemptRow:
    """Return an attempt with the questions that the seed draws."""
    return AttemptRow(attempt_id, quiz.id, seed, question_order(quiz, seed), at)


def standing(quiz: Quiz, attempt: AttemptRow, answers: Iterable[AnswerRow]) -> Standing:
    """Work out where an attempt stands; a question that left the course unanswered no longer counts."""
    best: dict[str, AnswerRow] = {}
    for answer in answers:
        before = best.get(answer.question)
        if answer.question in attempt.questions and (before is None or answer.score > before.score):
            best[answer.question] = answer
    unanswered = (question for question in attempt.questions if question not in best)
    still_open = tuple(question for question in unanswered if quiz.question(question) is not None)
    total = len(best) + len(still_open)
    score = 100 * sum(answer.score for answer in best.values()) / total if total else 0.0
    return Standing(attempt, best, still_open, round(score, 6))


def standings(store: "Attempts", quiz: Quiz) -> tuple[Standing, ...]:
    """Return where each stored attempt at the quiz stands, the oldest first."""
    return tuple(standing(quiz, row, store.answers(row.id)) for row in store.of_quiz(quiz.id))


def all_standings(store: "Attempts", quizzes: Iterable[Quiz]) -> dict[str, tuple[Standing, ...]]:
    """Return the standings of every quiz by its id, read in two queries."""
    by_attempt: dict[str, list[AnswerRow]] = {}
    for answer in store.all_answers():
        by_attempt.setdefault(answer.attempt, []).append(answer)
    by_quiz: dict[str, list[AttemptRow]] = {}
    for attempt in store.all():
        by_quiz.setdefault(attempt.quiz, []).append(attempt)
    return {
        quiz.id: tuple(standing(quiz, row, by_attempt.get(row.id, [])) for row in by_quiz.get(quiz.id, []))
        for quiz in quizzes
    }


def as_answered(current: Question | None, key_hash: str, body: Mapping[str, object]) -> Question:
    """Return the question to show beside an answer: as it is now if the key is the same, else as it stood."""
    from app.quiz.plain import from_plain
    from app.quiz.revision import revision

    if current is not None and revision(current).key == key_hash:
        return current
    return from_plain(body)
