"""A service that the program calls: it counts effects, fails, and loses or holds back answers, as told."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from app.checks.recorder import Recorder
from app.checks.sending import Sending
from app.checks.waiting import Deadline, wait_for
from app.provider.exchange import Exchange, Headers, Request, Response
from app.provider.service import Served, Service

NAMES = ("downstream", "provider")
"""The `env` values of a manifest that stand for the URL of such a service."""

KEY = "idempotency-key"
MOST_CALLS = 5000
Planned = TypeVar("Planned")
_BODILESS = (204, 304)
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Call:
    """One request of the program to the service."""

    request: Request

    @property
    def key(self) -> str:
        """The value of its Idempotency-Key, or nothing."""
        return self.header(KEY) or ""

    def header(self, name: str) -> str | None:
        """Return the value of a header, or None; the case of its name does not matter."""
        found = (value for key, value in self.request.headers if key.lower() == name.lower())
        return next(found, None)

    def json(self) -> Any:
        """Return the body's JSON value, or None where it is none."""
        try:
            return json.loads(self.request.body)
        except (ValueError, RecursionError):
            return None


Script = Callable[[Call], Any]
"""What the service answers: a value (200 and JSON), (status, value[, headers]), or None (the usual one)."""


class HeldAnswer:
    """An answer that waits: the effect has happened, and the program does not know it yet."""

    def __init__(self, deadline: Deadline) -> None:
        self._reached = threading.Event()
        self._released = threading.Event()
        self._deadline = deadline

    def wait_until_reached(self, timeout: float = 3.0, before: Sending | None = None) -> bool:
        """Wait until a call waits for its answer; False when none comes in time.

        Also False when the delivery `before` which the call has to come is over without one.
        """
        if before is None:
            return self._reached.wait(self._deadline.left(timeout))
        wait_for(lambda: before.is_over or self._reached.is_set(), self._deadline.left(timeout))
        return self._reached.is_set()

    def release(self) -> None:
        """Let the answer go out."""
        self._released.set()

    def stay(self) -> None:
        """Wait for `release`; the service itself calls this."""
        self._reached.set()
        self._released.wait(self._deadline.left(60.0))


class Plans(list[tuple[str | None, Planned]], Generic[Planned]):
    """What will happen to the next calls, each for any call or only for one with a key."""

    def take(self, key: str) -> Planned | None:
        """Remove and return the first plan that is for a call with this key; None where there is none."""
        found = next((at for at, (wanted, _) in enumerate(self) if wanted in (None, key)), None)
        return None if found is None else self.pop(found)[1]


