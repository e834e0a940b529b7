"""A receiver for the storm. It knows already who sent a delivery, and when; the ledger is yours to build."""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)

TOLERANCE = 300
"""Seconds by which the sender's clock may be away from ours, in either direction."""

DATABASE = Path(os.environ["DATA_DIR"]) / "ledger.db"


def read_key(secret: str) -> bytes:
    """Return what the base64 of a secret stands for, or nothing where it is no base64."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


# TODO 7: while the secret changes, there is a second one in PREVIOUS_SECRET.
KEY = read_key(os.environ.get("WEBHOOK_SECRET", ""))
if not KEY:
    raise SystemExit("Set WEBHOOK_SECRET to the secret of this endpoint: whsec_ and base64.")


def is_fresh(timestamp: str) -> bool:
    """Whether a timestamp is a number of seconds, and near to our clock."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    return abs(time.time() - int(timestamp)) <= TOLERANCE


def is_authentic(message_id: str, timestamp: str, body: bytes, signatures: str) -> bool:
    """Whether one of the signatures is ours for these three."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    return any(hmac.compare_digest(expected, each.encode()) for each in signatures.split(" "))


def read_event(body: bytes):
    """Return the event, or None where the bytes hold none."""
    try:
        event = json.loads(body)
    except ValueError:
        return None
    if not isinstance(event, dict) or "id" not in event or "type" not in event:
        return None
    return event


def book(event: dict):
    """Do what the event says, once."""
    # TODO 1: keep balances and plans in the database.
    # TODO 3: what if you have had this event, or another copy of your program has it at this moment?
    # TODO 4: what if a later version of the plan is there already?
    # TODO 5: what if there is no account in it, or an amount that is none?
    # TODO 6: what if the program ends between two of your lines?


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
    book(event)
    print(event["id"], event["type"])
    return {"received": True}


@app.get("/ledger")
def show_ledger():
    # TODO 1: show what is in the database.
    return {"balances": {}, "plans": {}, "set_aside": []}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
