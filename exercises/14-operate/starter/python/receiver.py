"""A receiver that does its work, and that nobody can operate yet. Fill in what is marked with TODO."""

import hashlib
import hmac
import json
import os

import work
from flask import Flask, request

app = Flask(__name__)
# TODO 1: a body may have 1 MiB, and not a byte more.

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

MAX_IN_WORK = int(os.environ["MAX_IN_WORK"])  # TODO 2: no more than so many at once

# TODO 5: count each verdict.


def is_authentic(body: bytes, signature: str) -> bool:
    """Whether the signature is the one that the provider makes for these bytes with our secret."""
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode())


def read_event(body: bytes):
    """Return the event, or None where the bytes hold none."""
    try:
        event = json.loads(body)
    except ValueError:
        return None
    if not isinstance(event, dict):
        return None
    named = isinstance(event.get("id"), str) and isinstance(event.get("type"), str)
    return event if named else None


@app.post("/webhook")
def receive():
    body = request.get_data()
    # TODO 3: whatever happens below, print one line of JSON for this delivery.
    if not is_authentic(body, request.headers.get("X-Hub-Signature-256", "")):
        return {"error": "refused"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "invalid"}, 400
    # TODO 4: the work can fail.
    work.do(event)
    return {"received": True}, 202


@app.get("/metrics")
def metrics():
    # TODO 5: a line for each verdict, and one that says how many deliveries are in work.
    return "webhook_in_work 0\n", 200, {"Content-Type": "text/plain; version=0.0.4"}


# TODO 4: Flask answers with pages for people, and a machine asked.


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
