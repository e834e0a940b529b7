"""Check runs: begun, finished once, looked up."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, undefer

from app.store.database import Database
from app.store.rows import JUDGED, CheckResult, RunEnd, RunStart, RunSummary, StoredRun
from app.store.steps import touch
from app.store.tables import Run, RunCheck

EVENTS_LIMIT = 2_000_000
"""Characters of JSON that one run's events may take in the database."""


class Runs:
    """All check runs of this learner."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, start: RunStart) -> None:
        """Store a run that is about to start; from now on its owner answers for it."""
        facts = {field.name: getattr(start, field.name) for field in fields(RunStart)}
        with self._database.writing() as session:
            session.add(Run(**facts, **_UNFINISHED))
            touch(session, start.exercise, start.started_at, start.language)

    def finish(self, run_id: str, end: RunEnd) -> bool:
        """Store how a run ended; False, and nothing changed, if its end was stored before."""
        with self._database.writing() as session:
            return _finish(session, run_id, end)

    def close_abandoned(self, is_alive: Callable[[str], bool], end: Callable[[StoredRun], RunEnd]) -> int:
        """End every running run whose owner is dead; return how many."""
        with self._database.reading() as session:
            running = session.execute(select(Run.id, Run.owner).where(Run.state == "running")).all()
        abandoned = [run_id for run_id, owner in running if not is_alive(owner)]
        for run_id in abandoned:
            run = self.find(run_id)
            assert run is not None  # rows are never deleted
            self.finish(run_id, end(run))
        return len(abandoned)

    def find(self, run_id: str) -> StoredRun | None:
        """Return one run with its events."""
        return self._first(select(Run).where(Run.id == run_id))

    def last(self, exercise: str, language: str | None = None) -> StoredRun | None:
        """Return the newest run of all checks of the exercise that judged the program."""
        query = _newest(exercise).where(Run.only.is_(None), Run.verdict.in_(JUDGED))
        return self._first(query if language is None else query.where(Run.language == language))

    def newest(self, exercise: str, language: str) -> str | None:
        """Return the id of the newest run of all checks of the exercise, going on or over, judged or not."""
        begun = select(Run.id).where(Run.exercise == exercise, Run.language == language, Run.only.is_(None))
        with self._database.reading() as session:
            return session.scalar(begun.order_by(Run.started_at.desc(), Run.id.desc()).limit(1))

    def last_with_check(self, exercise: str, check_id: str) -> StoredRun | None:
        """Return the newest finished run in which this check was judged."""
        judged = select(RunCheck.run).where(RunCheck.check_id == check_id, RunCheck.outcome != "skipped")
        return self._first(_newest(exercise).where(Run.id.in_(judged)))

    def passed_files(self, exercise: str, language: str) -> Mapping[str, str] | None:
        """Return the files of the newest pass, as base64 by name."""
        passed = _newest(exercise).where(Run.language == language, Run.files.is_not(None))
        with self._database.reading() as session:
            run = session.scalar(passed.options(undefer(Run.files)).limit(1))
            return run.files if run is not None else None

    def summaries(self) -> tuple[RunSummary, ...]:
        """Return every finished run of all checks of an exercise, the oldest first."""
        query = select(Run.id, Run.exercise, Run.language, Run.verdict, Run.counts, Run.started_at)
        query = query.where(Run.state == "finished", Run.only.is_(None)).order_by(Run.started_at, Run.id)
        with self._database.reading() as session:
            rows = session.execute(query).all()
        return tuple(
            RunSummary(i, e, lang, verdict or "", counts, at) for i, e, lang, verdict, counts, at in rows
        )

    def results(self, run_id: str) -> tuple[CheckResult, ...]:
        """Return how each check of a run came out."""
        query = select(RunCheck).where(RunCheck.run == run_id).order_by(RunCheck.place)
        with self._database.reading() as session:
            rows = session.scalars(query).all()
        return tuple(CheckResult(row.place, row.check_id, row.outcome, row.ms) for row in rows)

    def _first(self, query: Select[Any]) -> StoredRun | None:
        with self._database.reading() as session:
            run = session.scalar(query.options(undefer(Run.events)).limit(1))
            return _stored(run) if run is not None else None


_UNFINISHED: dict[str, Any] = {
    "state": "running",
    "verdict": None,
    "counts": {},
    "reason": "",
    "ms": None,
    "level": "",
    "code_hash": "",
    "finished_at": None,
    "events": [],
    "files": None,
}


def _newest(exercise: str) -> Select[Any]:
    finished = select(Run).where(Run.exercise == exercise, Run.state == "finished")
    return finished.order_by(Run.started_at.desc(), Run.id.desc())


def _finish(session: Session, run_id: str, end: RunEnd) -> bool:
    facts = {
        "state": "finished",
        "verdict": end.verdict,
        "counts": dict(end.counts),
        "reason": end.reason,
        "ms": end.ms,
        "level": end.level,
        "code_hash": end.code_hash,
        "finished_at": end.finished_at,
        "events": shortened(end.events, EVENTS_LIMIT),
        "files": dict(end.files) if end.files is not None else None,
    }
    # The condition is the fence: whoever comes second matches no row.
    still_running = update(Run).where(Run.id == run_id, Run.state == "running").values(facts)
    if session.connection().execute(still_running).rowcount != 1:
        return False
    for result in end.results:
        session.add(RunCheck(run=run_id, **vars(result)))
    return True


def _stored(run: Run) -> StoredRun:
    facts = {field.name: getattr(run, field.name) for field in fields(StoredRun)}
    return StoredRun(**{**facts, "events": tuple(run.events)})


def shortened(events: tuple[Mapping[str, Any], ...], limit: int) -> list[Mapping[str, Any]]:
    """Return the events, without the bulk that a later reader misses least if they are too long."""
    kept = list(events)
    for drop in (_without_stream, _without_output, _without_bodies, _without_exchanges):
        if len(json.dumps(kept)) <= limit:
            break
        kept = drop(kept)
    return kept


def _without_stream(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [event for event in events if event.get("event") != "program_output"]


def _without_output(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**event, "output": []} if "output" in event else event for event in events]


def _without_bodies(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        {**event, "exchanges": [_bodiless(exchange) for exchange in event["exchanges"]]}
        if "exchanges" in event
        else event
        for event in events
    ]


def _bodiless(exchange: Mapping[str, Any]) -> Mapping[str, Any]:
    response = exchange.get("response")
    if not response or "body" not in response:
        return exchange
    size = (response["body"] or {}).get("size", 0)
    empty = {"text": "", "base64": "", "size": size, "truncated": True}
    return {**exchange, "response": {**response, "body": empty}}


def _without_exchanges(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [{**event, "exchanges": []} if "exchanges" in event else event for event in events]
