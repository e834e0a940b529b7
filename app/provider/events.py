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

    def with_body(self, body: bytes) -> "Event":
        """Return the same event with other bytes."""
        return replace(self, body=body)


def make_event(random: Random, kind: str, data: Mapping[str, Any]) -> Event:
    """Make an event of the type `kind` with a fresh id drawn from `random`."""
    event_id = fresh_id(random, "evt")
    payload = {"id": event_id, "type": kind, "data": dict(data)}
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Event(event_id, kind, dict(data), body)


def fresh_id(random: Random, prefix: str, length: int = 20) -> str:
    """Draw an identifier such as `evt_4k9…`; the same seed draws the same ones."""
    return prefix + "_" + "".join(random.choices(_LETTERS, k=length))
