"""The tables. Times are ISO 8601 text in UTC: they sort, and an export gives back the same bytes."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID = String(200)


class Table(DeclarativeBase):
    """The base of all tables."""


class SchemaVersion(Table):
    """One row: the version of this file that made the tables."""

    __tablename__ = "schema_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class LessonRead(Table):
    """A lesson that was read, and when first."""

    __tablename__ = "lessons_read"

    lesson: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[str]


class StepWorkedOn(Table):
    """The last time the learner worked on a step; the language only for exercises."""

    __tablename__ = "steps_worked_on"

    step: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[str]
    language: Mapped[str | None]


class HintOpened(Table):
    """A hint of an exercise that was opened; numbers count from 1."""

    __tablename__ = "hints_opened"

    exercise: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]


class Run(Table):
    """One check run, from the moment it begins."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    exercise: Mapped[str] = mapped_column(ID, index=True)
    language: Mapped[str]
    folder: Mapped[str]
    only: Mapped[str | None]
    seed: Mapped[int] = mapped_column(BigInteger)
    owner: Mapped[str]
    state: Mapped[str] = mapped_column(String(20), index=True)
    verdict: Mapped[str | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    ms: Mapped[float | None]
    level: Mapped[str]
    code_hash: Mapped[str]
    started_at: Mapped[str]
    finished_at: Mapped[str | None]
    events: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    files: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)


class RunCheck(Table):
    """How one check of a run came out."""

    __tablename__ = "run_checks"

    run: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    check_id: Mapped[str] = mapped_column(ID)
    outcome: Mapped[str]
    ms: Mapped[float | None]


class Attempt(Table):
    """One attempt at a quiz."""

    __tablename__ = "attempts"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    quiz: Mapped[str] = mapped_column(ID, index=True)
    seed: Mapped[str]
    questions: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20), default="whole")
    retake_of: Mapped[str | None] = mapped_column(ID)  # for retakes: the attempt whose rest still counts


class QuestionRevision(Table):
    """A question as it stood when somebody answered it; rows are only ever added."""

    __tablename__ = "question_revisions"

    question: Mapped[str] = mapped_column(ID, primary_key=True)
    key_hash: Mapped[str] = mapped_column(ID, primary_key=True)
    text_hash: Mapped[str] = mapped_column(ID, primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuestionHint(Table):
    """A hint of a question that was opened within an attempt."""

    __tablename__ = "question_hints"

    attempt: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]


class Answer(Table):
    """One accepted answer; the primary key is what makes a double click one answer."""

    __tablename__ = "answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question", "key_hash", "text_hash"],
            ["question_revisions.question", "question_revisions.key_hash", "question_revisions.text_hash"],
        ),
    )

    attempt: Mapped[str] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(ID, primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chosen: Mapped[list[Any]] = mapped_column(JSON)
    shown: Mapped[list[Any]] = mapped_column(JSON)
    key_hash: Mapped[str] = mapped_column(ID)
    text_hash: Mapped[str] = mapped_column(ID)
    hints_seen: Mapped[int]
    seconds: Mapped[float | None]
    score: Mapped[float]
    correct: Mapped[bool]
    rule: Mapped[str]
    answered_at: Mapped[str]
    confidence: Mapped[str | None] = mapped_column(String(20))


class Rescoring(Table):
    """What an answer is worth since its question's key changed; rows are only ever added, the last counts."""

    __tablename__ = "rescorings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt", "question", "try_number"],
            ["answers.attempt", "answers.question", "answers.try_number"],
        ),
        ForeignKeyConstraint(
            ["question", "key_hash", "text_hash"],
            ["question_revisions.question", "question_revisions.key_hash", "question_revisions.text_hash"],
        ),
    )

    attempt: Mapped[str] = mapped_column(ID, primary_key=True)
    question: Mapped[str] = mapped_column(ID, primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_hash: Mapped[str] = mapped_column(ID)
    text_hash: Mapped[str] = mapped_column(ID)
    score: Mapped[float]
    correct: Mapped[bool]
    rule: Mapped[str]
    at: Mapped[str]
