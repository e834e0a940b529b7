"""Points at which a program stands still, or fails once: files in a folder that it shares with the check."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from app.checks.causes import Cause, CheckFailed
from app.checks.noticing import wait_in_folder
from app.checks.sending import Sending
from app.checks.waiting import Deadline, wait_for

CLOCK_TICK = 0.02
"""The times of files are coarser than ours: a file may be younger by so much than its time says."""


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

    def wait_until_reached(self, timeout: float = 3.0, before: Sending | None = None) -> bool:
        """Wait until the program stands at this point; False when it does not come there in time.

        Also False when the delivery `before` whose answer it has to come there is over without that.
        """
        seconds = self._deadline.left(timeout)
        if before is None:
            reached = wait_in_folder(self._reached.parent, self._is_reached, seconds)
        else:
            wait_for(lambda: before.is_over or self._is_reached(), seconds)
            reached = self._is_reached()
        if reached and not self._is_held:
            self._is_held = True
            self._tell("held", self._seconds_ago())
        return reached

    def _is_reached(self) -> bool:
        return os.path.lexists(self._reached)

    def _seconds_ago(self) -> float:
        """Return how long the program has been standing there; what a clock's tick leaves open is no time."""
        with contextlib.suppress(OSError):
            seconds = time.time() - os.lstat(self._reached).st_mtime - CLOCK_TICK
            return min(max(seconds, 0.0), time.monotonic() - self._made)
        return 0.0

    def release(self) -> None:
        """Let the program go on."""
        if self._is_held:
            self._is_held = False
            self._tell("released", 0.0)  # first: what the program then does comes later on the record
        remove(self._flag)
