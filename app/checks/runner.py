"""One check run, from the snapshot of the learner's files to the verdict."""

import contextlib
import copy
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from app.checks.cancel import Cancel
from app.checks.job import Job
from app.checks.limits import LIMITS, Limits, patient
from app.checks.refusals import refused
from app.checks.sandbox import probe
from app.checks.slot import Slot, sweep_folders
from app.checks.snapshot import Snapshot, take_snapshot
from app.checks.toolchains import is_ready, make_ready
from app.checks.verdict import Tally
from app.errors import CourseError, UsageError
from app.provider.secrets import filled

Event = dict[str, Any]
Report = Callable[[Event], None]


@dataclass(frozen=True)
class RunOrder:
    """What to check: plain values, so that checks know nothing of content."""

    run: str
    exercise: str
    language: str
    main: str
    command: tuple[str, ...]
    folder: Path
    checks: tuple[tuple[str, str, int], ...]
    checks_folder: Path
    support: Path | None
    env: Mapping[str, str]
    scheme: str
    secret: str
    path: str
    lesson: str
    seed: int
    only: str | None = None
    kind: str = "server"
    scenario: Mapping[str, Any] | None = None  # a script to play instead of the suite


@dataclass(frozen=True)
class RunResult:
    """How a run ended: passed, failed, course_fault, cancelled, or played (a scenario); `files` in base64."""

    verdict: str
    counts: Mapping[str, int]
    ms: float
    code_hash: str
    files: Mapping[str, str]
    events: tuple[Event, ...]
    level: str
    seed: int
    reason: str = ""


class Runner:
    """Runs checks on this machine. Use it as a context manager, or close it."""

    def __init__(self, data_folder: Path, isolation: str = "auto", limits: Limits = LIMITS):
        self._data_folder = data_folder
        self._limits = limits
        sweep_folders()
        self._level, self._bwrap = probe(isolation)

    @property
    def level(self) -> str:
        """`isolated` or `not isolated`."""
        return self._level

    def with_patience(self) -> "Runner":
        """Return this runner with longer times for starts and runs; see `limits.patient`."""
        other = copy.copy(self)
        other._limits = patient(self._limits)
        return other

    def is_ready(self, language: str) -> bool:
        """Whether `run` can start at once, without fetching anything for the language."""
        return is_ready(language, self._data_folder)

    def make_ready(
        self, language: str, say: Callable[[str, str], None], cancel: Cancel | None = None
    ) -> None:
        """Fetch what programs in the language need, where it is missing; see `toolchains.make_ready`."""
        make_ready(language, self._data_folder, say, cancel)

    def prepare(self, language: str = "python", keeper: bool = True) -> Slot:
        """Start a grader that waits for the job of one `run`; close it after that.

        CourseFault where the system refuses. Without a `keeper` no interpreter waits for the program: every
        start of it is an ordinary one.
        """
        try:
            return Slot(self._level, self._bwrap, language, self._data_folder, self._limits, keeper)
        except OSError as error:
            raise refused(error) from error

    def run(
        self,
        order: RunOrder,
        report: Report,
        cancel: Cancel | None = None,
        slot: Slot | None = None,
    ) -> RunResult:
        """Run the checks of an order; every event goes to `report` as it comes.

        Raises UsageError when the folder holds no program. A fault of ours is the verdict course_fault; a
        run that was ended before its report was complete is `cancelled`. A given slot stays its owner's to
        close: all that the run started is ended by now, and only an idle grader waits in it.
        """
        stream = _Stream(report, time.monotonic())
        with contextlib.ExitStack() as own:
            if slot is None and self.is_ready(order.language):
                slot = own.enter_context(contextlib.closing(self.prepare(order.language)))
            snapshot = take_snapshot(order.folder)
            if order.main not in snapshot.files:
                raise UsageError(*_no_main(order.folder / order.main))
            _known_check(order)
            return self._run(order, snapshot, slot, own, stream, cancel or Cancel())

    def _run(
        self,
        order: RunOrder,
        snapshot: Snapshot,
        slot: Slot | None,
        own: contextlib.ExitStack,
        stream: "_Stream",
        cancel: Cancel,
    ) -> RunResult:
        stream.send(_started(order, self._level))
        wanted = tuple(c for c, _, _ in order.checks if order.only in (None, c))
        tally = Tally(wanted, judged=order.scenario is None)
        try:
            if slot is None:
                slot = self._fetch_and_prepare(order.language, stream, cancel)
                own.callback(slot.close)
            slot.give(_job(order, slot), snapshot, order.support, order.checks_folder)
            for event in slot.events(cancel):
                if tally.take(event):
                    stream.send(event)
        except CourseError as error:
            tally.fault(str(error))
        except OSError as error:
            tally.fault(str(refused(error)))
        if slot is not None and not tally.is_complete:
            slot.close()  # the grader's last word, that every program is gone and reported, did not come
        if cancel.is_set():
            tally.cancel(cancel.reason)
        return self._result(order, snapshot, stream, tally)

    def _fetch_and_prepare(self, language: str, stream: "_Stream", cancel: Cancel) -> Slot:
        """Fetch what the language needs, with news of it; that time is not the run's."""
        self.make_ready(
            language,
            lambda says, note: stream.send({"event": "tools_progress", "says": says, "note": note}),
            cancel,
        )
        stream.began = time.monotonic()
        return self.prepare(language)

    def _result(self, order: RunOrder, snapshot: Snapshot, stream: "_Stream", tally: Tally) -> RunResult:
        verdict, counts = tally.verdict(), tally.counts()
        milliseconds = round((time.monotonic() - stream.began) * 1000, 2)
        stream.send(
            {"event": "run_finished", "verdict": verdict, "counts": counts, "ms": milliseconds,
             "reason": tally.reason}
        )  # fmt: skip
        return RunResult(
            verdict, counts, milliseconds, snapshot.code_hash, snapshot.encoded(), tuple(stream.events),
            self._level, order.seed, tally.reason,
        )  # fmt: skip

    def close(self) -> None:
        """Free what the runner holds."""

    def __enter__(self) -> "Runner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Stream:
    """Numbers the events, keeps them, passes them on."""

    def __init__(self, report: Report, began: float):
        self.events: list[Event] = []
        self.began = began
        self._report = report

    def send(self, event: Event) -> None:
        numbered = {"number": len(self.events) + 1, **event}
        self.events.append(numbered)
        self._report(numbered)


