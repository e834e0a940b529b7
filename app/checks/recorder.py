"""The grader's side of the event stream: one JSON object a line, and what belongs to the check that runs."""

import contextlib
import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.provider.exchange import Exchange, as_data

OUTPUT_HEAD = 8 * 1024
OUTPUT_TAIL = 8 * 1024
EXCHANGES_KEPT = 60
STEPS_KEPT = 60


@dataclass(frozen=True)
class Evidence:
    """What happened in one check, each kind in the order of time; `began` is when the check did, in ms.

    An exchange before which others were left out says how many in `skipped_before`.
    """

    began: float
    exchanges: list[dict[str, Any]]
    output: list[dict[str, Any]]
    steps: list[dict[str, Any]]


class Recorder:
    """Writes events to the private pipe and collects the evidence of the running check.

    Safe to use from several threads: deliveries are sent in parallel and output arrives at any time.
    """

    def __init__(self, descriptor: int, clock: Callable[[], float] = time.monotonic):
        self._descriptor = descriptor
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()
        self._over = threading.Condition(self._lock)
        self._thread = threading.local()
        self._ids = itertools.count(1)
        self._exchanges: list[dict[str, Any]] = []
        self._output: list[dict[str, Any]] = []
        self._steps: list[dict[str, Any]] = []
        self._open: dict[int, Exchange] = {}
        self._told_before: set[int] = set()
        self._check_began = 0.0
        self._tells_exchanges = False

    def begin_run(self) -> None:
        """From here on times are counted: the run begins."""
        self._began = self._clock()

    def now(self) -> float:
        """Return the milliseconds since the run began."""
        return self.at(self._clock())

    def at(self, moment: float) -> float:
        """Turn a moment of the recorder's clock into milliseconds since the run began."""
        return (moment - self._began) * 1000

    def emit(self, event: str, **fields: Any) -> None:
        """Write one event."""
        line = json.dumps({"event": event, **fields}, ensure_ascii=True).encode("ascii") + b"\n"
        with self._lock:
            _write_all(self._descriptor, line)

    def begin_check(self) -> None:
        """Forget the evidence of the check before."""
        with self._lock:
            self._exchanges, self._output, self._steps = [], [], []
            self._told_before |= self._open.keys()
            self._open = {}
            self._check_began = self.now()

    def tell_exchanges(self) -> None:
        """From here on tell each exchange when it begins and when it is over: a play may be stopped."""
        self._tells_exchanges = True

    def next_id(self) -> int:
        """Return the id of the next exchange, unique within the run."""
        return next(self._ids)

    def under_way(self, exchange: Exchange) -> None:
        """An exchange begins: it belongs to the running check, which may end before it does."""
        with self._lock:
            self._open[exchange.id] = exchange
        self._tell(exchange)

    def exchange(self, exchange: Exchange) -> None:
        """Keep an exchange that is over as evidence of the check in which it began."""
        looks: list[dict[str, Any]] | None = getattr(self._thread, "looks", None)
        with self._lock:
            self._open.pop(exchange.id, None)
            self._over.notify_all()
            if exchange.id in self._told_before:
                return  # it stands in an earlier check, as one that was still open
            if looks is None:
                self._exchanges.append(as_data(exchange))
            else:
                looks[:] = [as_data(exchange)]
        self._tell(exchange)

    def wait_until_over(self, timeout: float) -> bool:
        """Wait until all that is under way now is over; False when something is not in time."""
        with self._over:
            now = set(self._open)
            return self._over.wait_for(lambda: now.isdisjoint(self._open), timeout)

    def _tell(self, exchange: Exchange) -> None:
        if self._tells_exchanges:
            self.emit("scenario_exchange", exchange=as_data(exchange))

    @contextlib.contextmanager
    def looking(self) -> Iterator[list[dict[str, Any]]]:
        """Keep only the last of this thread's exchanges in the block, which looks again and again."""
        looks: list[dict[str, Any]] = []
        self._thread.looks = looks
        try:
            yield looks
        finally:
            self._thread.looks = None
            with self._lock:
                self._exchanges += looks

    def step(self, program: str, what: str, at: float | None = None, **more: Any) -> None:
        """Keep what happened to a program, now or at the given ms.

        `what` is started, ready, stopped (asked to end), killed, ended, held, released or armed.
        """
        moment = self.now() if at is None else at
        with self._lock:
            self._steps.append({"at": round(moment, 2), "program": program, "what": what, **more})

    def output(self, program: str, start: int, stream: str, text: str) -> None:
        """Keep and report what a program printed."""
        at = round(self.now(), 2)
        entry = {"program": program, "start": start, "stream": stream, "text": text, "at": at}
        with self._lock:
            self._output.append(entry)
        self.emit("program_output", **entry)

    def lost_connection(self) -> int | None:
        """Return the id of the first exchange since the last start that ended without an answer, if any.

        In that one a program died that nobody killed; what came after it found nobody. What a program asked
        a service itself is not meant.
        """
        with self._lock:
            since = max((step["at"] for step in self._steps if step["what"] == "started"), default=0.0)
            asked = [one for one in self._exchanges if one["from"] != "program" and one["end"] >= since]
            lost = [(one["end"], one["id"]) for one in asked if one["ended"] in ("closed", "refused")]
        return min(lost)[1] if lost else None

    def stumbled(self) -> bool:
        """Whether the program answered a request of the running check with 500 or more."""
        with self._lock:
            return any(one["response"] and one["response"]["status"] >= 500 for one in self._exchanges)

    def evidence(self, failing: int | None = None) -> Evidence:
        """Return what happened in the running check, capped; the exchange with the id `failing` is kept."""
        with self._lock:
            still_open = [
                as_data(replace(each, end=self.now(), ended="open")) for each in self._open.values()
            ]
            exchanges = sorted(self._exchanges + still_open, key=lambda exchange: float(exchange["start"]))
            output = list(self._output)
            steps = sorted(self._steps, key=lambda step: float(step["at"]))
            began = self._check_began
        half = STEPS_KEPT // 2
        steps = steps if len(steps) <= STEPS_KEPT else steps[:half] + steps[-half:]
        return Evidence(round(began, 2), kept(exchanges, failing), capped(output), steps)


def kept(exchanges: list[dict[str, Any]], failing: int | None) -> list[dict[str, Any]]:
    """Keep the first and the last exchanges, and the one that shows the failure; say what is left out."""
    half, count = EXCHANGES_KEPT // 2, len(exchanges)
    if count <= EXCHANGES_KEPT:
        return exchanges
    places = [
        place
        for place, exchange in enumerate(exchanges)
        if place < half or place >= count - half or exchange["id"] == failing
    ]
    found = []
    for place, before in zip(places, [-1, *places], strict=False):
        gap = place - before - 1
        found.append({**exchanges[place], "skipped_before": gap} if gap else exchanges[place])
    return found


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
