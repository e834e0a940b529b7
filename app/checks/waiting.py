"""Waiting for conditions: deadlines, and looking again for what nothing tells of.

What the system does tell of is in `noticing`: the end of a process, a file that appears. That a port is open,
a lock is free, or a program answers otherwise than before, can only be found out by asking again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

POLL_SECONDS = 0.004
EAGER_SECONDS, EAGER_POLL_SECONDS = 0.05, 0.001
"""A program that was started in advance is there within this time, and is looked for more often."""


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