class Downstream:
    """A service as one with idempotency keys is: a key takes effect once, and its second call is answered as
    the first. A call without a key takes effect each time. Reading (GET) has no effect.
    """

    def __init__(self, recorder: Recorder, deadline: Deadline, name: str = "downstream"):
        self._recorder = recorder
        self._deadline = deadline
        self._name = name
        self._lock = threading.Condition()  # told of each call that comes or is over
        self._thread = threading.local()
        self._service = Service(self._answer, self._record)
        self._helds: list[HeldAnswer] = []
        self._open = 0
        self._script: Script = _usual
        self._stays = False
        self.begin_check()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._service.url

    # -- what a check says --------------------------------------------------------------------------

    def fail(self, times: int = 1, status: int = 503, key: str | None = None) -> None:
        """Answer the next `times` calls, or those with a key, with this status; they have no effect."""
        with self._lock:
            self._failures += [(key, status)] * times

    def lose(self, times: int = 1, key: str | None = None) -> None:
        """Let the next `times` calls, or those with a key, take effect, and close them without an answer."""
        with self._lock:
            self._losses += [(key, True)] * times

    def hold(self, key: str | None = None) -> HeldAnswer:
        """Let the next call, or that with a key, take effect, and hold its answer back until released."""
        held = HeldAnswer(self._deadline)
        with self._lock:
            self._waiting.append((key, held))
            self._helds.append(held)
        return held

    def script(self, answer: Script, stays: bool = False) -> None:
        """Answer by a function from now on: from a `Call` to a value, (status, value[, headers]) or None.

        With `stays` it also answers between checks and in later ones, for programs that call by themselves.
        """
        with self._lock:
            self._script, self._stays = answer, stays

    # -- what a check sees --------------------------------------------------------------------------

    @property
    def effects(self) -> dict[str, int]:
        """How many effects each key had in this check; "" stands for calls without a key."""
        with self._lock:
            return dict(self._effects)

    def calls(self, key: str | None = None) -> list[Call]:
        """Return the calls of this check in the order in which they came, all of them or those with a key."""
        with self._lock:
            return [call for call in self._calls if key is None or call.key == key]

    def wait_for_calls(self, number: int, timeout: float = 3.0) -> bool:
        """Wait until so many calls have come in this check; False when they don't in time."""
        with self._lock:
            return self._lock.wait_for(lambda: len(self._calls) >= number, self._deadline.left(timeout))

    # -- what the grader does -----------------------------------------------------------------------

    def begin_check(self) -> None:
        """Forget what was said and counted."""
        with self._lock:
            self._helds, self._waiting = list[HeldAnswer](), Plans[HeldAnswer]()
            self._calls, self._effects = list[Call](), Counter[str]()
            self._failures, self._losses = Plans[int](), Plans[bool]()
            self._answers = dict[str, Response]()
            self._script = self._script if self._stays else _usual

    def end_check(self) -> None:
        """Let every held answer go out, so that its call stands in the evidence of this check."""
        with self._lock:
            helds = list(self._helds)
        for held in helds:
            held.release()
        with self._lock:
            self._lock.wait_for(lambda: self._open == 0, 0.5)

    def close(self) -> None:
        """Stop listening."""
        self.end_check()
        self._service.close()

    def _answer(self, request: Request) -> Response | None:
        call = Call(request)
        self._begin(request)
        with self._lock:
            self._open += 1
            if len(self._calls) >= MOST_CALLS:
                return None
            self._calls.append(call)
            self._lock.notify_all()
            status = self._failures.take(call.key)
            if status is not None:
                return _response(status, {"error": "told to fail"})
            response = self._effect(call)
            held = self._waiting.take(call.key)
            lost = held is None and self._losses.take(call.key)
        if held is not None:
            held.stay()
        return None if lost else response

    def _effect(self, call: Call) -> Response:
        if call.key in self._answers:
            return self._answers[call.key]
        try:
            response = _as_response(self._script(call))
        except Exception as error:  # whatever a suite's function raises is ours to tell
            message = f"The suite's script of the service {self._name} failed: {error!r}"
            self._recorder.emit("fault", message=message)
            return _response(500, {"error": "fault of the course"})
        if call.request.method in _SAFE or response.status >= 300:
            return response
        self._effects[call.key] += 1
        if call.key:
            self._answers[call.key] = response
        return response

    def _begin(self, request: Request) -> None:
        recorder, now = self._recorder, self._recorder.now()
        exchange = Exchange("program", self._name, now, now, request, None, "open", id=recorder.next_id())
        recorder.under_way(exchange)
        self._thread.exchange = exchange  # one thread serves a request from its begin to its end

    def _record(self, served: Served) -> None:
        recorder, begun = self._recorder, self._thread.exchange
        began, over = recorder.at(served.began), recorder.at(served.over)
        recorder.exchange(replace(begun, start=began, end=over, response=served.response, ended=served.ended))
        with self._lock:
            self._open -= 1
            self._lock.notify_all()


def _usual(call: Call) -> Any:
    return None


def _as_response(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    if isinstance(answer, tuple):
        return _response(*answer)
    return _response(200, {"done": True} if answer is None else answer)


def _response(status: int, value: Any, headers: Headers = ()) -> Response:
    body = b"" if status in _BODILESS else json.dumps(value).encode("utf-8")
    return Response(status, "", (("Content-Type", "application/json"), *headers), body)
