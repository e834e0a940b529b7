"""A slot: a grader behind its wall, started and waiting for its job. Used once."""

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.checks.cancel import Cancel
from app.checks.job import Job, Stage, to_line
from app.checks.launching import kill_tree
from app.checks.limits import LIMITS, Limits
from app.checks.report import read_event
from app.checks.sandbox import ISOLATED, Walls, build_walls, outer_command
from app.checks.snapshot import Snapshot, write_snapshot
from app.checks.toolchains import toolchain
from app.errors import CourseFault

GRACE_SECONDS = 4.0
"""What the grader gets beyond the run's own time to report and end."""

REPORT_BYTES = 32 * 1024 * 1024
FOLDER_PREFIX = "webhook-course-"
_CACHES = shutil.ignore_patterns("__pycache__")
_GRADER_ENVIRONMENT = {"LANG": "C.UTF-8", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class Slot:
    """Owns one grader process, its folder and its report pipe."""

    def __init__(
        self,
        level: str,
        bwrap: str,
        language: str,
        data_folder: Path,
        limits: Limits = LIMITS,
        keeper: bool = True,
    ):
        self.language = language
        tools = toolchain(language, data_folder)
        self.tools = tools if keeper else replace(tools, keeper=())
        self.limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
        self.files_folder = self._folder / "files"
        self.suite_folder = self._folder / "suite"
        self._running: dict[int, int] = {}
        self._closed = threading.Lock()
        try:
            self.walls = self._build(level, bwrap)
            self._report, self._process = self._start()
        except BaseException:  # such as a full disk: leave nothing on it
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._tell(Stage(self.walls, self.tools, self.limits))

    def _build(self, level: str, bwrap: str) -> Walls:
        (self._folder / "pytest.ini").write_text("[pytest]\n")
        (self._folder / "empty").mkdir()
        self.suite_folder.mkdir()
        if level == ISOLATED:
            return build_walls(self._folder, bwrap, self.tools)
        (self._folder / "work").mkdir()
        return Walls(level, "", str(self._folder), as_root=False)

    def _start(self) -> tuple[int, "subprocess.Popen[bytes]"]:
        read, write = os.pipe()
        wall = outer_command(self.walls) if self.walls.level == ISOLATED else []
        command = [*wall, sys.executable, "-I", "-m", "app.checks.grader", str(write)]
        with (self._folder / "grader.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self._folder / "empty",
                env={**_GRADER_ENVIRONMENT, "PATH": os.environ.get("PATH", "")},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(write,),
                start_new_session=True,
            )
        os.close(write)
        return read, process

    def give(self, job: Job, snapshot: Snapshot, support: Path | None, suite: Path) -> None:
        """Hand over the learner's files, the suite and the job; the suite starts."""
        self.files_folder.mkdir()
        write_snapshot(snapshot, support, self.files_folder)
        shutil.copytree(suite, self.suite_folder, dirs_exist_ok=True, ignore=_CACHES)
        self._tell(job)

    def _tell(self, message: Job | Stage) -> None:
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(to_line(message))
            self._process.stdin.flush()
        except BrokenPipeError:
            raise CourseFault("The grader ended before it got its job.", self._last_words()) from None

    def events(self, cancel: Cancel) -> Iterator[dict[str, Any]]:
        """Yield the grader's events until it ends, is cancelled, or its time is over."""
        deadline = time.monotonic() + self.limits.run_seconds + GRACE_SECONDS
        for line in self._lines(cancel, deadline):
            event = read_event(line)
            self._note(event)
            yield event
            if event["event"] == "grader_finished":
                return
        if not cancel.is_set():
            raise CourseFault("The grader ended before its report was complete.", self._last_words())

    def _note(self, event: dict[str, Any]) -> None:
        """Keep the programs that nothing but this process would end if the grader died now."""
        if event["event"] == "process" and not event["isolated"]:
            self._running[event["start"]] = event["root"]
        elif event["event"] == "program_exited":
            self._running.pop(event["start"], None)

    def _lines(self, cancel: Cancel, deadline: float) -> Iterator[bytes]:
        buffer, total = b"", 0
        with cancel.waking() as cancelled, selectors.DefaultSelector() as selector:
            selector.register(self._report, selectors.EVENT_READ)
            selector.register(cancelled, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                selector.select(timeout=left)
                if cancel.is_set() or time.monotonic() >= deadline:
                    return
                piece = os.read(self._report, 65536)
                total += len(piece)
                if not piece or total > REPORT_BYTES:
                    return
                *lines, buffer = (buffer + piece).split(b"\n")
                yield from lines

    @property
    def is_alive(self) -> bool:
        """Whether the grader still waits, or works."""
        return self._process.poll() is None and self._folder.is_dir()

    def kill_grader(self) -> None:
        """End the grader as a crash would; what `run` makes of it is its matter."""
        self._process.kill()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return (self._folder / "grader.log").read_text(errors="replace")[-500:].strip()
        return ""

    def close(self) -> None:
        """End the grader and every program it started, and remove the folder. May be called twice."""
        if not self._closed.acquire(blocking=False):
            return
        if self.walls.level == ISOLATED:
            # The outer wall's end takes the grader with it, the grader's end every program.
            # The whole group: a wall that is still being built has a second process, which would wait.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._end_grader()
        for root in self._running.values():
            kill_tree(root)
        os.close(self._report)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end_grader(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def sweep_folders() -> None:
    """Remove the folders of processes that are no more: a course that was killed could not do it itself."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}[0-9]*-*"):
        owner = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
