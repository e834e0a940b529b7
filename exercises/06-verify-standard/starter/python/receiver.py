"""A receiver for Standard Webhooks. Fill in what is marked with TODO."""

import json
import os

from flask import Flask, request

app = Flask(__name__)

TOLERANCE = 300
"""Seconds by which the sender's clock may be away from ours, in either direction."""


def read_key(secret: str) -> bytes:
    """Return what the base64 of a secret stands for, or nothing where it is no base64."""
    # TODO 1: this is the text itself, with whsec_ in front.
    return secret.encode()


# TODO 4: what if there is no secret, or none that holds a key?
KEY = read_key(os.environ.get("WEBHOOK_SECRET", ""))


def is_fresh(timestamp: str) -> bool:
    """Whether a timestamp is a number of seconds, and near to our clock."""
    # TODO 3: look at the text first, then compare it with time.time().
    return True


def is_authentic(message_id: str, timestamp: str, body: bytes, signatures: str) -> bool:
    """Whether one of the signatures is ours for these three."""
    # TODO 1: compute the signature that you expect, over all three.
    # TODO 2: look whether it is one of the list.
    return True


def read_event(body: bytes):
    """Return the event, or None where the bytes hold none."""
    event = json.loads(body)  # TODO 4: what if it is no JSON?
    if not isinstance(event, dict) or "id" not in event or "type" not in event:
        return None
    return event


@app.post("/webhook")
def receive():
    body = request.get_data()
    message_id = request.headers.get("webhook-id", "")
    timestamp = request.headers.get("webhook-timestamp", "")
    signatures = request.headers.get("webhook-signature", "")
    if not is_authentic(message_id, timestamp, body, signatures):
        return {"error": "no signature matches"}, 401
    if not is_fresh(timestamp):
        return {"error": "it was not signed just now"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    print(event["id"], event["type"])
    return {"received": True}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
