"""The signed vectors: deliveries that the providers' own libraries signed, and what a receiver makes of each.

`vectors.json` was made and checked with the libraries that its `meta` names; it holds the schemes that our
provider speaks. `valid` is what a receiver must say (null: whatever it does, no 5xx). A vector of grade
`policy` is one on which real receivers differ.
"""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SCHEMES = {
    "standard-webhooks-v1": "standard",
    "github-sha256": "github",
    "stripe-v1": "stripe",
    "slack-v0": "slack",
    "shopify-hmac-sha256": "shopify",
}
"""From the groups of vectors to our schemes."""


@dataclass(frozen=True)
class Vector:
    """One signed delivery."""

    group: str
    name: str
    secret: str
    now: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    valid: bool | None
    grade: str
    why: str

    @property
    def scheme(self) -> str:
        """Our name of the scheme."""
        return SCHEMES[self.group]

    @property
    def id(self) -> str:
        """The delivery's id, where the scheme signs one."""
        return self._header("webhook-id") or ""

    @property
    def timestamp(self) -> str | None:
        """The text that was sent as the time, where the scheme signs one."""
        signed = re.match("t=([^,]*)", self._header("stripe-signature") or "")
        sent = self._header("webhook-timestamp") or self._header("x-slack-request-timestamp")
        return signed[1] if signed else sent

    def _header(self, name: str) -> str | None:
        return {key.lower(): value for key, value in self.headers}.get(name)

    @property
    def label(self) -> str:
        """What a test report calls it."""
        return f"{self.scheme}-{self.name}"


@cache
def document() -> dict[str, Any]:
    """Return the whole file."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
    return found


def vectors(*groups: str) -> list[Vector]:
    """Return the vectors of some groups, or of all that our schemes cover."""
    return [
        _vector(group, data)
        for group in groups or SCHEMES
        for data in document()["schemes"][group]["vectors"]
    ]


def _vector(group: str, data: dict[str, Any]) -> Vector:
    headers = tuple((name, value) for name, value in data["headers"])
    body = base64.b64decode(data["body_b64"])
    known = [data[name] for name in ("valid", "grade", "why")]
    return Vector(group, data["name"], data["secret"], data["now"], headers, body, *known)
