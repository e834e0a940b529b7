"""Where an attempt at a quiz stands: what was drawn, what was answered, how well."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.learning.classroom import Classroom
from app.learning.launch import signing_key
from app.quiz.drawing import question_order
from app.quiz.scoring import GAVE_UP, UNSCORED
from app.quiz.types import Question, Quiz
from app.store.rows import AnswerRow, AttemptRow

if TYPE_CHECKING:
    from app.store.attempts import Attempts

Rows = tuple[AnswerRow, ...]


@dataclass(frozen=True)
class Standing:
    """How far one attempt is; `score` is in percent of all its questions that count, each by its best try."""

    attempt: AttemptRow
    best: Mapping[str, AnswerRow]  # by question, for those that need no more answer
    open: tuple[str, ...]  # drawn, a try is left, still in the course
    score: float
    tries: Mapping[str, Rows] = field(default_factory=dict)  # by question, the first try first
    carried: Mapping[str, AnswerRow] = field(default_factory=dict)  # retake: best answers of before

    @property
    def finished(self) -> bool:
        """Whether no question is open."""
        return bool(self.best) and not self.open

    @property
    def all_best(self) -> Mapping[str, AnswerRow]:
        """The best answer to each question, those of before included."""
        return _better(self.carried, self.best)

    @property
    def missed(self) -> tuple[str, ...]:
        """The questions to which no answer was wholly right."""
        return tuple(question for question, row in self.all_best.items() if not row.correct)

    def passed(self, quiz: Quiz) -> bool:
        """Whether it is finished with the pass mark or better."""
        return self.finished and self.score >= quiz.pass_mark - 1e-9


def first_attempt(classroom: Classroom, quiz: Quiz) -> AttemptRow:
    """Return the attempt that a new quiz shows; always the same one, so that looking stores nothing."""
    made = _made(classroom, f"first attempt at {quiz.id}")
    return drawn(quiz, made[:32], made[32:48], classroom.now)


def first_inline(classroom: Classroom, quiz: Quiz, question_id: str) -> AttemptRow:
    """Return the attempt that a question within a lesson shows first; always the same one, too."""
    made = _made(classroom, f"first attempt at {quiz.id}/{question_id} in a lesson")
    return AttemptRow(made[:32], quiz.id, made[32:48], (question_id,), classroom.now, "inline")


def find_first(classroom: Classroom, quiz: Quiz, attempt_id: str) -> AttemptRow | None:
    """Return the first attempt at a quiz, or at one of its questions alone, if it has this id."""
    if _made(classroom, f"first attempt at {quiz.id}")[:32] == attempt_id:
        return first_attempt(classroom, quiz)
    lone = (first_inline(classroom, quiz, question_id) for question_id in quiz.ids)
    return next((row for row in lone if row.id == attempt_id), None)


def _made(classroom: Classroom, what: str) -> str:
    """Return 64 hexadecimal digits that only this home makes of these words."""
    return hmac.digest(signing_key(classroom), what.encode(), hashlib.sha256).hex()


def another_attempt(classroom: Classroom, quiz: Quiz) -> AttemptRow:
    """Return a new attempt with its own draw."""
    return drawn(quiz, secrets.token_hex(16), secrets.token_hex(8), classroom.now)


def drawn(quiz: Quiz, attempt_id: str, seed: str, at: str) -> AttemptRow:
    """Return an attempt with the questions that the seed draws."""
    return AttemptRow(attempt_id, quiz.id, seed, question_order(quiz, seed), at)


def standing(
    quiz: Quiz, attempt: AttemptRow, answers: Iterable[AnswerRow], before: Standing | None = None
) -> Standing:
    """Work out where an attempt stands; a question that left the course unanswered no longer counts."""
    tries: dict[str, Rows] = {}
    for answer in answers:
        if answer.question in attempt.questions:
            tries[answer.question] = (*tries.get(answer.question, ()), answer)
    in_course = {each: quiz.question(each) for each in attempt.questions}
    closed = {each: rows for each, rows in tries.items() if _is_closed(in_course[each], rows)}
    best = {each: best_of(rows) for each, rows in closed.items()}
    still_open = tuple(each for each, there in in_course.items() if there is not None and each not in best)
    carried = before.all_best if before is not None else {}
    so_far = {each: best_of(rows) for each, rows in tries.items()}
    fresh = (in_course[each] for each in still_open if each not in tries and each not in carried)
    open_count = sum(question is not None and question.scored for question in fresh)
    score = _percent(_better(carried, so_far).values(), open_count)
    return Standing(attempt, best, still_open, score, tries, carried)


def _percent(rows: Iterable[AnswerRow], open_count: int) -> float:
    rows = tuple(rows)
    counted = [row.score for row in rows if row.rule != UNSCORED]
    total = len(counted) + open_count
    if not total:
        return 100.0 if rows else 0.0  # nothing but questions that are not scored
    return round(100 * sum(counted) / total, 6)


def _better(before: Mapping[str, AnswerRow], now: Mapping[str, AnswerRow]) -> dict[str, AnswerRow]:
    better = dict(before)
    for question, row in now.items():
        better[question] = best_of((*((before[question],) if question in before else ()), row))
    return better


def best_of(rows: Iterable[AnswerRow]) -> AnswerRow:
    """Return the answer that counts: the highest score, a right one before others, then the first."""
    return max(rows, key=lambda row: (row.score, row.correct))


def _is_closed(question: Question | None, rows: Rows) -> bool:
    """Say whether a question takes no more answer: right, given up, or no try left."""
    tries = len(question.tries) if question is not None else 0
    done = any(row.correct or row.rule == GAVE_UP for row in rows)
    return done or len(rows) >= max(1, tries)


def all_standings(store: "Attempts", quizzes: Iterable[Quiz]) -> dict[str, tuple[Standing, ...]]:
    """Return the standings of every quiz by its id, the oldest first, read in two queries.

    Questions within lessons stand alone: they are no attempt at their quiz.
    """
    by_attempt = _by_attempt(store.all_answers())
    by_quiz: dict[str, list[AttemptRow]] = {}
    for attempt in store.all():
        by_quiz.setdefault(attempt.quiz, []).append(attempt)
    return {quiz.id: _standings_of(quiz, by_quiz.get(quiz.id, ()), by_attempt) for quiz in quizzes}


def standings(store: "Attempts", quiz: Quiz) -> tuple[Standing, ...]:
    """Return where each stored attempt at the quiz stands, the oldest first."""
    return _standings_of(quiz, store.of_quiz(quiz.id), _by_attempt(store.answers_of_quiz(quiz.id)))


def _by_attempt(answers: Iterable[AnswerRow]) -> Mapping[str, list[AnswerRow]]:
    found: dict[str, list[AnswerRow]] = {}
    for answer in answers:
        found.setdefault(answer.attempt, []).append(answer)
    return found


def _standings_of(
    quiz: Quiz, attempts: Iterable[AttemptRow], answers: Mapping[str, list[AnswerRow]]
) -> tuple[Standing, ...]:
    """A retake builds on an attempt that is older than itself."""
    found: dict[str, Standing] = {}
    for row in attempts:
        if row.kind != "inline":
            before = found.get(row.retake_of or "")
            found[row.id] = standing(quiz, row, answers.get(row.id, ()), before)
    return tuple(found.values())


def as_answered(current: Question | None, key_hash: str, body: Mapping[str, object]) -> Question:
    """Return the question to show beside an answer: as it is now if the key is the same, else as it stood."""
    from app.quiz.plain import from_plain
    from app.quiz.revision import revision

    if current is not None and revision(current).key == key_hash:
        return current
    return from_plain(body)
