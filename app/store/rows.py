"""What the store takes and gives: plain frozen values, so that callers need not import its library."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

JUDGED = ("passed", "failed")
"""Verdicts about the learner's program; a run with another one counts for nothing."""


@dataclass(frozen=True)
class RunStart:
    """A run at the moment it begins; `owner` names the process that will write its end."""

    id: str
    exercise: str
    language: str
    folder: str
    only: str | None
    seed: int
    owner: str
    started_at: str


@dataclass(frozen=True)
class CheckResult:
    """How one check of a run came out; `place` counts from 1 in the order of the manifest."""

    place: int
    check_id: str
    outcome: str
    ms: float | None


@dataclass(frozen=True)
class RunEnd:
    """Everything that is known once a run is over."""

    verdict: str
    counts: Mapping[str, int]
    reason: str
    ms: float | None
    level: str
    code_hash: str
    finished_at: str
    events: tuple[Mapping[str, Any], ...]
    results: tuple[CheckResult, ...] = ()
    files: Mapping[str, str] | None = None


@dataclass(frozen=True)
class StoredRun:
    """A run as it is kept; `events` is the whole stream, shortened only where it was very long."""

    id: str
    exercise: str
    language: str
    state: str  # running | finished
    verdict: str | None  # passed | failed | course_fault | cancelled; None while it runs
    counts: Mapping[str, int]
    reason: str
    ms: float | None
    seed: int
    level: str
    code_hash: str
    folder: str
    only: str | None
    owner: str
    started_at: str  # ISO 8601, UTC
    finished_at: str | None
    events: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RunSummary:
    """The few facts of a finished run that progress is made of."""

    id: str
    exercise: str
    language: str
    verdict: str
    counts: Mapping[str, int]
    started_at: str


@dataclass(frozen=True)
class AttemptRow:
    """One attempt at a quiz: the ids of its questions in order; the seed fixes the order of choices."""

    id: str
    quiz: str
    seed: str
    questions: tuple[str, ...]
    created_at: str
    kind: str = "whole"  # whole | retake: what was missed | inline: one question within a lesson
    retake_of: str | None = None  # retake: the attempt whose other answers still count


@dataclass(frozen=True)
class RevisionRow:
    """A question as it stood when it was answered, whole; the two keys tell revisions apart."""

    question: str
    key_hash: str
    text_hash: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class AnswerRow:
    """One accepted answer; choices and the order shown are ids, which outlive rewording.

    Read back, `score`, `correct` and `rule` are those that count: of `rescored`, where the key has changed.
    """

    attempt: str
    question: str
    try_number: int
    chosen: tuple[str, ...]
    shown: tuple[str, ...]
    key_hash: str
    text_hash: str
    hints_seen: int
    seconds: float | None
    score: float
    correct: bool
    rule: str
    answered_at: str
    confidence: str | None = None  # low | mid | high, where the quiz asks for it
    rescored: "RescoringRow | None" = None  # kept in rows of its own; the first result stays as it was


@dataclass(frozen=True)
class RescoringRow:
    """What an answer is worth by a later key of its question; the one with the highest number counts."""

    attempt: str
    question: str
    try_number: int
    number: int  # from 1
    key_hash: str
    text_hash: str
    score: float
    correct: bool
    rule: str
    at: str


@dataclass(frozen=True)
class StepRow:
    """When the learner last worked on a step, and in which language."""

    step: str
    at: str
    language: str | None
