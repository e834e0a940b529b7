"""$DATA_DIR as a check can disturb it: SQLite databases to which nobody can write for a while."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from app.checks.waiting import wait_for
from app.errors import CourseFault

RESERVED_BYTE, WAL_WRITER_BYTE = 0x40000001, 120
"""What the one writer holds locked: a byte far behind the file's end, or with WAL one in `-shm`.

Source: os.h and wal.c of SQLite (PENDING_BYTE + 1; WAL_WRITE_LOCK behind the two copies of the header).
"""
LOCK_SECONDS = 1.0


class Storage:
    """$DATA_DIR, which all instances of the program share."""

    def __init__(self, folder: Path):
        self._folder = folder

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else write to a SQLite database while the block runs, as a slow writer does.

        Reading goes on, and so does a program that stores in another way.
        """
        with contextlib.ExitStack() as locks:
            for file in sorted(self._folder.rglob("*")):
                locks.enter_context(_locked(file))
            yield


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Lock one file as SQLite's writers do; nothing in it is read."""
    try:
        import fcntl
    except ImportError as error:
        raise CourseFault("Databases can be locked on POSIX systems only.") from error
    place = WAL_WRITER_BYTE if file.name.endswith("-shm") else RESERVED_BYTE

    def lock() -> bool:
        with contextlib.suppress(OSError):
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            return True
        return False

    try:
        descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # a folder, a link, or gone by now
        yield
        return
    try:
        wait_for(lock, LOCK_SECONDS)  # the program may be writing at this moment
        yield
    finally:
        os.close(descriptor)  # which gives up the lock
