"""The provider, as a suite holds it: it tells events to the program, rightly, wrongly, twice, all at once."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from app.checks.bench import Bench
from app.checks.downstream import Downstream
from app.checks.program import Program
from app.checks.sending import Sending
from app.errors import CourseFault
from app.provider import wire
from app.provider.delivery import USER_AGENT, Dials, Endpoint, attempt
from app.provider.events import Event, fresh_id, make_event
from app.provider.exchange import Answer, Exchange, Headers, Request, Signature

MOST_TOGETHER = 256
"""So many deliveries are sent at the same moment, at most: one thread each."""


@dataclass(frozen=True)
class Delivery:
    """A delivery that is ready to be sent, such as by `send_together`."""

    provider: "Provider"
    content: Event | bytes
    dials: Dials
    to: Program | None = None

    def send(self, to: Program | None = None) -> Answer:
        """Send it and return what came back; `to` is the program where none was chosen."""
        return self.provider.send_ready(self, self.to or to)


class Provider:
    """Makes events, signs them as the exercise's provider does, and sends them.

    `random` draws what is fresh in each run, `endpoint` is what the provider has on file about the program,
    `secret` its newest secret and `secrets` all of them.
    """

    def __init__(
        self,
        bench: Bench,
        program: Program,
        name: str = "provider",
        *,
        endpoint: Endpoint | None = None,
        random: Random | None = None,
    ):
        job = bench.job
        self.name = name
        self.random = random or Random(job.seed)  # noqa: S311 - repeatable inputs, no secret
        self.endpoint = endpoint or Endpoint(job.path, job.scheme, _listed(job.environment.get(job.secret)))
        self._bench = bench
        self._program = program

    # -- who it is ----------------------------------------------------------------------------------

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that it shares with the program, the newest first."""
        return self.endpoint.secrets

    @property
    def secret(self) -> str:
        """The newest of its secrets."""
        return self.secrets[0] if self.secrets else ""

    def using(
        self,
        *,
        scheme: str | None = None,
        secret: str | None = None,
        path: str | None = None,
        name: str | None = None,
    ) -> "Provider":
        """Return another provider: its scheme, the variable of its secret, its path, its name.

        What is not given is as here.
        """
        here = self.endpoint
        secrets = here.secrets if secret is None else _listed(self._bench.job.environment.get(secret))
        endpoint = replace(here, path=path or here.path, scheme=scheme or here.scheme, secrets=secrets)
        name = name or self.name
        return Provider(self._bench, self._program, name, endpoint=endpoint, random=self.random)

    @property
    def api(self) -> Downstream:
        """What the program can ask the provider: listens where the manifest's `env` says `provider`."""
        return service_of(self._bench, "provider")

    # -- events -------------------------------------------------------------------------------------

    def event(self, type: str = "invoice.paid", **data: Any) -> Event:
        """Make an event with a fresh id; without data it tells of an invoice."""
        content = data or {"invoice": self.fresh_id("in"), "amount": self.random.randrange(100, 100_000)}
        return make_event(self.random, type, content)

    def fresh_id(self, prefix: str) -> str:
        """Draw an identifier such as `acct_…`."""
        return fresh_id(self.random, prefix)

    def reordered(self, events: Iterable[Event]) -> list[Event]:
        """Return the events in another order than the given one."""
        before = list(events)
        after = self.random.sample(before, len(before))
        return after if after != before else before[1:] + before[:1]

    def with_duplicates(self, events: Iterable[Event], extra: int = 1) -> list[Event]:
        """Return the events, `extra` of them a second time, somewhere behind their first time."""
        some = list(events)
        for event in self.random.sample(some, extra):
            first = some.index(event)
            some.insert(self.random.randrange(first + 1, len(some) + 1), event)
        return some

    # -- deliveries ---------------------------------------------------------------------------------

    def send(self, event: Event | bytes, *, to: Program | None = None, **dials: Any) -> Answer:
        """Send one delivery, signed at this moment, and return what came back. For the dials see `Dials`."""
        return self.delivery(event, to=to, **dials).send()

    def delivery(self, event: Event | bytes, *, to: Program | None = None, **dials: Any) -> Delivery:
        """Return a delivery for later, with the same dials as `send`."""
        return Delivery(self, event, Dials(**dials), to)

    def deliver(self, event: Event, *, attempts: int = 4, to: Program | None = None, **dials: Any) -> Answer:
        """Deliver as a provider does: again only after a non-2xx or no answer, with the same id and body.

        Each attempt is signed afresh with a later timestamp; returns the last answer.
        """
        answer = self.send(event, to=to, **dials)
        first = dials.get("attempt", 0)
        for number in range(first + 1, first + attempts):
            if answer.accepted:
                break
            reason = "http_timeout" if answer.status is None else "http_error"
            answer = self.send(event, to=to, **{**dials, "attempt": number, "reason": reason})
        return answer

    def start_sending(self, event: Event | bytes, *, to: Program | None = None, **dials: Any) -> Sending:
        """Send a delivery in the background, so that the check can act while it is on its way."""
        delivery, answers, line = self.delivery(event, to=to, **dials), list[Answer](), wire.Line()
        thread = threading.Thread(
            target=lambda: answers.append(self.send_ready(delivery, to, line)), daemon=True
        )
        thread.start()
        return Sending(thread, answers, line)

    def send_together(
        self,
        events: Iterable[Event | Delivery],
        *,
        to: Sequence[Program] | None = None,
        **dials: Any,
    ) -> list[Answer]:
        """Send many deliveries at the same moment; several programs take turns. Returns the answers in order.

        A `Delivery` among the events keeps its own provider and dials.
        """
        ready = [event if isinstance(event, Delivery) else self.delivery(event, **dials) for event in events]
        programs = list(to or [self._program])
        if len(ready) > MOST_TOGETHER:
            raise CourseFault(f"At most {MOST_TOGETHER} deliveries are sent together, not {len(ready)}.")
        longest = max((delivery.dials.timeout for delivery in ready), default=0.0)
        turns = [programs[number % len(programs)] for number in range(len(ready))]
        return _together([_sender(*pair) for pair in zip(ready, turns, strict=True)], longest + 2)

    def deliver_together(
        self, events: Iterable[Event], *, to: Sequence[Program] | None = None, **dials: Any
    ) -> list[Answer]:
        """Send all at the same moment, then deliver again, one after another, what got no 2xx.

        Returns the last answer to each event, in the order of the events.
        """
        told = list(events)
        answers = self.send_together(told, to=to, **dials)
        programs = list(to or [self._program])
        for number, event in enumerate(told):
            if not answers[number].accepted:
                program = programs[number % len(programs)]
                answers[number] = self.deliver(event, to=program, attempt=1, **dials)
        return answers

    # -- other requests -----------------------------------------------------------------------------

    def get(self, path: str, *, to: Program | None = None, timeout: float = 5.0) -> Answer:
        """Ask the program for something (GET)."""
        return self.request("GET", path, to=to, timeout=timeout)

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Headers = (),
        to: Program | None = None,
        timeout: float = 5.0,
    ) -> Answer:
        """Send a request that is no delivery: nothing but these headers, and no signature."""
        request = Request(method, path, (("User-Agent", USER_AGENT), *headers), body)
        return self._exchange(request, None, to or self._program, Dials(timeout=timeout))

    def send_ready(
        self, delivery: Delivery, to: Program | None = None, line: wire.Line | None = None
    ) -> Answer:
        """Sign and send a delivery now."""
        known, dials = self._bench.job.environment, delivery.dials
        request, signature = attempt(self.endpoint, delivery.content, dials, self.random, known, time.time())
        return self._exchange(request, signature, to or self._program, dials, line)

    def _exchange(
        self,
        request: Request,
        signature: Signature | None,
        to: Program,
        dials: Dials,
        line: wire.Line | None = None,
    ) -> Answer:
        recorder, deadline = self._bench.recorder, self._bench.deadline
        number, began = recorder.next_id(), recorder.now()
        open_ = Exchange(self.name, to.name, began, began, request, None, "open", signature, number)
        recorder.under_way(open_)
        timeout = max(deadline.left(dials.timeout), 0.05)
        outcome = wire.send(request, to.port, timeout, way=dials.way, seconds=dials.seconds, line=line)
        exchange = replace(open_, end=recorder.now(), response=outcome.response, ended=outcome.ended)
        recorder.exchange(exchange)
        return Answer(exchange)


def service_of(bench: Bench, name: str) -> Downstream:
    """Return a service of the run; CourseFault where the manifest does not ask for it."""
    try:
        return bench.services[name]
    except KeyError:
        advice = f"Its manifest's env asks for it by the value {name}, as in {{DOWNSTREAM_URL: downstream}}."
        raise CourseFault(f"The suite uses the service {name!r}, and nothing listens.", advice) from None


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(value.split(",")) if value else ()


def _sender(delivery: Delivery, program: Program) -> Callable[[], Answer]:
    return lambda: delivery.send(program)


def _together(sends: Sequence[Callable[[], Answer]], timeout: float) -> list[Answer]:
    """Do all of it at the same moment, in a thread each, within `timeout` seconds."""
    if not sends:
        return []
    barrier, answers = threading.Barrier(len(sends)), dict[int, Answer]()

    def work(number: int) -> None:
        barrier.wait()
        answers[number] = sends[number]()

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(sends))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    if len(answers) < len(sends):
        raise CourseFault("Some deliveries that were sent together did not come back in time.")
    return [answers[number] for number in range(len(sends))]
