"""Attempts at quizzes and their answers."""

from collections.abc import Iterable
from dataclasses import fields, replace

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from app.store.database import Database
from app.store.rows import AnswerRow, AttemptRow, RescoringRow, RevisionRow
from app.store.steps import touch
from app.store.tables import Answer, Attempt, QuestionHint, QuestionRevision, Rescoring


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
                return _answer(first, None)
            _add_revision(session, revision)
            facts = {name: value for name, value in vars(answer).items() if name != "rescored"}
            session.add(Answer(**{**facts, "chosen": list(answer.chosen), "shown": list(answer.shown)}))
            touch(session, attempt.quiz, answer.answered_at)
            return answer

    def answers(self, attempt_id: str) -> tuple[AnswerRow, ...]:
        """Return the answers of one attempt, the oldest first."""
        return self._read(Answer.attempt == attempt_id, Rescoring.attempt == attempt_id)

    def answers_of_quiz(self, quiz: str) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts at a quiz, the oldest first."""
        attempts = select(Attempt.id).where(Attempt.quiz == quiz)
        return self._read(Answer.attempt.in_(attempts), Rescoring.attempt.in_(attempts))

    def all_answers(self) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts, the oldest first."""
        return self._read(true(), true())

    def _read(self, answers: ColumnElement[bool], rescorings: ColumnElement[bool]) -> tuple[AnswerRow, ...]:
        query = select(Answer).where(answers).order_by(Answer.answered_at, Answer.try_number)
        with self._database.reading() as session:
            found = session.scalars(select(Rescoring).where(rescorings).order_by(Rescoring.number))
            last = {(each.attempt, each.question, each.try_number): each for each in found}
            rows = session.scalars(query)
            return tuple(_answer(row, last.get((row.attempt, row.question, row.try_number))) for row in rows)

    def answers_to(self, question: str) -> tuple[AnswerRow, ...]:
        """Return the answers of all attempts to one question, the oldest first."""
        return self._read(Answer.question == question, Rescoring.question == question)

    def judged_by(self) -> frozenset[tuple[str, str]]:
        """Return each question with each hash of its key by which some answer was scored, first or last."""
        answered = select(Answer.question, Answer.key_hash)
        with self._database.reading() as session:
            pairs = session.execute(answered.union(select(Rescoring.question, Rescoring.key_hash)))
            return frozenset((question, key_hash) for question, key_hash in pairs)

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
            _add_revision(session, revision)
            for row in rescorings:
                mine = (
                    (Rescoring.attempt == row.attempt)
                    & (Rescoring.question == row.question)
                    & (Rescoring.try_number == row.try_number)
                )
                last = session.scalar(
                    select(Rescoring).where(mine).order_by(Rescoring.number.desc()).limit(1)
                )
                if last is None or (last.key_hash, last.score) != (row.key_hash, row.score):
                    number = last.number + 1 if last is not None else 1
                    session.add(Rescoring(**{**vars(row), "number": number}))

    def revision(self, question: str, key_hash: str, text_hash: str) -> RevisionRow | None:
        """Return a question as it stood."""
        with self._database.reading() as session:
            row = session.get(QuestionRevision, (question, key_hash, text_hash))
        return _revision(row) if row is not None else None

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


def _add_revision(session: Session, revision: RevisionRow) -> None:
    identity = (revision.question, revision.key_hash, revision.text_hash)
    if session.get(QuestionRevision, identity) is None:
        session.add(QuestionRevision(**vars(revision)))
        session.flush()  # answers refer to it


def _revision(row: QuestionRevision) -> RevisionRow:
    return RevisionRow(row.question, row.key_hash, row.text_hash, row.body)


def _attempt(row: Attempt) -> AttemptRow:
    facts = {field.name: getattr(row, field.name) for field in fields(AttemptRow)}
    return AttemptRow(**{**facts, "questions": tuple(row.questions)})


def _answer(row: Answer, rescoring: Rescoring | None) -> AnswerRow:
    facts = {field.name: getattr(row, field.name) for field in _STORED}
    answer = AnswerRow(**{**facts, "chosen": tuple(row.chosen), "shown": tuple(row.shown)})
    if rescoring is None:
        return answer
    last = RescoringRow(**{field.name: getattr(rescoring, field.name) for field in fields(RescoringRow)})
    return replace(answer, score=last.score, correct=last.correct, rule=last.rule, rescored=last)


_STORED = tuple(field for field in fields(AnswerRow) if field.name != "rescored")
