"""The events of a run that is going on, in a file of the home, so that other processes can follow it.

A page shows the runs of a terminal by it. The store alone has the end: what a page showed as a verdict
must not get lost. So the last event is never written here, and the file goes when the run is stored.
"""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = ".runs"
FORGOTTEN_AFTER = 3600
"""Seconds after which the file of a process that was killed is thrown away; no run takes that long."""

Event = dict[str, Any]


class Journal:
    """Writes the events of one run. Where the disk refuses, others see less of it, and the run goes on."""

    def __init__(self, home: Path, run_id: str, now: Callable[[], float] = time.time) -> None:
        self._path = _path(home, run_id)
        self._file: int | None = None
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget_old(self._path.parent, now() - FORGOTTEN_AFTER)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def write(self, event: Event) -> None:
        """Add one event, unless it is the last of its run."""
        if self._file is None or event["event"] == "run_finished":
            return
        line = json.dumps(event).encode("ascii") + b"\n"
        try:
            whole = os.write(self._file, line) == len(line)
        except OSError:
            whole = False
        if not whole:  # half a line is the end of what others see
            self._close()

    def remove(self) -> None:
        """Take the file away; may be called twice."""
        self._close()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read_journal(home: Path, run_id: str, number: int) -> list[Event]:
    """Return the events after `number` that are written whole; none where there is no such file."""
    try:
        lines = _path(home, run_id).read_bytes().split(b"\n")[:-1]
    except OSError:
        return []
    return [json.loads(line) for line in lines[max(0, number) :]]  # the event 1 is on the line 0


def has_journal(home: Path, run_id: str) -> bool:
    """Tell whether the run's file is there."""
    return _path(home, run_id).exists()


def _path(home: Path, run_id: str) -> Path:
    # Named by a hash, so that no id can name another file.
    name = hashlib.sha256(run_id.encode("utf-8", "replace")).hexdigest()
    return home / FOLDER / name


def _forget_old(folder: Path, before: float) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
