"""By hand: the learner's program on a fixed port, with curl lines and replays that aim at it."""

import itertools
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import data_folder
from app.errors import NotFound, UsageError
from app.learning.classroom import Classroom
from app.learning.files import SKIPPED_FOLDERS, list_files, private_bytes, read_plain, version_of
from app.learning.workspace import exercise_folder

if TYPE_CHECKING:
    from app.checks.byhand import ByHand
    from app.content.course import Exercise
    from app.provider.exchange import Answer
    from app.store.rows import StoredRun

FIRST_PORT = 4750
"""The exercise with the number n listens on this port plus n."""

Say = Callable[[str, str], None]
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Replayed:
    """One delivery sent again, and what came back."""

    exchange: Mapping[str, Any]
    answer: "Answer"


@dataclass(frozen=True)
class Replay:
    """All deliveries of a check, sent again; `warning` says what a replay can't repeat, else ""."""

    run: str
    deliveries: tuple[Replayed, ...]
    warning: str


def practice_secret(classroom: Classroom) -> str:
    """Return the practice secret, kept in the home; made on first use."""
    path = classroom.settings.home / ".practice-secret"
    return private_bytes(path, lambda: secrets.token_hex(24).encode("ascii")).decode("ascii").strip()


def practice_secrets(classroom: Classroom, exercise_id: str) -> dict[str, str]:
    """Return the secrets of the exercise's program when it runs by hand, by variable."""
    from app.provider.secrets import is_fresh, practice_environment

    declared = classroom.exercise(exercise_id).env
    every = practice_environment(declared, practice_secret(classroom))
    return {name: value for name, value in every.items() if is_fresh(declared[name])}


def practice_port(classroom: Classroom, exercise_id: str) -> int:
    """Return the exercise's own port, always the same."""
    return FIRST_PORT + classroom.exercise(exercise_id).number


def practice_url(classroom: Classroom, exercise_id: str) -> str:
    """Return the base URL of the program run by hand, without a path."""
    return f"http://127.0.0.1:{practice_port(classroom, exercise_id)}"


def curl_for(classroom: Classroom, exercise_id: str, exchange: Mapping[str, Any]) -> str:
    """Return a curl line that sends this exchange's request to the practice port, signed now.

    What the program itself sent to a service is nothing to send to the program: then it is empty.
    """
    from app.provider.curl import curl_line

    if exchange["from"] == "program":
        return ""
    known = practice_secrets(classroom, exercise_id)
    return curl_line(dict(exchange), practice_url(classroom, exercise_id), known)


def replay(classroom: Classroom, exercise_id: str, check: str) -> Replay:
    """Send the deliveries of the check's last stored run again, signed now, to the practice port."""
    from app.provider.replay import again

    exercise = classroom.exercise(exercise_id)
    if check not in {each.id for each in exercise.checks}:
        known = ", ".join(each.id for each in exercise.checks)
        raise NotFound(f"{exercise.id} has no check {check!r}.", f"It has: {known}.")
    run = classroom.store.runs.last_with_check(exercise.id, check)
    if run is None:
        raise UsageError(f"{check} was not run yet.", f"Run course check {exercise.id} first.")
    exchanges = _exchanges(run, check)
    url, secrets_now = practice_url(classroom, exercise_id), practice_secrets(classroom, exercise_id)
    _require_listener(exercise.id, practice_port(classroom, exercise_id))
    deliveries = tuple(Replayed(one, again(dict(one), url, secrets_now)) for one in exchanges)
    return Replay(run.id, deliveries, _warning(run, check))


def run_by_hand(
    classroom: Classroom,
    exercise_id: str,
    language: str,
    report: Say,
    stop: threading.Event | None = None,
) -> None:
    """Run the learner's program until `stop`, again after each save.

    report(stream, text) gets what it prints (stdout, stderr), the course's own lines as "course", and as
    "progress" how far it is with something that takes a while.
    """
    from watchfiles import watch

    from app.checks.byhand import ByHand
    from app.checks.toolchains import make_ready
    from app.learning.stand_ins import stand_ins

    exercise = classroom.exercise(exercise_id)
    folder = exercise_folder(classroom, exercise_id, language)
    classroom.store.steps.work_on(exercise.id, classroom.now, language)
    port = practice_port(classroom, exercise_id)
    _require_free(port)
    stop = stop or threading.Event()
    make_ready(language, data_folder(os.environ), lambda says, note: _tell(report, says, note), stop)
    ticks = watch(
        folder,
        stop_event=stop,
        debounce=400,
        rust_timeout=500,
        yield_on_timeout=True,
        watch_filter=_is_source,
    )
    plan = _plan(classroom, exercise, language, folder)
    with stand_ins(plan.env, report) as env:
        program = ByHand(replace(plan, env=env), report)
        url = practice_url(classroom, exercise_id)
        begin = _Beginning(program, folder, url, exercise, report)
        try:
            begin.start()
            for _ in ticks:
                begin.look()
        except KeyboardInterrupt:
            report("course", "Stopped.")
        finally:
            program.stop()


