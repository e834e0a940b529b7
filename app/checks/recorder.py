"""The grader's side of the event stream: one JSON object a line, and what belongs to the check that runs."""

import itertools
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from app.provider.exchange import Exchange, as_data

OUTPUT_HEAD = 8 * 1024
OUTPUT_TAIL = 8 * 1024
EXCHANGES_KEPT = 60


class Recorder:
    """Writes events to the private pipe and collects the evidence of the running check.

    Safe to use from several threads: deliveries are sent in parallel and output arrives at any time.
    """

    def __init__(self, descriptor: int, clock: Callable[[], float] = time.monotonic):
        self._descriptor = descriptor
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._exchanges: list[dict[str, Any]] = []
        self._output: list[dict[str, Any]] = []

    def now(self) -> float:
        """Return the milliseconds since the run began."""
        return (self._clock() - self._began) * 1000

    def emit(self, event: str, **fields: Any) -> None:
        """Write one event."""
        line = json.dumps({"event": event, **fields}, ensure_ascii=True).encode("ascii") + b"\n"
        with self._lock:
            _write_all(self._descriptor, line)

    def begin_check(self) -> None:
        """Forget the evidence of the check before."""
        with self._lock:
            self._exchanges, self._output = [], []

    def next_id(self) -> int:
        """Return the id of the next exchange, unique within the run."""
        return next(self._ids)

    def exchange(self, exchange: Exchange) -> None:
        """Keep an exchange as evidence of the running check."""
        with self._lock:
            self._exchanges.append(as_data(exchange))

    def output(self, start: int, stream: str, text: str) -> None:
        """Keep and report what a program printed."""
        entry = {"start": start, "stream": stream, "text": text, "at": round(self.now(), 2)}
        with self._lock:
            self._output.append(entry)
        self.emit("program_output", **entry)

    def lost_connection(self) -> int | None:
        """Return the id of the running check's last exchange that ended without an answer, if any did."""
        with self._lock:
            lost = [e["id"] for e in self._exchanges if e["ended"] in ("closed", "refused")]
        return lost[-1] if lost else None

    def evidence(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the running check's exchanges, in the order of their start, and its output; both capped."""
        with self._lock:
            exchanges = sorted(self._exchanges, key=lambda exchange: float(exchange["start"]))
            output = list(self._output)
        if len(exchanges) > EXCHANGES_KEPT:
            half = EXCHANGES_KEPT // 2
            exchanges = exchanges[:half] + exchanges[-half:]
        return exchanges, capped(output)


def capped(output: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the first and the last 8 KiB of what was printed, and say in between that some is missing."""
    head, used = 0, 0
    while head < len(output) and used + len(output[head]["text"]) <= OUTPUT_HEAD:
        used += len(output[head]["text"])
        head += 1
    rest, used = output[head:], 0
    tail: list[dict[str, Any]] = []
    for entry in reversed(rest):
        room = OUTPUT_TAIL - used
        if room <= 0:
            break
        tail.insert(0, {**entry, "text": entry["text"][-room:]})
        used += len(entry["text"])
    missing = _length(rest) - _length(tail)
    if missing <= 0:
        return output
    gap = {**rest[0], "text": f"\n[… {missing} characters left out …]\n"}
    return [*output[:head], gap, *tail]


def _length(output: list[dict[str, Any]]) -> int:
    return sum(len(str(entry["text"])) for entry in output)


def _write_all(descriptor: int, line: bytes) -> None:
    view = memoryview(line)
    while view:
        view = view[os.write(descriptor, view) :]
