"""Read what a program prints while it runs, and watch what it uses; one thread for each start."""

import codecs
import os
import re
import selectors
import threading
import time
from collections.abc import Callable
from typing import IO

from app.checks.launching import Started
from app.checks.limits import Limits
from app.checks.noticing import open_end
from app.checks.processes import descendants, resident_bytes

SAMPLE_SECONDS = 0.02

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Terminal colours, as Flask's server prints them even into a pipe: they are no part of the text."""

Printed = Callable[[str, str], None]
"""Takes the stream's name and a piece of text."""


class Watcher:
    """Passes output on as it comes, ends a program that uses too much, and keeps the reason in `reason`.

    Calls `over` when the program has ended and all of its output was passed on.

    `ended` is when the program was seen to have ended, on the monotonic clock; 0 while it runs.
    """

    def __init__(
        self, started: Started, limits: Limits, printed: Printed, over: Callable[[], None] = lambda: None
    ):
        self.reason = ""
        self.ended = 0.0
        self._started = started
        self._limits = limits
        self._printed, self._over = printed, over
        utf8 = codecs.getincrementaldecoder("utf-8")
        self._decoders = {name: utf8("replace") for name in ("stdout", "stderr")}
        self._amount = 0
        self._wake_read, self._wake_write = os.pipe()
        self._drained = threading.Event()
        self._waking = threading.Lock()
        self._awake = True
        self._is_told = self._has_ended = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def drain(self) -> None:
        """Return when all that the program has written until now has been passed on."""
        if self._wake():
            self._drained.wait(timeout=1.0)

    def _wake(self) -> bool:
        """Make the thread look now, also whether the program has ended; False when it is over already."""
        with self._waking:
            if self._awake:
                self._drained.clear()
                os.write(self._wake_write, b"1")
            return self._awake

    def join(self) -> None:
        """Wait until the output of an ended program has been read to its end."""
        self._wake()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        process = self._started.process
        streams: list[tuple[str, IO[bytes] | None]] = [("stdout", process.stdout), ("stderr", process.stderr)]
        with selectors.DefaultSelector() as selector:
            self._register(selector, streams)
            next_look = 0.0
            while len(selector.get_map()) > 1 or not self._is_gone:
                is_over = self._is_gone  # asked first: its last words came before its end
                ready = selector.select(timeout=SAMPLE_SECONDS)
                self._read(selector, ready)
                if not ready and is_over:
                    break
                if time.monotonic() >= next_look:
                    self._sample()
                    next_look = time.monotonic() + SAMPLE_SECONDS
        self.ended = time.monotonic()
        for _, stream in streams:
            if stream is not None:
                stream.close()
        with self._waking:
            self._awake = False
            os.close(self._wake_read)
            os.close(self._wake_write)
        self._drained.set()
        self._over()

    def _register(
        self, selector: selectors.BaseSelector, streams: list[tuple[str, IO[bytes] | None]]
    ) -> None:
        for name, stream in streams:
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ, name)
        selector.register(self._wake_read, selectors.EVENT_READ, "wake")
        end = open_end(self._started.process)
        self._is_told = end is not None
        if end is not None:
            selector.register(end, selectors.EVENT_READ, "end")

    @property
    def _is_gone(self) -> bool:
        # Where the end is told, it is not asked for: poll() would say nothing to another thread meanwhile.
        return self._has_ended if self._is_told else self._started.process.poll() is not None

    def _read(self, selector: selectors.BaseSelector, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        woken = False
        for key, _ in ready:
            if key.data == "wake":
                os.read(self._wake_read, 64)
                woken = True
            elif key.data == "end":
                self._has_ended = True
                selector.unregister(key.fileobj)
                os.close(key.fd)
            else:
                self._take(selector, key)
        if woken:
            # What was written before the wake-up may have become readable only now: look once more.
            for key, _ in selector.select(timeout=0):
                if key.data in ("stdout", "stderr"):
                    self._take(selector, key)
            self._drained.set()

    def _take(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        while True:
            try:
                piece = os.read(key.fd, 65536)
            except BlockingIOError:
                return
            if not piece:
                selector.unregister(key.fileobj)
                return
            self._pass_on(str(key.data), piece)

    def _pass_on(self, stream: str, piece: bytes) -> None:
        room = max(self._limits.output - self._amount, 0)
        self._amount += len(piece)
        text = _COLOUR.sub("", self._decoders[stream].decode(piece[:room]))
        if text:
            self._printed(stream, text)
        if self._amount > self._limits.output:
            self._end("output")

    def _sample(self) -> None:
        root = self._started.root
        if resident_bytes(root) > self._limits.memory:
            self._end("memory")
        elif len(descendants(root)) > self._limits.processes:
            self._end("processes")

    def _end(self, reason: str) -> None:
        if not self.reason:
            self.reason = reason
            self._started.kill()
