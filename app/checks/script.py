"""Who acts in a scenario: a provider that knows the secret and a stranger who does not, and what they say."""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.checks.bench import Bench
from app.checks.deliveries import Delivery, Provider, Sending
from app.checks.program import Program
from app.provider.events import Event, make_event
from app.provider.exchange import Answer
from app.provider.secrets import named

REQUEST_SECONDS = 5.0
_NAME = re.compile(r"\$([a-z][a-z0-9_]*)")

Step = Mapping[str, Any]


class Cast:
    """Makes the events of a script and sends them as its steps say. `values` are names and their prefixes."""

    def __init__(self, bench: Bench, program: Program, values: Mapping[str, str]):
        self._environment = bench.job.environment
        self._provider = Provider(bench, program)
        self._senders = {
            "provider": self._provider,
            "stranger": Provider(bench, program, "stranger"),
        }
        self._events: dict[str, Event] = {}
        self._words = {name: self._provider.fresh_id(prefix) for name, prefix in values.items()}

    def learn(self, step: Step) -> None:
        """Make the events that a step sends for the first time; later deliveries are of the same event."""
        for send in [step["send"]] if step["send"] else step["together"]:
            if send["event"] not in self._events:
                self._make(send)

    def _make(self, send: Step) -> None:
        data = json.loads(self.filled(send["data"]))
        sender = self._provider
        event = make_event(sender.random, send["type"], data) if data else sender.event(send["type"])
        self._words[send["event"]] = event.id
        body = send["body"]
        self._events[send["event"]] = event if body is None else event.with_body(self._bytes(body))

    def filled(self, text: str) -> str:
        """Put values and the ids of events where `$name` stands for them."""
        return _NAME.sub(lambda match: self._words.get(match[1], match[0]), text)

    def _bytes(self, text: str) -> bytes:
        return self.filled(text).encode("utf-8")

    # -- what a step does ---------------------------------------------------------------------------

    def deliver(self, step: Step) -> None:
        """Send a delivery; again, where the step says so, only after a non-2xx or no answer."""
        send = step["send"]
        sender, event, dials = self._told(send, step)
        sender.deliver(event, attempts=send["attempts"], **dials)

    def deliver_together(self, step: Step) -> None:
        """Send all at the same moment; then again, one by one, what got no 2xx and has attempts left."""
        ready = [self._told(send, step) for send in step["together"]]
        answers = self._provider.send_together(_delivery(*each) for each in ready)
        for (sender, event, dials), send, answer in zip(ready, step["together"], answers, strict=True):
            if send["attempts"] > 1 and not answer.accepted:
                later = {**dials, "attempt": dials["attempt"] + 1}
                sender.deliver(event, attempts=send["attempts"] - 1, **later)

    def start_sending(self, step: Step) -> Sending:
        """Send in the background."""
        return self._start(step["send"], step)

    def start_together(self, step: Step) -> list[Sending]:
        """Send all in the background."""
        return [self._start(send, step) for send in step["together"]]

    def _start(self, send: Step, step: Step) -> Sending:
        sender, event, dials = self._told(send, step)
        return sender.start_sending(event, **dials)

    def get(self, step: Step) -> Answer:
        """Ask for a path."""
        return self._provider.get(self.filled(step["get"]), timeout=_seconds(step))

    def _told(self, send: Step, step: Step) -> tuple[Provider, Event, dict[str, Any]]:
        """Return who sends, the event, and the dials of the delivery."""
        sender = self._senders[send["by"]].using(scheme=send["scheme"] or None, path=send["path"] or None)
        dials = {name: send[name] for name in ("signature", "attempt", "skew", "way")}
        dials["headers"] = tuple(send["headers"].items())
        dials["timeout"] = _seconds(step)
        if send["body"] is not None:
            dials["body"] = self._bytes(send["body"])
        if send["tamper"] is not None:
            dials["tamper"] = tuple(self._bytes(text) for text in send["tamper"])
        if send["secret"]:
            dials["secret"] = (named(send["secret"], self._environment) or "").split(",")
        return sender, self._events[send["event"]], dials


def _delivery(sender: Provider, event: Event, dials: dict[str, Any]) -> Delivery:
    return sender.delivery(event, **dials)


def _seconds(step: Step) -> float:
    return float(step["timeout"] or REQUEST_SECONDS)
