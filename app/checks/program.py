"""The learner's program, as a suite holds it: started, stopped, killed, doubled, held between two steps."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.checks.bench import Bench
from app.checks.causes import CheckFailed
from app.checks.deaths import Death, Ended, death_of, died, disk_full, not_listening, not_over, sentence
from app.checks.holding import Hold, raise_flag, remove
from app.checks.launching import Plan, Started, launch
from app.checks.noticing import wait_for_exit
from app.checks.output import Watcher
from app.checks.printed import STREAMS, Printed
from app.checks.processes import listening_ports
from app.checks.refusals import is_full, refused
from app.checks.sandbox import ISOLATED, Rooms
from app.checks.spare import give_file, host_name, make_rooms
from app.checks.tracebacks import without_folder
from app.checks.waiting import wait_for
from app.provider import wire

STOP_SECONDS = 1.0
LAST_WORDS = 200


class ProgramDied(CheckFailed):
    """The program ended although no check ended it."""


class Program:
    """One instance of the learner's program. All instances of a run share $DATA_DIR."""

    def __init__(self, bench: Bench, name: str = "program"):
        self.name = name
        self.port = 0
        self.number = 0
        self.death: Death | None = None
        self.left_a_line_out = False
        self._bench = bench
        self._started: Started | None = None
        self._watcher: Watcher | None = None
        self._printed = Printed()
        self._mark = self._begun = 0
        self._folder = ""
        self._crash: Death | None = None
        self._asked_to_end = False
        self._changes: Mapping[str, str | None] = {}

    # -- life ---------------------------------------------------------------------------------------

    def start(self, env: Mapping[str, str | None] | None = None, may_exit: bool = False) -> bool:
        """Start the program and wait until it accepts connections.

        `env` replaces variables of its environment (None removes one). With `may_exit` a program that ends
        instead of listening makes this return False; otherwise that fails the check.
        """
        began = time.monotonic()
        self._launch(env or {})
        return self._wait_until_ready(began, may_exit)

    def run(
        self, *arguments: str, env: Mapping[str, str | None] | None = None, timeout: float = 8.0
    ) -> Ended:
        """Run a program of the kind `command` to its end; it fails the check when that takes too long."""
        self._launch(env or {}, arguments)
        if not self.wait_for_end(self._bench.deadline.left(timeout)):
            self.kill()
            raise CheckFailed(not_over(timeout))
        death = self._bury(expected=True, kind="command")
        texts = self._printed.since(self._begun)
        return Ended(death.code, death.signal, texts["stdout"], texts["stderr"])

    def give(self, name: str, content: bytes) -> str:
        """Put a file into $DATA_DIR; returns its path as the program sees it."""
        return give_file(self._bench.job.walls, name, content)

    def _launch(self, env: Mapping[str, str | None], arguments: tuple[str, ...] = ()) -> None:
        bench = self._bench
        self.number, self.port, self.death = next(bench.numbers), wire.free_port(), None
        self._asked_to_end, self._begun, self._changes = False, self._printed.begin(), env
        rooms = self._make_rooms()
        bench.recorder.emit("program_started", start=self.number, at=round(bench.recorder.now(), 2))
        self._step("started")
        command = (*bench.job.command, *arguments)
        plan = Plan(command, rooms, self._environment(env), host_name(self.number))
        self._started = bench.spare.become(plan) or launch(
            bench.job.walls, bench.job.tools, plan, bench.limits
        )
        self._folder = self._started.folder
        bench.recorder.emit(
            "process", start=self.number, root=self._started.root, isolated=self._started.isolated
        )
        number = self.number
        self._watcher = Watcher(
            self._started,
            bench.limits,
            lambda stream, text: self._take(number, stream, text),
            self._printed.end,
        )

    def _make_rooms(self) -> Rooms:
        try:
            return make_rooms(self._bench.job.walls, self.number, self._bench.job.files)
        except OSError as error:
            # Behind the wall only the program itself can fill the run's own file system.
            if is_full(error) and self._bench.job.walls.level == ISOLATED:
                raise ProgramDied(disk_full(self._bench.limits)) from error
            raise refused(error) from error

    def _environment(self, changes: Mapping[str, str | None]) -> dict[str, str]:
        merged = {**self._bench.job.environment, "PORT": str(self.port), **changes}
        return {name: value for name, value in merged.items() if value is not None}

    def _wait_until_ready(self, began: float, may_exit: bool) -> bool:
        seconds = self._bench.deadline.left(self._bench.limits.start_seconds)
        ready = wait_for(lambda: not self.running or wire.accepts_connections(self.port), seconds)
        if not self.running:
            death = self._bury(expected=may_exit)
            if may_exit:
                return False
            raise ProgramDied(died(death, "start", self.last_words))
        if not ready:
            others = listening_ports() if self._started and self._started.isolated else frozenset()
            self.kill()
            raise ProgramDied(not_listening(self.port, others, seconds))
        taken = round((time.monotonic() - began) * 1000, 2)
        self._bench.recorder.emit("program_ready", start=self.number, ms=taken, port=self.port)
        self._step("ready")
        return True

    @property
    def folder(self) -> str:
        """The folder that tracebacks of the last start name."""
        return self._folder

    @property
    def running(self) -> bool:
        """Whether the program is alive."""
        return self._started is not None and self._started.process.poll() is None

    def stop(self) -> None:
        """End the program as an operator does: SIGTERM, and SIGKILL a second later if it is still there."""
        if self._started and self.running:
            self._asked_to_end = True
            self._step("stopped")
            self._started.terminate()
            self.wait_for_end(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the program and all that it started at once (SIGKILL)."""
        if self._started is None or self.death is not None:
            return
        if not self.running and not self._asked_to_end:
            self.crashed()
            return
        self._asked_to_end = True
        if self.running:
            self._step("killed")
        self._started.kill()
        self._bury(expected=True)

    def restart(self, env: Mapping[str, str | None] | None = None, may_exit: bool = False) -> bool:
        """Stop the program, then start it again on the same $DATA_DIR; see `start`."""
        self.stop()
        return self.start(env, may_exit)

    def run_with(self, env: Mapping[str, str | None], may_exit: bool = False) -> bool:
        """Restart the program with these variables, unless it already runs with just these; see `start`."""
        return (self.running and dict(env) == dict(self._changes)) or self.restart(env, may_exit)

    def wait_for_end(self, timeout: float) -> bool:
        """Wait until the program is not running; False when it still is after `timeout` seconds."""
        return self._started is None or wait_for_exit(self._started.process, timeout)

    def crashed(self) -> Death | None:
        """Return how the program ended when nobody asked it to, else None."""
        if self._started is not None and not self.running and self.death is None:
            self._crash = self._crash or self._bury(expected=False)
        return self._crash

    def _bury(self, expected: bool, kind: str = "server") -> Death:
        if self._started is None or self._watcher is None:
            return Death(None, None)
        code = self._started.process.wait()
        self._watcher.join()
        self._started.close()
        death = death_of(code, self._watcher.reason)
        self.death = death
        self._bench.recorder.emit(
            "program_exited", start=self.number, expected=expected,
            code=death.code, signal=death.signal, reason=death.reason,
        )  # fmt: skip
        at = self._bench.recorder.at(self._watcher.ended) if self._watcher.ended else None
        self._step("ended", at, expected=expected, sentence=sentence(death, kind))
        return death

    def _step(self, what: str, at: float | None = None, **more: Any) -> None:
        self._bench.recorder.step(self.name, what, at, start=self.number, **more)

    @contextlib.contextmanager
    def second(self, env: Mapping[str, str | None] | None = None) -> Iterator["Program"]:
        """Run a second instance on the same $DATA_DIR until the end of the block; `env` as in `start`."""
        other = Program(self._bench, "second program")
        other.start(env)
        try:
            yield other
        finally:
            other.kill()

    # -- what it printed ----------------------------------------------------------------------------

    def _take(self, number: int, stream: str, text: str) -> None:
        self._printed.add(stream, text)
        self._bench.recorder.output(self.name, number, stream, without_folder(text, self._folder))

    def begin_check(self) -> None:
        """From here on `printed` tells only what comes later."""
        if self._watcher is not None:
            self._watcher.drain()
        self._mark = self._printed.place

    def printed(self, stream: str = "stdout") -> str:
        """Return what the program printed since this check began."""
        return self.printed_each()[stream]

    def printed_each(self) -> dict[str, str]:
        """Return what the program printed since this check began, by stream."""
        if self._watcher is not None:
            self._watcher.drain()
        return self._printed.since(self._mark)

    @property
    def last_words(self) -> str:
        """The last line that the program printed since its last start, or nothing.

        Its two streams have no common order: after a failure the one for errors goes first, else the other.
        """
        well = self.death is not None and self.death.code == 0
        texts = self._printed.since(self._begun)
        for stream in STREAMS if well else reversed(STREAMS):
            text = without_folder(texts[stream], self._folder)
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            if lines:
                return lines[-1][:LAST_WORDS]
        return ""

    def wait_for_line(self, *fragments: str, stream: str = "stdout", timeout: float = 2.0) -> str | None:
        """Wait for a line that holds all fragments; returns it, or None when it does not come in time."""

        def find(texts: Mapping[str, str]) -> str:
            lines = texts[stream].splitlines()
            return next((line for line in lines if all(fragment in line for fragment in fragments)), "")

        return self.wait_until_printed(find, timeout) or None

    def wait_until_printed(self, find: Callable[[Mapping[str, str]], str], timeout: float) -> str:
        """Wait until `find` finds something in what was printed since this check began, by stream.

        Returns "" when the time is over before, or the program.
        """
        until = time.monotonic() + self._bench.deadline.left(timeout)
        while True:
            seen, is_over = self._printed.place, not self.running
            found = find(self.printed_each())
            left = until - time.monotonic()
            if found or left <= 0 or is_over:
                return found
            self._printed.wait_for_more(seen, left)

    # -- points where it stands still ---------------------------------------------------------------

    def hold(self, name: str) -> Hold:
        """Make the program wait when it next reaches the point `name`."""

        def tell(what: str, seconds_ago: float) -> None:
            if self.running:
                self._step(what, self._bench.recorder.now() - seconds_ago * 1000, point=name)

        return Hold(self._bench.work / "hold", name, self._bench.deadline, tell)

    def fail_once(self, name: str) -> None:
        """Make the step `name` of the given support module fail at its next use."""
        raise_flag(self._bench.work / "hold" / name)
        self._step("armed", point=name)

    def end_check(self) -> None:
        """Remove what a check left: points to wait at, failures that did not happen."""
        folder = self._bench.work / "hold"
        for leftover in folder.iterdir():
            remove(leftover)
