"""Who acts in a scenario: a provider that knows the secret, a stranger who does not, and an operator."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from app.checks.bench import Bench
from app.checks.deliveries import Delivery, Provider
from app.checks.downstream import Call
from app.checks.program import Program
from app.checks.sending import Sending
from app.provider.events import Event, make_event
from app.provider.exchange import Answer
from app.provider.secrets import named
from app.provider.signing import can_sign

REQUEST_SECONDS = 5.0
NOW = "now"
"""Stands for the provider's clock at the beginning of the step, in milliseconds since 1970."""
_NAME = re.compile(r"\$([a-z][a-z0-9_]*)")
_VARIABLE = re.compile(r"\$([A-Z][A-Z0-9_]*)")

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
        self._operator = Provider(bench, program, "operator")
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
        """Put values, the ids of events and the moment where `$name` stands for them."""
        words = {NOW: str(time.time_ns() // 1_000_000), **self._words}
        return _NAME.sub(lambda match: words.get(match[1], match[0]), text)

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

    def ask(self, step: Step) -> Answer:
        """Ask for a path, or send a request and keep what the step wants of its JSON answer."""
        if step["get"]:
            return self._provider.get(self.filled(step["get"]), timeout=_seconds(step))
        request = step["request"]
        headers = {name: self._with_variables(text) for name, text in request["headers"].items()}
        body = self._bytes(request["body"])
        if body and not any(name.lower() == "content-type" for name in headers):
            headers = {"Content-Type": "application/json", **headers}
        path, seconds = self.filled(request["path"]), _seconds(step)
        pairs = tuple(headers.items())
        answer = self._operator.request(request["method"], path, body, headers=pairs, timeout=seconds)
        content = answer.json()
        for name, member in request["keep"].items():
            value = content.get(member) if isinstance(content, dict) else None
            self._words[name] = value if isinstance(value, str) else ""
        return answer

    def _with_variables(self, text: str) -> str:
        return _VARIABLE.sub(lambda match: self._environment.get(match[1], match[0]), text)

    def _secrets(self, text: str, scheme: str) -> list[str]:
        """Return the secrets that a step means; what the program gave out, and is none, counts as empty."""
        if not text.startswith("$"):
            return (named(text, self._environment) or "").split(",")
        given = (self._words.get(name, "") for name in _NAME.findall(text))
        return [secret if can_sign(scheme, secret) else "" for secret in given]

    def teach(self, api: Step) -> None:
        """Let the provider's own API answer so from now on: one path, whatever its query; others are 404."""
        answer = json.loads(self.filled(api["answer"]))

        def script(call: Call) -> Any:
            path = call.request.target.partition("?")[0]
            return (200, answer) if path == api["path"] else (404, {"error": "nothing is here"})

        self._provider.api.script(script)

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
            dials["secret"] = self._secrets(send["secret"], sender.endpoint.scheme)
        return sender, self._events[send["event"]], dials


def _delivery(sender: Provider, event: Event, dials: dict[str, Any]) -> Delivery:
    return sender.delivery(event, **dials)


def _seconds(step: Step) -> float:
    return float(step["timeout"] or REQUEST_SECONDS)
