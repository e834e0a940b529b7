"""Waiting for conditions instead of sleeping: deadlines, and points at which a program stands still."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.004


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
    until = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        if time.monotonic() >= until:
            return False
        pause.wait(POLL_SECONDS)
    return True


class Hold:
    """A point in the program where it waits until the check lets it go on, or kills it."""

    def __init__(self, folder: Path, name: str, deadline: Deadline):
        self._flag = folder / name
        self._reached = folder / f"{name}.reached"
        self._deadline = deadline
        with contextlib.suppress(FileNotFoundError):
            self._reached.unlink()
        self._flag.touch()
        self._flag.chmod(0o666)

    def wait_until_reached(self, timeout: float = 3.0) -> bool:
        """Wait until the program stands at this point; False when it does not come there in time."""
        return wait_for(self._reached.exists, self._deadline.left(timeout))

    def release(self) -> None:
        """Let the program go on."""
        with contextlib.suppress(FileNotFoundError):
            self._flag.unlink()
