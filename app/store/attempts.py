"""Attempts at quizzes and their answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, insert, select, true
from sqlalchemy.orm import Session

from app.store.answer_rows import (
    NEWEST_ATTEMPT,
    ONE_ATTEMPT,
    SELECT_ATTEMPTS,
    add_answer,
    add_attempt,
    add_revision,
    answers_of,
    answers_where,
    attempt_row,
    hints_of,
)
from app.store.database import Database
from app.store.rows import AnswerRow, AttemptRow, RescoringRow, RevisionRow
from app.store.tables import Answer, Attempt, QuestionHint, QuestionRevision, Rescoring
from app.store.together import Together


@dataclass(frozen=True)
class StoredAttempt:
    """One attempt with all that happened in it, read at one moment."""

    row: AttemptRow
    answers: tuple[AnswerRow, ...]  # the oldest first
    hints: dict[str, int]  # how many are open, by question


class Attempts:
    """Every attempt of this learner, with the questions as they stood."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(database)

    def add(self, attempt: AttemptRow) -> None:
        """Store an attempt; nothing happens if it is there already."""
        with self._database.writing() as session:
            add_attempt(session.connection(), attempt)

    def read(self, attempt_id: str) -> StoredAttempt | None:
        """Return one attempt with its answers and opened hints."""
        with self._database.reading() as session:
            on = session.connection()
            row = on.execute(ONE_ATTEMPT, {"id": attempt_id}).first()
            if row is None:
                return None
            return StoredAttempt(attempt_row(row), answers_of(on, attempt_id), hints_of(on, attempt_id))

    def find(self, attempt_id: str) -> AttemptRow | None:
        """Return one attempt."""
        with self._database.reading() as session:
            row = session.connection().execute(ONE_ATTEMPT, {"id": attempt_id}).first()
        return attempt_row(row) if row is not None else None

    def of_quiz(self, quiz: str) -> tuple[AttemptRow, ...]:
        """Return all attempts at a quiz, the oldest first."""
        return self._attempts(Attempt.quiz == quiz)

    def all(self) -> tuple[AttemptRow, ...]:
        """Return every attempt at every quiz, the oldest first."""
        return self._attempts(true())

    def _attempts(self, which: ColumnElement[bool]) -> tuple[AttemptRow, ...]:
        query = SELECT_ATTEMPTS.where(which).order_by(Attempt.created_at, Attempt.id)
        with self._database.reading() as session:
            return tuple(attempt_row(row) for row in session.connection().execute(query))

    def newest(self, quiz: str) -> str | None:
        """Return the id of the newest attempt at the whole of a quiz, or at what was missed of it."""
        with self._database.reading() as session:
            found = session.connection().scalar(NEWEST_ATTEMPT, {"quiz": quiz})
        return str(found) if found is not None else None

    def count_before(self, attempt: AttemptRow) -> int:
        """Return how many attempts at the quiz are older than this one; questions in lessons are none."""
        older = (Attempt.quiz == attempt.quiz) & (Attempt.created_at < attempt.created_at)
        with self._database.reading() as session:
            return session.scalar(select(func.count()).where(older, Attempt.kind != "inline")) or 0

    def add_answer(self, attempt: AttemptRow, revision: RevisionRow, answer: AnswerRow) -> AnswerRow:
        """Store an answer with all it refers to, and return the one that counts: the first of its try.

        It returns once the answer is on the disk; answers of several threads may get there together.
        """
        return self._together.write(
            lambda session: add_answer(session.connection(), attempt, revision, answer)
        )

    def answers(self, attempt_id: str) -> tuple[AnswerRow, ...]:
        """Return the answers of one attempt, the oldest first."""
        return self._answers(Answer.attempt == attempt_id)

    def answers_of_quiz(self, quiz: str) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts at a quiz, the oldest first."""
        return self._answers(Answer.attempt.in_(select(Attempt.id).where(Attempt.quiz == quiz)))

    def answers_to(self, question: str) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts to one question, the oldest first."""
        return self._answers(Answer.question == question)

    def all_answers(self) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts, the oldest first."""
        return self._answers(true())

    def _answers(self, which: ColumnElement[bool]) -> tuple[AnswerRow, ...]:
        with self._database.reading() as session:
            return answers_where(session.connection(), which)

    def judged_by(self) -> frozenset[tuple[str, str]]:
        """Return each question with each hash of its key by which some answer was scored, first or last."""
        answered = select(Answer.question, Answer.key_hash)
        with self._database.reading() as session:
            pairs = session.execute(answered.union(select(Rescoring.question, Rescoring.key_hash)))
            return frozenset((question, key_hash) for question, key_hash in pairs)

    def revision(self, question: str, key_hash: str, text_hash: str) -> RevisionRow | None:
        """Return a question as it stood."""
        with self._database.reading() as session:
            row = session.get(QuestionRevision, (question, key_hash, text_hash))
        return _revision(row) if row is not None else None

    def revisions(self) -> tuple[RevisionRow, ...]:
        """Return every question as it stood; of one question that of the newest answer comes last."""
        at = func.max(Answer.answered_at)
        mine = [
            Answer.question == QuestionRevision.question,
            Answer.key_hash == QuestionRevision.key_hash,
            Answer.text_hash == QuestionRevision.text_hash,
        ]
        query = select(QuestionRevision).outerjoin(Answer, and_(*mine)).order_by(at)
        query = query.group_by(
            QuestionRevision.question, QuestionRevision.key_hash, QuestionRevision.text_hash
        )
        with self._database.reading() as session:
            return tuple(_revision(row) for row in session.scalars(query))

    def revisions_of(self, question: str) -> tuple[RevisionRow, ...]:
        """Return one question as it stood, in each revision."""
        query = select(QuestionRevision).where(QuestionRevision.question == question)
        with self._database.reading() as session:
            return tuple(_revision(row) for row in session.scalars(query))

    def add_rescorings(self, revision: RevisionRow, rescorings: Iterable[RescoringRow]) -> None:
        """Store what answers are worth by this revision's key, all or none; their numbers are given here."""
        with self._database.writing() as session:
            add_revision(session.connection(), revision)
            for row in rescorings:
                _add_rescoring(session, row)

    def hints(self, attempt_id: str) -> dict[str, int]:
        """Return how many hints are open, by question."""
        with self._database.reading() as session:
            return hints_of(session.connection(), attempt_id)

    def open_hint(self, attempt: AttemptRow, question: str, available: int, at: str) -> int | None:
        """Open the question's next hint and return its number; None when all that are available are open."""
        mine = (QuestionHint.attempt == attempt.id) & (QuestionHint.question == question)
        with self._database.writing() as session:
            add_attempt(session.connection(), attempt)
            number = (session.scalar(select(func.count()).where(mine)) or 0) + 1
            if number > available:
                return None
            session.add(QuestionHint(attempt=attempt.id, question=question, number=number, at=at))
            return number


def _add_rescoring(session: Session, row: RescoringRow) -> None:
    """Add a rescoring unless the last one says the same: two processes may start at the same moment."""
    mine = and_(
        Rescoring.attempt == row.attempt,
        Rescoring.question == row.question,
        Rescoring.try_number == row.try_number,
    )
    last = session.scalar(select(Rescoring).where(mine).order_by(Rescoring.number.desc()).limit(1))
    if last is None or (last.key_hash, last.score) != (row.key_hash, row.score):
        number = last.number + 1 if last is not None else 1
        session.execute(insert(Rescoring).values({**vars(row), "number": number}))


def _revision(row: QuestionRevision) -> RevisionRow:
    return RevisionRow(row.question, row.key_hash, row.text_hash, row.body)
