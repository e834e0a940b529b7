"""What a program has printed, piece by piece, from any thread."""

import threading
from dataclasses import dataclass, field

STREAMS = ("stdout", "stderr")


@dataclass
class Printed:
    """Everything that was printed, in the order in which it came; a place in it is a number of pieces."""

    _pieces: list[tuple[str, str]] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def add(self, stream: str, text: str) -> None:
        """Take one more piece."""
        with self._news:
            self._pieces.append((stream, text))
            self._news.notify_all()

    @property
    def place(self) -> int:
        """Where the next piece will stand."""
        with self._news:
            return len(self._pieces)

    def begin(self) -> int:
        """The program starts; return where its first piece will stand."""
        with self._news:
            self._over = False
            return len(self._pieces)

    def end(self) -> None:
        """The program has ended: nobody waits for more."""
        with self._news:
            self._over = True
            self._news.notify_all()

    def since(self, place: int) -> dict[str, str]:
        """Return what was printed since a place, by stream."""
        with self._news:
            pieces = self._pieces[place:]
        return {name: "".join(text for stream, text in pieces if stream == name) for name in STREAMS}

    def wait_for_more(self, place: int, timeout: float) -> None:
        """Wait until something stands at a place or the program has ended, at most `timeout` seconds."""
        with self._news:
            self._news.wait_for(lambda: len(self._pieces) > place or self._over, timeout)
