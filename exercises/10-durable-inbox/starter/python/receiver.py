"""A receiver that hands events over to the bookkeeping. Fill in what is marked with TODO."""

import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

DATABASE = Path(os.environ["DATA_DIR"]) / "inbox.db"
BOOKKEEPING = os.environ["DOWNSTREAM_URL"] + "/entries"
LEASE = int(os.environ["LEASE_MS"]) / 1000
PAUSE = int(os.environ["PAUSE_MS"]) / 1000


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
    if not isinstance(event, dict) or "id" not in event or "type" not in event:
        return None
    return event


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=5))


def create_inbox():
    """Make the inbox where it is missing."""
    with connect() as connection, connection:
        pass  # TODO 1: a table. What will the worker need of each delivery?


def hand_over(event_id, body, signature):
    """Tell the bookkeeping. Anything but a 2xx is an exception."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": event_id,
        "X-Hub-Signature-256": signature,
    }
    call = urllib.request.Request(BOOKKEEPING, body, headers)
    # TODO 4: how long may this take?
    with urllib.request.urlopen(call):
        pass


def in_background(event_id, body, signature):
    try:
        hand_over(event_id, body, signature)
    except OSError as error:
        print(f"{event_id}: {error}")


def work():
    """Work for ever: take an event that nobody works on, hand it over, remember that it is done."""
    while True:
        # TODO 3: ... and survive whatever fails.
        time.sleep(PAUSE)


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    print(event["id"], event["type"])
    # TODO 2: from here on only this thread knows of the event. Keep it instead, and let the worker hand it over.
    threading.Thread(target=in_background, args=(event["id"], body, signature), daemon=True).start()
    return {"received": True}, 202


# TODO 5: GET /inbox/<id>


if __name__ == "__main__":
    create_inbox()
    threading.Thread(target=work, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
