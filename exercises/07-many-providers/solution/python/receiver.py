"""One service for four providers: each has its own way to sign and to tell, and all end in one list."""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from urllib.parse import parse_qs

from flask import Flask, Response, request

app = Flask(__name__)

TOLERANCE = 300
"""Seconds by which the sender's clock may be away from ours, in either direction."""


def secret_of(provider: str) -> bytes:
    """Return the key of a provider: the text of its secret, as it is."""
    name = f"{provider.upper()}_SECRET"
    secret = os.environ.get(name, "")
    if not secret:
        raise SystemExit(f"Set {name}: without it nobody can be told from the provider.")
    return secret.encode()


SECRETS = {name: secret_of(name) for name in ("stripe", "github", "slack", "shopify")}

records = {}
"""From a provider and its id to the record; gone at the next start."""


def mac(provider: str, content: bytes):
    return hmac.new(SECRETS[provider], content, hashlib.sha256)


def same(expected: str, found: str) -> bool:
    return hmac.compare_digest(expected.encode(), found.encode())


def is_fresh(timestamp: str) -> bool:
    """Whether a timestamp is a number of seconds, and near to our clock."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    return abs(time.time() - int(timestamp)) <= TOLERANCE


# -- who sent it ------------------------------------------------------------------------------------


def signed_by_stripe(headers, body: bytes) -> bool:
    parts = [part.partition("=") for part in headers.get("Stripe-Signature", "").split(",")]
    timestamp = next((value for name, _, value in parts if name == "t"), "")
    signatures = [value for name, _, value in parts if name == "v1"]
    expected = mac("stripe", timestamp.encode() + b"." + body).hexdigest()
    return is_fresh(timestamp) and any(same(expected, each) for each in signatures)


def signed_by_github(headers, body: bytes) -> bool:
    return same("sha256=" + mac("github", body).hexdigest(), headers.get("X-Hub-Signature-256", ""))


def signed_by_slack(headers, body: bytes) -> bool:
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    expected = "v0=" + mac("slack", b"v0:" + timestamp.encode() + b":" + body).hexdigest()
    return is_fresh(timestamp) and same(expected, headers.get("X-Slack-Signature", ""))


def signed_by_shopify(headers, body: bytes) -> bool:
    expected = base64.b64encode(mac("shopify", body).digest()).decode()
    return same(expected, headers.get("X-Shopify-Hmac-Sha256", ""))


# -- what it says -----------------------------------------------------------------------------------


def read_object(body: bytes) -> dict:
    """Return the JSON object in the body; an empty one where it holds none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def read_stripe(headers, body: bytes):
    event = read_object(body)
    return event.get("id"), event.get("type")


def read_github(headers, body: bytes):
    event, kind = read_object(body), headers.get("X-GitHub-Event")
    if not event:
        return None, None
    action = event.get("action")
    return headers.get("X-GitHub-Delivery"), f"{kind}.{action}" if isinstance(action, str) else kind


def read_slack(headers, body: bytes):
    if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qs(body.decode(errors="replace"))
        return form.get("trigger_id", [None])[0], form.get("command", [None])[0]
    event = read_object(body)
    inner = event.get("event")
    return event.get("event_id"), inner.get("type") if isinstance(inner, dict) else None


def read_shopify(headers, body: bytes):
    if not read_object(body):
        return None, None
    return headers.get("X-Shopify-Webhook-Id"), headers.get("X-Shopify-Topic")


DOORS = {
    "stripe": (signed_by_stripe, read_stripe),
    "github": (signed_by_github, read_github),
    "slack": (signed_by_slack, read_slack),
    "shopify": (signed_by_shopify, read_shopify),
}


def challenge_of(provider: str, body: bytes):
    """Return what Slack wants to hear back when somebody enters our address there, else None."""
    event = read_object(body) if provider == "slack" else {}
    return event.get("challenge") if event.get("type") == "url_verification" else None


@app.post("/in/<provider>")
def receive(provider: str):
    if provider not in DOORS:
        return {"error": "nobody delivers here"}, 404
    is_authentic, read = DOORS[provider]
    body = request.get_data()
    if not is_authentic(request.headers, body):
        return {"error": "not signed by this provider"}, 401
    challenge = challenge_of(provider, body)
    if isinstance(challenge, str):
        return Response(challenge, mimetype="text/plain")
    event_id, kind = read(request.headers, body)
    if isinstance(event_id, str) and isinstance(kind, str):
        records[provider, event_id] = {"provider": provider, "id": event_id, "type": kind}
    return {"received": True}


@app.get("/records")
def show_records():
    return {"records": list(records.values())}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
