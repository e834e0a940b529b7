"""Ending a run before it is over."""

import contextlib
import os
import threading
from collections.abc import Iterator


class Cancel(threading.Event):
    """Ends a run when it is set; `reason` is the sentence that the learner reads."""

    reason = "The run was cancelled."

    def __init__(self) -> None:
        super().__init__()
        self._wakes: list[int] = []
        self._lock = threading.RLock()  # a signal's handler may set it while its own thread holds the lock

    def set(self) -> None:
        """Set it, and wake whoever waits for something else besides."""
        super().set()
        with self._lock:
            for wake in self._wakes:
                os.write(wake, b"!")

    @contextlib.contextmanager
    def waking(self) -> Iterator[int]:
        """Yield a descriptor that becomes readable when it is set, to wait for together with others."""
        read, wake = os.pipe()
        with self._lock:
            self._wakes.append(wake)
        if self.is_set():
            os.write(wake, b"!")
        try:
            yield read
        finally:
            with self._lock:
                self._wakes.remove(wake)
                os.close(wake)
            os.close(read)

    def end(self, reason: str) -> None:
        """Set it and say why; the first reason stays."""
        if not self.is_set():
            self.reason = reason
        self.set()
