"""The events that the provider tells about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Event:
    """One event: its id, type and data, and the exact bytes that every attempt sends."""

    id: str
    type: str
    data: Mapping[str, Any]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The event as the JSON object that its body holds."""
        return {"id": self.id, "type": self.type, "data": dict(self.data)}

    def with_body(self, body: bytes) -> "Event":
        """Return the same event with other bytes."""
        return replace(self, body=body)

    def with_id(self, event_id: str) -> "Event":
        """Return an event with another id that says the same, written anew."""
        other = replace(self, id=event_id)
        return other.with_body(_compact(other.content))

    def written(self, **style: Any) -> "Event":
        """Return the same event, its JSON written in another style: the arguments of `json.dumps`."""
        return self.with_body(json.dumps(self.content, **style).encode("utf-8"))

    def with_members(self, text: str) -> "Event":
        """Return the same event with more members behind the usual ones, whose JSON text is given."""
        return self.with_body(self.body[:-1] + b"," + text.encode("utf-8") + b"}")


def make_event(random: Random, kind: str, data: Mapping[str, Any]) -> Event:
    """Make an event of the type `kind` with a fresh id drawn from `random`."""
    event = Event(fresh_id(random, "evt"), kind, dict(data), b"")
    return event.with_body(_compact(event.content))


def fresh_id(random: Random, prefix: str, length: int = 20) -> str:
    """Draw an identifier such as `evt_4k9…`; the same seed draws the same ones."""
    return prefix + "_" + "".join(random.choices(_LETTERS, k=length))


def _compact(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
