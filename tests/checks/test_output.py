"""What a program prints is read to its last byte."""

import os
from types import SimpleNamespace
from typing import Any

from app.checks.limits import LIMITS
from app.checks.output import Watcher


class SpeaksLast:
    """A process that says its last words and ends just before somebody asks whether it runs."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.stdout, self.stderr = os.fdopen(reading, "rb"), None
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            os.write(self._writing, b"last words\n")
            os.close(self._writing)
            self.returncode = 0
        return self.returncode


def test_last_words_are_read() -> None:
    """Whatever a program prints before its end is passed on, also between a look and the question."""
    said: list[tuple[str, str]] = []
    started: Any = SimpleNamespace(process=SpeaksLast(), root=0, kill=lambda: None)
    watcher = Watcher(started, LIMITS, lambda stream, text: said.append((stream, text)))
    watcher.join()
    assert said == [("stdout", "last words\n")]
