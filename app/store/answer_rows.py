"""Answers on their way in and out: many a second come here, so the statements are made once."""

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Row, and_, bindparam, func, insert, select

from app.store.rows import AnswerRow, AttemptRow, RescoringRow, RevisionRow
from app.store.steps import touch_on
from app.store.tables import Answer, Attempt, QuestionHint, QuestionRevision, Rescoring, Table

_TABLES = Table.metadata.tables
ATTEMPTS = _TABLES[Attempt.__tablename__]
ANSWERS = _TABLES[Answer.__tablename__]
_RESCORINGS = _TABLES[Rescoring.__tablename__]
_REVISIONS = _TABLES[QuestionRevision.__tablename__]
_HINTS = _TABLES[QuestionHint.__tablename__]

_ATTEMPT_FIELDS = tuple(field.name for field in fields(AttemptRow))
_ANSWER_FIELDS = tuple(field.name for field in fields(AnswerRow) if field.name != "rescored")
_RESCORING_FIELDS = tuple(field.name for field in fields(RescoringRow))
_SAME_TRY = and_(*(_RESCORINGS.c[name] == ANSWERS.c[name] for name in ("attempt", "question", "try_number")))
SELECT_ATTEMPTS = select(*(ATTEMPTS.c[name] for name in _ATTEMPT_FIELDS))
_SELECT_ANSWERS = (
    select(
        *(ANSWERS.c[name] for name in _ANSWER_FIELDS), *(_RESCORINGS.c[name] for name in _RESCORING_FIELDS)
    )
    .select_from(ANSWERS.outerjoin(_RESCORINGS, _SAME_TRY))
    .order_by(ANSWERS.c.answered_at, ANSWERS.c.try_number, _RESCORINGS.c.number)
)
ONE_ATTEMPT = SELECT_ATTEMPTS.where(ATTEMPTS.c.id == bindparam("id"))
NEWEST_ATTEMPT = (
    select(ATTEMPTS.c.id)
    .where(ATTEMPTS.c.quiz == bindparam("quiz"), ATTEMPTS.c.kind != "inline")
    .order_by(ATTEMPTS.c.created_at.desc(), ATTEMPTS.c.id.desc())
    .limit(1)
)
_ANSWERS_OF_ONE = _SELECT_ANSWERS.where(ANSWERS.c.attempt == bindparam("id"))
_HINTS_OF_ONE = (
    select(_HINTS.c.question, func.count())
    .where(_HINTS.c.attempt == bindparam("id"))
    .group_by(_HINTS.c.question)
)
_IS_ATTEMPT = select(ATTEMPTS.c.id).where(ATTEMPTS.c.id == bindparam("id"))
_IS_REVISION = select(_REVISIONS.c.question).where(
    *(_REVISIONS.c[name] == bindparam(name) for name in ("question", "key_hash", "text_hash"))
)
_ONE_TRY = _SELECT_ANSWERS.where(
    *(ANSWERS.c[name] == bindparam(name) for name in ("attempt", "question", "try_number"))
)
_ADD_ATTEMPT, _ADD_ANSWER, _ADD_REVISION = insert(ATTEMPTS), insert(ANSWERS), insert(_REVISIONS)


def add_answer(
    connection: Connection, attempt: AttemptRow, revision: RevisionRow, answer: AnswerRow
) -> AnswerRow:
    """Add an answer with all it refers to, or return the one that its try has already."""
    add_attempt(connection, attempt)
    facts = {name: getattr(answer, name) for name in _ANSWER_FIELDS}
    mine = {name: facts[name] for name in ("attempt", "question", "try_number")}
    for first in _read(connection.execute(_ONE_TRY, mine)):
        return first
    add_revision(connection, revision)
    lists = {"chosen": list(answer.chosen), "shown": list(answer.shown)}
    connection.execute(_ADD_ANSWER, {**facts, **lists})
    touch_on(connection, attempt.quiz, answer.answered_at)
    return answer


def add_attempt(connection: Connection, attempt: AttemptRow) -> None:
    """Add an attempt, unless it is there."""
    if connection.scalar(_IS_ATTEMPT, {"id": attempt.id}) is None:
        connection.execute(_ADD_ATTEMPT, {**vars(attempt), "questions": list(attempt.questions)})
        touch_on(connection, attempt.quiz, attempt.created_at)


def add_revision(connection: Connection, revision: RevisionRow) -> None:
    """Add a question as it stands, unless it is there."""
    same = {name: getattr(revision, name) for name in ("question", "key_hash", "text_hash")}
    if connection.scalar(_IS_REVISION, same) is None:
        connection.execute(_ADD_REVISION, vars(revision))


def answers_of(connection: Connection, attempt_id: str) -> tuple[AnswerRow, ...]:
    """Read the answers of one attempt, the oldest first."""
    return _read(connection.execute(_ANSWERS_OF_ONE, {"id": attempt_id}))


def answers_where(connection: Connection, which: ColumnElement[bool]) -> tuple[AnswerRow, ...]:
    """Read answers, the oldest first, each with the last of its rescorings."""
    return _read(connection.execute(_SELECT_ANSWERS.where(which)))


def hints_of(connection: Connection, attempt_id: str) -> dict[str, int]:
    """Read how many hints of each question are open in one attempt."""
    return {question: count for question, count in connection.execute(_HINTS_OF_ONE, {"id": attempt_id})}


def attempt_row(row: Row[Any]) -> AttemptRow:
    """Make the plain value of an attempt that was read."""
    facts = dict(zip(_ATTEMPT_FIELDS, row, strict=True))
    return AttemptRow(**{**facts, "questions": tuple(facts["questions"])})


def _read(rows: CursorResult[Any]) -> tuple[AnswerRow, ...]:
    found: dict[tuple[str, str, int], AnswerRow] = {}
    for row in rows:
        answer = _answer(row)
        found[answer.attempt, answer.question, answer.try_number] = answer  # the last number comes last
    return tuple(found.values())


def _answer(row: Row[Any]) -> AnswerRow:
    facts = dict(zip(_ANSWER_FIELDS, row, strict=False))
    answer = AnswerRow(**{**facts, "chosen": tuple(facts["chosen"]), "shown": tuple(facts["shown"])})
    rescoring = row[len(_ANSWER_FIELDS) :]
    if rescoring[0] is None:
        return answer
    last = RescoringRow(**dict(zip(_RESCORING_FIELDS, rescoring, strict=True)))
    return replace(answer, score=last.score, correct=last.correct, rule=last.rule, rescored=last)
