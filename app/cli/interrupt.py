"""Ctrl-C ends what runs in good order instead of in the middle."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from app.checks.cancel import Cancel


def _nothing() -> None:
    """Nobody has to be woken."""


@contextmanager
def stopping_on_interrupt(wake: Callable[[], None] = _nothing) -> Iterator[Cancel]:
    """Give an event that the first Ctrl-C (or SIGTERM) sets; the second Ctrl-C ends at once.

    `wake` is called then; it must be able to run between any two steps of this thread.
    """
    stop = Cancel()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        wake()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