def _started(order: RunOrder, level: str) -> Event:
    checks = [{"id": check, "title": title, "task": task} for check, title, task in order.checks]
    scenario = {"scenario": order.scenario["name"]} if order.scenario else {}
    return {
        "event": "run_started", **scenario, "run": order.run, "exercise": order.exercise,
        "language": order.language, "level": level, "seed": order.seed, "only": order.only, "checks": checks,
    }  # fmt: skip


def _job(order: RunOrder, slot: Slot) -> Job:
    return Job(
        checks_folder=str(slot.suite_folder),
        declared=tuple(check for check, _, _ in order.checks),
        titles={check: title for check, title, _ in order.checks},
        only=order.only,
        lesson=order.lesson,
        command=order.command,
        files=str(slot.files_folder),
        environment=environment(order.env, order.seed),
        scheme=order.scheme,
        secret=order.secret,
        path=order.path,
        seed=order.seed,
        walls=slot.walls,
        tools=slot.tools,
        limits=slot.limits,
        kind=order.kind,
        scenario=order.scenario,
    )


def _no_main(main: Path) -> tuple[str, str]:
    if os.path.lexists(main):
        return f"{main.name} is a link or a folder.", f"Put a plain file there: {main}"
    return f"There is no {main.name} in {main.parent}.", "The program starts with that file."


def _known_check(order: RunOrder) -> None:
    known = [check for check, _, _ in order.checks]
    if order.only is not None and order.only not in known:
        advice = f"It has: {', '.join(known)}."
        raise UsageError(f"{order.exercise} has no check {order.only!r}.", advice)


def environment(declared: Mapping[str, str], seed: int) -> dict[str, str]:
    """Fill in a manifest's `env`: secrets follow from the run's seed."""
    random = Random(f"secrets of {seed}")  # noqa: S311 - a run must be repeatable from its printed seed
    return filled(declared, lambda: "".join(random.choices("0123456789abcdef", k=48)))


def new_seed() -> int:
    """Draw the seed of a run: small enough to read aloud."""
    return int.from_bytes(os.urandom(8), "big") % 10**6
