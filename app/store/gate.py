"""Who waits for whom on one SQLite file within this process.

SQLite makes a commit wait for readers, and readers for a commit, by sleeping longer and longer, up to a tenth
of a second, while what they wait for takes a thousandth. Here they wait for each other without sleeping.
Other processes still meet SQLite's own locks, so nothing about what is kept rests on this.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 10.0
"""Seconds after which SQLite itself decides: whoever waits so long here meets its locks, and its words."""


class Gate:
    """Readers come together, a commit alone; while a commit waits, no new reader begins."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._committing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read beside other readers, but beside no commit."""
        with self._changed:
            self._changed.wait_for(lambda: not self._committing, PATIENCE)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                if not self._readers:
                    self._changed.notify_all()

    def wait_for_readers(self, seconds: float) -> None:
        """Wait until nobody reads, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._readers, seconds)

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Commit alone; there is one writer at a time."""
        with self._changed:
            self._committing = True
            self._changed.wait_for(lambda: not self._readers, PATIENCE)
        try:
            yield
        finally:
            with self._changed:
                self._committing = False
                self._changed.notify_all()
