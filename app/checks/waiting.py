"""Waiting for conditions instead of sleeping: deadlines, and points at which a program stands still."""

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.checks.causes import Cause, CheckFailed

POLL_SECONDS = 0.004
EAGER_SECONDS, EAGER_POLL_SECONDS = 0.05, 0.001
"""A program that was started in advance is there within this time, and is looked for more often."""
CLOCK_TICK = 0.02
"""The times of files are coarser than ours; a shorter while is not read from them."""


@dataclass
class Deadline:
    """When the run has to be over, on the monotonic clock."""

    at: float

    def left(self, wanted: float) -> float:
        """Return `wanted` seconds, or what is left of the run."""
        return max(min(wanted, self.at - time.monotonic()), 0.0)

    @property
    def passed(self) -> bool:
        """Whether the run's time is over."""
        return time.monotonic() >= self.at


def wait_for(condition: Callable[[], bool], timeout: float) -> bool:
    """Wait until a condition holds, looking every few milliseconds; False when `timeout` seconds are over."""
    began = time.monotonic()
    pause = threading.Event()
    while not condition():
        waited = time.monotonic() - began
        if waited >= timeout:
            return False
        pause.wait(EAGER_POLL_SECONDS if waited < EAGER_SECONDS else POLL_SECONDS)
    return True


def look_again(condition: Callable[[], bool], timeout: float) -> bool:
    """Look at something dear, such as an answer of the program, until it is as wanted; ever less often."""
    until, pause, waiting = time.monotonic() + timeout, POLL_SECONDS, threading.Event()
    while not condition():
        left = until - time.monotonic()
        if left <= 0:
            return False
        waiting.wait(min(pause, left))
        pause = min(pause * 1.5, 0.1)
    return True


def raise_flag(flag: Path) -> None:
    """Make a flag file anew; the program can write beside it, so no link that stands there is followed."""
    remove(flag)
    try:
        descriptor = os.open(flag, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise CheckFailed(_meddled(flag, error)) from error
    os.fchmod(descriptor, 0o666)
    os.close(descriptor)


def _meddled(flag: Path, error: OSError) -> Cause:
    return Cause(
        "Your program changes the folder by which the check holds it.",
        f"nothing named {flag.name} in $HOLD_DIR",
        error.strerror or str(error),
        "Leave $HOLD_DIR to the given module.",
    )


def remove(path: Path) -> None:
    """Remove whatever a program put at this place: a file, a link, a folder, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


class Hold:
    """A point in the program where it waits until the check lets it go on, or kills it."""

    # `tell` gets what happens there, `held`, then `released`, and how many seconds ago it did.

    def __init__(self, folder: Path, name: str, deadline: Deadline, tell: Callable[[str, float], None]):
        self._flag = folder / name
        self._reached = folder / f"{name}.reached"
        self._deadline = deadline
        self._tell = tell
        self._is_held = False
        self._made = time.monotonic()
        remove(self._reached)
        raise_flag(self._flag)

    def wait_until_reached(self, timeout: float = 3.0) -> bool:
        """Wait until the program stands at this point; False when it does not come there in time."""
        reached = wait_for(lambda: os.path.lexists(self._reached), self._deadline.left(timeout))
        if reached and not self._is_held:
            self._is_held = True
            self._tell("held", self._seconds_ago())
        return reached

    def _seconds_ago(self) -> float:
        """Return how long the program has been standing there; below a clock's tick that is no time."""
        with contextlib.suppress(OSError):
            seconds = time.time() - os.lstat(self._reached).st_mtime
            longest = time.monotonic() - self._made
            return min(seconds, longest) if seconds > CLOCK_TICK else 0.0
        return 0.0

    def release(self) -> None:
        """Let the program go on."""
        remove(self._flag)
        if self._is_held:
            self._is_held = False
            self._tell("released", 0.0)
