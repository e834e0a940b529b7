"""Saves of the learner's files: noticed, gathered, and told apart from what an editor leaves behind."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from app.errors import UsageError

GATHERED_MS = 300
"""Saves that follow one another as quickly as this are one."""


def fingerprint(folder: Path) -> str:
    """Return what changes when a file that a check copies is saved, and else stays; never an error."""
    from app.checks.snapshot import take_snapshot

    try:
        names = [name for name in take_snapshot(folder).files if not is_leftover(name)]
    except UsageError as error:  # such as a file too large: what a check says then changes as well
        return str(error)
    return repr([(name, _state(folder / name)) for name in names])


def is_leftover(name: str) -> bool:
    """Tell whether a file is an editor's own: hidden, a backup, a draft."""
    last = name.rpartition("/")[2]
    return last.startswith((".", "#")) or last.endswith(("~", ".swp", ".tmp"))


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


def watch_saves(folder: Path, stop: threading.Event, tell: Callable[[], None]) -> threading.Thread:
    """Call `tell` after changes below the folder, in a thread of its own, until `stop` is set."""
    from watchfiles import watch

    def look() -> None:
        for _ in watch(folder, stop_event=stop, debounce=GATHERED_MS, rust_timeout=300, watch_filter=_is_own):
            tell()

    thread = threading.Thread(target=look, name=f"saves in {folder.name}", daemon=True)
    thread.start()
    return thread


def _is_own(_change: object, path: str) -> bool:
    return not is_leftover(path.replace(os.sep, "/"))
