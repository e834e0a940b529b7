"""Writes of several threads as one transaction: a commit costs as much as a hundred rows.

Whoever comes while another transaction is on its way to the disk waits for it; then one of them writes for
all that wait. Each returns only after the commit that holds its rows, so what is acknowledged is kept.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from app.store.database import Database

T = TypeVar("T")
GATHERING = 0.02
"""Seconds that a transaction waits at most for threads that still read: they may be about to write, too."""


class _Write(Generic[T]):
    """One write that waits for its transaction, and what came of it."""

    def __init__(self, work: Callable[[Session], T]) -> None:
        self._work = work
        self._result: T | None = None
        self._error: BaseException | None = None
        self.is_done = False

    def run(self, session: Session) -> None:
        """Write within a transaction; what it gives counts once that is committed."""
        self._result = self._work(session)

    def end(self, error: BaseException | None = None) -> None:
        """Tell that the transaction is over."""
        self._error = error
        self.is_done = True

    def result(self) -> T:
        """Return what the write gave, or raise what went wrong."""
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # it ran: T may be None itself


class Together:
    """Takes writes from any thread; each must be able to run again in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Write[object]] = []
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in a transaction, maybe with others' work; return what it gives once it is kept."""
        mine = _Write(work)
        with self._guard:
            self._waiting.append(mine)  # type: ignore[arg-type]  # its result goes back to this caller alone
        with self._turn:
            if not mine.is_done:  # else who was before wrote it, too
                self._database.gate.wait_for_readers(GATHERING)
                with self._guard:
                    batch, self._waiting = self._waiting, []
                self._commit_or_tell(batch)
        return mine.result()

    def _commit_or_tell(self, batch: list[_Write[object]]) -> None:
        try:
            self._commit(batch)
        except BaseException as error:  # Ctrl-C: nobody may wait for ever, or think that it is kept
            for each in batch:
                each.end(error)
            raise

    def _commit(self, batch: list[_Write[object]]) -> None:
        try:
            with self._database.writing() as session:
                for each in batch:
                    each.run(session)
        except Exception as error:
            if len(batch) == 1:
                batch[0].end(error)
                return
            for each in batch:  # one of them is at fault, or all of them fail: each for itself
                self._commit([each])
            return
        for each in batch:
            each.end()
