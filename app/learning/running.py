"""Check an exercise and keep the result."""

import contextlib
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import data_folder
from app.errors import CourseError, CourseFault, NotFound
from app.learning.classroom import Classroom
from app.learning.ends import end_of, fault_end
from app.learning.journal import Journal
from app.learning.workspace import exercise_folder
from app.store.rows import RunStart, StoredRun

if TYPE_CHECKING:
    from app.checks.cancel import Cancel
    from app.checks.runner import RunOrder, RunResult
    from app.checks.slot import Slot
    from app.content.course import Exercise

__all__ = ["Report", "StoredRun", "check", "last_run", "new_run_id", "stored_run"]

Report = Callable[[dict[str, Any]], None]

UNFINISHED = "The course could not finish this check. Nothing counts; check again."


def check(
    classroom: Classroom,
    exercise_id: str,
    language: str,
    *,
    folder: Path | None = None,
    only: str | None = None,
    seed: int | None = None,
    report: Report | None = None,
    cancel: "Cancel | None" = None,
    run_id: str | None = None,
    slot: "Slot | None" = None,
) -> "RunResult":
    """Run the suite against the learner's folder (or `folder`), store the run, return its result.

    A given slot stays its owner's to close.
    """
    from app.checks.runner import new_seed

    with contextlib.ExitStack() as own:
        if slot is not None and slot.language != language:
            slot.close()
            slot = None
        if slot is None and classroom.runner.is_ready(language):
            # First of all: the grader needs a while to start.
            slot = own.enter_context(contextlib.closing(classroom.runner.prepare(language)))
        exercise = classroom.exercise(exercise_id)
        folder = folder or exercise_folder(classroom, exercise_id, language)
        seed = new_seed() if seed is None else seed
        order = run_order(exercise, language, folder, seed=seed, only=only, run_id=run_id)
        return _recorded(classroom, order, slot, report or _ignore, cancel)


def _recorded(
    classroom: Classroom, order: "RunOrder", slot: "Slot | None", report: Report, cancel: "Cancel | None"
) -> "RunResult":
    record = _Record(classroom, order)
    journal = Journal(classroom.settings.home, order.run)

    def tell(event: dict[str, Any]) -> None:
        journal.write(event)
        report(event)

    try:
        result = classroom.runner.run(order, tell, cancel, slot)
        record.finish(result)
    except BaseException as error:
        record.fault(error)
        raise
    finally:
        journal.remove()
    return result


def fetches_first(language: str) -> bool:
    """Tell whether the first check in this language has to fetch something."""
    from app.checks.toolchains import LANGUAGES, is_ready

    return language in LANGUAGES and not is_ready(language, data_folder(os.environ))


def new_run_id() -> str:
    """Return an id that no other run has."""
    return secrets.token_hex(8)


def stored_run(classroom: Classroom, run_id: str) -> StoredRun:
    """Return one run; NotFound if there is none."""
    run = classroom.store.runs.find(run_id)
    if run is None:
        raise NotFound(f"There is no run {run_id!r}.", "Press Check, or run course check.")
    return run


def last_run(classroom: Classroom, exercise_id: str, language: str | None = None) -> StoredRun | None:
    """Return the newest finished run of all checks; faults of the course are left aside."""
    return classroom.store.runs.last(exercise_id, language)


class _Record:
    """The run's row, written by a thread of its own: opening the store must not delay the run."""

    def __init__(self, classroom: Classroom, order: "RunOrder") -> None:
        from app.learning.owners import this_process

        self._classroom = classroom
        self._error: BaseException | None = None
        self._start = RunStart(
            id=order.run,
            exercise=order.exercise,
            language=order.language,
            folder=str(order.folder),
            only=order.only,
            seed=order.seed,
            owner=this_process(),
            started_at=classroom.now,
        )
        self._thread = threading.Thread(target=self._begin, name=f"store {order.run}", daemon=True)
        self._thread.start()

    def finish(self, result: "RunResult") -> None:
        """Store the result; one that comes too late changes nothing. CourseFault where it can't be stored."""
        end = end_of(result, self._classroom.clock(), self._start.only)
        try:
            self._begun().finish(self._start.id, end)
        except CourseError as error:
            lost = f"The result could not be kept, so it does not count. {error.message}"
            raise CourseFault(lost, error.advice) from error

    def fault(self, error: BaseException) -> None:
        """Close the row of a run that broke; what broke it is the caller's to tell."""
        verdict = "course_fault" if isinstance(error, Exception) else "cancelled"
        with contextlib.suppress(Exception):
            runs = self._begun()
            run = runs.find(self._start.id)
            assert run is not None  # begun just now
            runs.finish(run.id, fault_end(run, _reason(error), self._classroom.clock(), verdict))

    def _begin(self) -> None:
        try:
            self._classroom.store.runs.begin(self._start)
        except BaseException as error:
            self._error = error

    def _begun(self) -> Any:
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._classroom.store.runs


def _reason(error: BaseException) -> str:
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, Exception):
        return UNFINISHED
    return "The run was interrupted."


def run_order(
    exercise: "Exercise",
    language: str,
    folder: Path,
    *,
    seed: int,
    only: str | None = None,
    run_id: str | None = None,
) -> "RunOrder":
    """Return what the runner needs to check `folder`; NotFound for an unknown language or check."""
    from app.checks.runner import RunOrder

    chosen = exercise.language(language)
    known = [check.id for check in exercise.checks]
    if only is not None and only not in known:
        raise NotFound(f"{exercise.id} has no check {only!r}.", f"It has: {', '.join(known)}.")
    return RunOrder(
        run=run_id or new_run_id(),
        exercise=exercise.id,
        language=language,
        main=chosen.main,
        command=chosen.run,
        folder=folder,
        checks=tuple((check.id, check.title, check.task) for check in exercise.checks),
        checks_folder=exercise.checks_folder,
        support=exercise.support(language),
        env=exercise.env,
        scheme=exercise.provider.scheme,
        secret=exercise.provider.secret,
        path=exercise.provider.path,
        lesson=exercise.lesson,
        seed=seed,
        only=only,
        kind=exercise.kind,
    )


def _ignore(_event: dict[str, Any]) -> None:
    """Nobody watches."""
