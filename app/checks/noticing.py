"""Being told instead of looking again and again: a process that ends, a folder in which something appears."""

import contextlib
import ctypes
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.checks.waiting import wait_for

_CREATED, _MOVED_HERE = 0x100, 0x80  # IN_CREATE, IN_MOVED_TO


def open_end(process: "subprocess.Popen[bytes]") -> int | None:
    """Return a descriptor that becomes readable when a child process ends; None where the system has none."""
    try:
        return os.pidfd_open(process.pid)
    except (AttributeError, OSError):
        return None


def wait_for_exit(process: "subprocess.Popen[bytes]", timeout: float) -> bool:
    """Wait until a child process has ended; False when it runs still after `timeout` seconds."""
    if process.poll() is not None:
        return True
    descriptor = open_end(process)
    if descriptor is None:
        return wait_for(lambda: process.poll() is not None, timeout)
    try:
        ended = _readable(descriptor, timeout)
    finally:
        os.close(descriptor)
    if ended:
        process.wait()  # not poll(): it says nothing while another thread asks
    return ended


def wait_in_folder(folder: Path, condition: Callable[[], bool], timeout: float) -> bool:
    """Wait until a condition holds that depends on which files a folder has; False when the time is over."""
    until = time.monotonic() + timeout
    with _changes(folder) as descriptor:
        if descriptor is None:
            return wait_for(condition, timeout)
        while not condition():
            left = until - time.monotonic()
            if left <= 0:
                return False
            if _readable(descriptor, left):
                os.read(descriptor, 65536)
        return True


def _readable(descriptor: int, timeout: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(timeout, 0) * 1000))


@contextlib.contextmanager
def _changes(folder: Path) -> Iterator[int | None]:
    """Yield a descriptor that becomes readable when a file appears in the folder (inotify), else None."""
    if sys.platform != "linux":
        yield None
        return
    system = ctypes.CDLL(None)
    descriptor = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:  # a user has a limited number of them
        yield None
        return
    try:
        watch = system.inotify_add_watch(descriptor, os.fsencode(folder), _CREATED | _MOVED_HERE)
        yield descriptor if watch >= 0 else None
    finally:
        os.close(descriptor)
