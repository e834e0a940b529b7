"""$DATA_DIR as a check can disturb it: SQLite databases to which nobody can write for a while."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from app.checks.waiting import wait_for
from app.errors import CourseFault

RESERVED_BYTE, SHARED_BYTE = 0x40000001, 0x40000002
"""Far behind the file's end: what the one writer holds, and what a reader holds, so that the last connection
leaves the files of a WAL behind. Source: os.h of SQLite (PENDING_BYTE + 1 and + 2).
"""
WAL_WRITER_BYTE, WAL_USED_BYTE = 120, 128
"""In `-shm`: what the one writer holds, and what says that the file is in use, so that it stays valid.
Source: wal.c and os_unix.c of SQLite (WAL_WRITE_LOCK, UNIX_SHM_DMS).
"""
LOCK_SECONDS = 1.0


class Storage:
    """$DATA_DIR, which all instances of the program share."""

    def __init__(self, folder: Path):
        self._folder = folder

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else write to a SQLite database while the block runs, as a slow writer does.

        Reading goes on. So does a program that stores in another way, or in a WAL that nobody has open.
        """
        with contextlib.ExitStack() as locks:
            for file in sorted(self._folder.rglob("*")):
                locks.enter_context(_locked(file))
            yield


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Lock one file as SQLite's writers do; nothing in it is read."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # a folder, a link, or gone by now
        yield
        return
    try:
        if file.name.endswith("-shm"):
            _take(descriptor, WAL_WRITER_BYTE)
            _take(descriptor, WAL_USED_BYTE, shared=True)
        else:
            _take(descriptor, RESERVED_BYTE)
            _take(descriptor, SHARED_BYTE, shared=True)
        yield
    finally:
        os.close(descriptor)  # which gives up the locks


def _take(descriptor: int, place: int, shared: bool = False) -> None:
    """Lock one byte; for a while another process may have it, and what can't be locked stays unlocked."""
    try:
        import fcntl
    except ImportError as error:
        raise CourseFault("Databases can be locked on POSIX systems only.") from error
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX

    def lock() -> bool:
        with contextlib.suppress(OSError):
            fcntl.lockf(descriptor, kind | fcntl.LOCK_NB, 1, place)
            return True
        return False

    wait_for(lock, LOCK_SECONDS)
