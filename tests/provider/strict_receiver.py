"""A receiver as strict as each scheme allows, written apart from our signer and judged by signed vectors."""

import base64
import hashlib
import hmac
import re

from app.provider.exchange import Headers

TOLERANCE = 300
"""Seconds around now; the libraries of Standard Webhooks, Stripe and Slack agree on it, for the past."""


def is_authentic(scheme: str, secret: str, headers: Headers, body: bytes, now: float) -> bool:
    """Whether a delivery proves that somebody with the secret sent it within the tolerance."""
    found = {name.lower(): value for name, value in headers}
    return {
        "github": _github,
        "standard": _standard,
        "stripe": _stripe,
        "slack": _slack,
        "shopify": _shopify,
    }[scheme](secret, found, body, now)


def _github(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    return _same("sha256=" + _mac(secret.encode(), body).hex(), headers.get("x-hub-signature-256"))


def _shopify(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    return _same(_base64(_mac(secret.encode(), body)), headers.get("x-shopify-hmac-sha256"))


def _standard(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    event_id, timestamp, signatures = (headers.get(name) for name in names)
    if not event_id or not signatures or not _recent(timestamp, now):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = "v1," + _base64(_mac(key, f"{event_id}.{timestamp}.".encode() + body))
    return any(_same(right, signature) for signature in signatures.split(" "))


def _stripe(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    parts = [part.partition("=") for part in headers.get("stripe-signature", "").split(",")]
    times = [value for name, _, value in parts if name == "t"]
    # Past only, as both of Stripe's libraries.
    if len(times) != 1 or not times[0].isdigit() or int(times[0]) < now - TOLERANCE:
        return False
    right = _mac(secret.encode(), f"{times[0]}.".encode() + body).hex()
    return any(name == "v1" and _same(right, value) for name, _, value in parts)


def _slack(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    timestamp = headers.get("x-slack-request-timestamp")
    if not _recent(timestamp, now):
        return False
    right = "v0=" + _mac(secret.encode(), f"v0:{timestamp}:".encode() + body).hex()
    return _same(right, headers.get("x-slack-signature"))


def _recent(timestamp: str | None, now: float) -> bool:
    return (
        timestamp is not None
        and re.fullmatch("[0-9]{1,12}", timestamp) is not None
        and abs(now - int(timestamp)) <= TOLERANCE
    )


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def _same(right: str, came: str | None) -> bool:
    return hmac.compare_digest(right.encode(), (came or "").encode())
