"""Attempts at quizzes and their answers."""

from dataclasses import fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.store.database import Database
from app.store.rows import AnswerRow, AttemptRow, RevisionRow
from app.store.steps import touch
from app.store.tables import Answer, Attempt, QuestionHint, QuestionRevision


class Attempts:
    """Every attempt of this learner, with the questions as they stood."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, attempt: AttemptRow) -> None:
        """Store an attempt; nothing happens if it is there already."""
        with self._database.writing() as session:
            _add_attempt(session, attempt)

    def find(self, attempt_id: str) -> AttemptRow | None:
        """Return one attempt."""
        with self._database.reading() as session:
            row = session.get(Attempt, attempt_id)
        return _attempt(row) if row is not None else None

    def of_quiz(self, quiz: str) -> tuple[AttemptRow, ...]:
        """Return all attempts at a quiz, the oldest first."""
        query = select(Attempt).where(Attempt.quiz == quiz).order_by(Attempt.created_at, Attempt.id)
        with self._database.reading() as session:
            return tuple(_attempt(row) for row in session.scalars(query))

    def all(self) -> tuple[AttemptRow, ...]:
        """Return every attempt at every quiz, the oldest first."""
        query = select(Attempt).order_by(Attempt.created_at, Attempt.id)
        with self._database.reading() as session:
            return tuple(_attempt(row) for row in session.scalars(query))

    def add_answer(self, attempt: AttemptRow, revision: RevisionRow, answer: AnswerRow) -> AnswerRow:
        """Store an answer with all it refers to, and return the one that counts: the first of its try."""
        with self._database.writing() as session:
            _add_attempt(session, attempt)
            first = session.get(Answer, (answer.attempt, answer.question, answer.try_number))
            if first is not None:
                return _answer(first)
            identity = (revision.question, revision.key_hash, revision.text_hash)
            if session.get(QuestionRevision, identity) is None:
                session.add(QuestionRevision(**vars(revision)))
                session.flush()
            session.add(
                Answer(**{**vars(answer), "chosen": list(answer.chosen), "shown": list(answer.shown)})
            )
            touch(session, attempt.quiz, answer.answered_at)
            return answer

    def answers(self, attempt_id: str) -> tuple[AnswerRow, ...]:
        """Return the answers of one attempt, the oldest first."""
        query = select(Answer).where(Answer.attempt == attempt_id).order_by(Answer.answered_at)
        with self._database.reading() as session:
            return tuple(_answer(row) for row in session.scalars(query))

    def all_answers(self) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts, the oldest first."""
        with self._database.reading() as session:
            return tuple(_answer(row) for row in session.scalars(select(Answer).order_by(Answer.answered_at)))

    def revision(self, question: str, key_hash: str, text_hash: str) -> RevisionRow | None:
        """Return a question as it stood."""
        with self._database.reading() as session:
            row = session.get(QuestionRevision, (question, key_hash, text_hash))
        return RevisionRow(row.question, row.key_hash, row.text_hash, row.body) if row is not None else None

    def hints(self, attempt_id: str) -> dict[str, int]:
        """Return how many hints are open, by question."""
        query = select(QuestionHint.question, func.count()).where(QuestionHint.attempt == attempt_id)
        with self._database.reading() as session:
            return {
                question: count for question, count in session.execute(query.group_by(QuestionHint.question))
            }

    def open_hint(self, attempt: AttemptRow, question: str, available: int, at: str) -> int | None:
        """Open the question's next hint and return its number; None when all that are available are open."""
        mine = (QuestionHint.attempt == attempt.id) & (QuestionHint.question == question)
        with self._database.writing() as session:
            _add_attempt(session, attempt)
            number = (session.scalar(select(func.count()).where(mine)) or 0) + 1
            if number > available:
                return None
            session.add(QuestionHint(attempt=attempt.id, question=question, number=number, at=at))
            return number


def _add_attempt(session: Session, attempt: AttemptRow) -> None:
    if session.get(Attempt, attempt.id) is None:
        session.add(Attempt(**{**vars(attempt), "questions": list(attempt.questions)}))
        touch(session, attempt.quiz, attempt.created_at)
        session.flush()  # answers refer to it


def _attempt(row: Attempt) -> AttemptRow:
    return AttemptRow(row.id, row.quiz, row.seed, tuple(row.questions), row.created_at)


def _answer(row: Answer) -> AnswerRow:
    facts = {field.name: getattr(row, field.name) for field in fields(AnswerRow)}
    return AnswerRow(**{**facts, "chosen": tuple(row.chosen), "shown": tuple(row.shown)})
