"""What the main thread waits for: messages of other threads, and signals, of which none is missed."""

import signal
import socket
from contextlib import suppress
from queue import Empty, SimpleQueue
from select import select
from types import TracebackType
from typing import Self


class Inbox:
    """Messages in the order in which they came; used as a block, around everything that waits for one.

    A handler runs in the main thread, between two steps of Python. A thread that waits for a lock is not
    woken for it where the signal came just before the waiting began, or to another thread. So this one waits
    for a byte instead: each message sends one, and each signal does.
    """

    def __init__(self) -> None:
        self._messages: SimpleQueue[str] = SimpleQueue()
        self._bell, self._rope = socket.socketpair()
        self._signalled = -1

    def __enter__(self) -> Self:
        for end in (self._bell, self._rope):
            end.setblocking(False)
        self._signalled = signal.set_wakeup_fd(self._rope.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._signalled)
        self._bell.close()
        self._rope.close()

    def put(self, message: str) -> None:
        """Leave a message, from whatever thread or handler; it never waits."""
        self._messages.put(message)
        with suppress(OSError):  # full: the bell rings anyway; closed: nobody waits any more
            self._rope.send(b"\0")

    def get(self) -> str:
        """Wait for a message; handlers of signals run meanwhile."""
        while True:
            with suppress(Empty):
                return self._messages.get_nowait()
            select([self._bell], [], [])
            with suppress(BlockingIOError):
                self._bell.recv(4096)

    def empty(self) -> bool:
        """Whether no message waits."""
        return self._messages.empty()