def _tell(report: Say, says: str, note: str) -> None:
    report("course", says) if says else report("progress", note)


class _Beginning:
    """Starts the program, and again whenever the files differ from those it was started with."""

    def __init__(self, program: "ByHand", folder: Path, url: str, exercise: "Exercise", report: Say) -> None:
        self._program = program
        self._folder = folder
        self._url = url
        self._exercise = exercise
        self._report = report
        self._files: tuple[Any, ...] = ()
        self._told_end = False

    def look(self) -> None:
        """Start again after a save; say once when the program ended by itself."""
        from app.checks.deaths import sentence

        if _files_now(self._folder) != self._files:
            self._report("course", "Saved: starting your program again.")
            self.start()
        elif not self._told_end and (death := self._program.ended()) is not None:
            self._told_end = True
            self._report("course", f"{sentence(death, self._exercise.kind)} Save a file and it starts again.")

    def start(self) -> None:
        """Start the program and say how that went."""
        from app.checks.deaths import sentence
        from app.provider.wire import accepts_connections

        self._files = _files_now(self._folder)
        port = int(self._url.rpartition(":")[2])
        try:
            death = self._program.start()
        except UsageError as error:  # such as a file too large: the next save may mend it
            self._report("course", str(error))
            return
        self._told_end = death is not None
        if death is not None:
            self._report("course", f"{sentence(death, self._exercise.kind)} Save a file and it starts again.")
        elif accepts_connections(port):
            # By this name a browser does not send the program the cookie of the site on 127.0.0.1.
            shown = self._url.replace("127.0.0.1", "localhost")
            self._report("course", f"Your program listens: {shown}{self._exercise.provider.path}")
        else:
            self._report("course", f"Your program runs, but does not listen on port {port} ($PORT).")


def _files_now(folder: Path) -> tuple[Any, ...]:
    # A content hash, not a time: a save while the program was starting must not be missed.
    return tuple((name, version_of(read_plain(folder / name) or b"")) for name in list_files(folder))


def _plan(classroom: Classroom, exercise: "Exercise", language: str, folder: Path) -> Any:
    from app.checks.byhand import HandPlan
    from app.provider.secrets import practice_environment

    return HandPlan(
        command=exercise.language(language).run,
        folder=folder,
        support=exercise.support(language),
        language=language,
        data=classroom.settings.home / "practice" / exercise.id,
        port=practice_port(classroom, exercise.id),
        env=practice_environment(exercise.env, practice_secret(classroom)),
        data_folder=data_folder(os.environ),
        isolation=classroom.settings.isolation,
    )


def _is_source(_change: object, path: str) -> bool:
    parts = Path(path).parts
    return not SKIPPED_FOLDERS.intersection(parts) and not Path(path).name.startswith(".")


def _require_free(port: int) -> None:
    from app.provider.wire import accepts_connections

    if accepts_connections(port):
        raise UsageError(
            f"Something listens on port {port} already.",
            "If it is another course run, stop that one with Ctrl-C.",
        )


def _require_listener(exercise: str, port: int) -> None:
    from app.provider.wire import accepts_connections

    if not accepts_connections(port):
        raise UsageError(
            f"Nothing listens on port {port}.",
            f"Start your program with course run {exercise} in another terminal, then replay.",
        )


def _exchanges(run: "StoredRun", check: str) -> tuple[Mapping[str, Any], ...]:
    for event in run.events:
        if event["event"] == "check_finished" and event["check"] == check:
            found: list[Mapping[str, Any]] = event["exchanges"]
            return tuple(exchange for exchange in found if exchange["from"] == "provider")
    return ()


def _warning(run: "StoredRun", check: str) -> str:
    """Say what else the check did; a replay sends deliveries and nothing more."""
    killed, doubled = _did_besides(run.events, check)
    deeds = {
        "your program was stopped on purpose": killed,
        "two of your programs ran at once": doubled,
        "deliveries were on their way at the same moment": _overlapped(_exchanges(run, check)),
    }
    done = [deed for deed, did in deeds.items() if did]
    if not done:
        return ""
    return (
        f"In the check {', and '.join(done)}; a replay does not do that. "
        f"To repeat it whole: course check {run.exercise} --only {check} --seed {run.seed}"
    )


def _overlapped(exchanges: Iterable[Event]) -> bool:
    spans = sorted((float(exchange["start"]), float(exchange["end"])) for exchange in exchanges)
    return any(later[0] < earlier[1] for earlier, later in itertools.pairwise(spans))


def _did_besides(events: Iterable[Event], check: str) -> tuple[bool, bool]:
    """Tell whether programs were ended on purpose, and whether two ran at once, while the check ran."""
    running: set[Any] = set()
    inside = killed = doubled = False
    for event in events:
        kind = event["event"]
        if kind in ("check_started", "check_finished") and event["check"] == check:
            inside = kind == "check_started"
        elif kind == "program_started":
            running.add(event["start"])
            doubled |= inside and len(running) > 1
        elif kind == "program_exited":
            running.discard(event["start"])
            killed |= inside and bool(event["expected"])
    return killed, doubled
