"""The provider, as a suite holds it: it tells events to the program, rightly, wrongly, twice, all at once."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from app.checks.program import Bench, Program
from app.errors import CourseFault
from app.provider import wire
from app.provider.events import Event, fresh_id, make_event
from app.provider.exchange import Answer, Exchange, Headers, Request, Signature
from app.provider.signing import signature_headers

USER_AGENT = "Course-Provider/1.0"


@dataclass(frozen=True)
class Dials:
    """How one delivery is sent."""

    method: str = "POST"
    path: str | None = None
    headers: Headers = ()
    body: bytes | None = None
    content_type: str | None = "application/json"
    signature: str = "correct"
    timeout: float = 5.0


class Sending:
    """A delivery on its way."""

    def __init__(self, deliver: "threading.Thread", answers: list[Answer]):
        self._thread = deliver
        self._answers = answers

    def answer(self, timeout: float = 6.0) -> Answer:
        """Wait for the answer, at most `timeout` seconds."""
        self._thread.join(timeout)
        if not self._answers:
            raise CourseFault("A delivery that was sent in the background did not come back in time.")
        return self._answers[0]


class Provider:
    """Makes events, signs them as the exercise's provider does, and sends them."""

    def __init__(self, bench: Bench, program: Program, name: str = "provider"):
        job = bench.job
        self._name = name  # as it stands in the exchanges
        self.random = Random(job.seed)  # noqa: S311 - repeatable inputs, no secret
        self.secret = job.environment.get(job.secret, "")
        self._bench = bench
        self._program = program

    def event(self, type: str = "invoice.paid", **data: Any) -> Event:
        """Make an event with a fresh id; without data it tells of an invoice."""
        content = data or {"invoice": self.fresh_id("in"), "amount": self.random.randrange(100, 100_000)}
        return make_event(self.random, type, content)

    def fresh_id(self, prefix: str) -> str:
        """Draw an identifier such as `acct_…`."""
        return fresh_id(self.random, prefix)

    def send(self, event: Event | bytes, *, to: Program | None = None, **dials: Any) -> Answer:
        """Send one delivery and return what came back.

        Dials: method, path, headers, body (other bytes than the event's), content_type (None sends none),
        signature (`correct`, or one of the scheme's wrong ways, `other-body` and `tampered` among them),
        timeout in seconds.
        """
        return self._send(event, Dials(**dials), to or self._program)

    def get(self, path: str, *, to: Program | None = None, timeout: float = 5.0) -> Answer:
        """Ask the program for something (GET)."""
        request = Request("GET", path, (("User-Agent", USER_AGENT),))
        return self._exchange(request, None, to or self._program, timeout)

    def deliver(self, event: Event, *, attempts: int = 4, to: Program | None = None, **dials: Any) -> Answer:
        """Deliver as a provider does: the same id and body again, signed afresh, only after a non-2xx."""
        answer = self.send(event, to=to, **dials)
        for _ in range(attempts - 1):
            if answer.accepted:
                break
            answer = self.send(event, to=to, **dials)
        return answer

    def start_sending(self, event: Event, *, to: Program | None = None, **dials: Any) -> Sending:
        """Send a delivery in the background, so that the check can act while it is on its way."""
        answers: list[Answer] = []
        target, how = to or self._program, Dials(**dials)
        thread = threading.Thread(target=lambda: answers.append(self._send(event, how, target)), daemon=True)
        thread.start()
        return Sending(thread, answers)

    def send_together(
        self, events: Iterable[Event], *, to: Sequence[Program] | None = None, **dials: Any
    ) -> list[Answer]:
        """Send many deliveries at the same moment, one thread each; several programs take turns.

        Returns the answers in the order of the events.
        """
        waiting, programs, how = list(events), list(to or [self._program]), Dials(**dials)
        barrier = threading.Barrier(len(waiting))
        answers: dict[int, Answer] = {}

        def deliver(number: int, event: Event) -> None:
            barrier.wait()
            answers[number] = self._send(event, how, programs[number % len(programs)])

        threads = [threading.Thread(target=deliver, args=pair, daemon=True) for pair in enumerate(waiting)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(how.timeout + 2)
        if len(answers) < len(waiting):
            raise CourseFault("Some deliveries that were sent together did not come back in time.")
        return [answers[number] for number in range(len(waiting))]

    def _send(self, event: Event | bytes, dials: Dials, to: Program) -> Answer:
        body = event.body if isinstance(event, Event) else event
        body = body if dials.body is None else dials.body
        body, signature = self._signed(body, dials.signature)
        headers: list[tuple[str, str]] = [("User-Agent", USER_AGENT)]
        if dials.content_type is not None:
            headers.append(("Content-Type", dials.content_type))
        if isinstance(event, Event) and self._bench.job.scheme == "github":
            headers.append(("X-GitHub-Event", event.type.partition(".")[0]))
        if signature is not None:
            headers += signature_headers(signature, self.secret, body)
        request = Request(
            dials.method, dials.path or self._bench.job.path, (*headers, *dials.headers), body
        )  # fmt: skip
        return self._exchange(request, signature, to, dials.timeout)

    def _signed(self, body: bytes, dial: str) -> tuple[bytes, Signature | None]:
        scheme = self._bench.job.scheme
        if scheme == "none":
            return body, None
        if dial == "tampered":
            return _one_byte_changed(body, self.random), Signature(scheme, "correct", signed=body)
        if dial == "other-body":
            return body, Signature(scheme, "correct", signed=self.event().body)
        signature = Signature(scheme, dial)
        if dial != "correct":
            right = signature_headers(Signature(scheme, "correct"), self.secret, body)
            signature = replace(signature, correct=right)
        return body, signature

    def _exchange(self, request: Request, signature: Signature | None, to: Program, timeout: float) -> Answer:
        recorder, deadline = self._bench.recorder, self._bench.deadline
        number, began = recorder.next_id(), recorder.now()
        outcome = wire.send(request, to.port, max(deadline.left(timeout), 0.05))
        exchange = Exchange(
            self._name,
            to.name,
            began,
            recorder.now(),
            request,
            outcome.response,
            outcome.ended,
            signature,
            number,
        )
        recorder.exchange(exchange)
        return Answer(exchange)


def _one_byte_changed(body: bytes, random: Random) -> bytes:
    """Change one digit of the body, else its last byte: a small lie that keeps its length.

    No digit becomes 0: a number that begins with it is no JSON, and the program would stumble over that.
    """
    digits = [place for place, byte in enumerate(body) if chr(byte).isdigit()]
    if not digits:
        return body[:-1] + bytes([body[-1] ^ 1]) if body else b"x"
    place = random.choice(digits)
    other = (body[place] - ord("0")) % 9 + 1 + ord("0")
    return body[:place] + bytes([other]) + body[place + 1 :]
