"""A receiver for payments. Fill in what is marked with TODO."""

import hashlib
import hmac
import json
import os
from contextlib import closing

import ledger
from flask import Flask, request

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")


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


def create_tables():
    """Make your own tables, where they are missing."""
    with closing(ledger.open()) as connection, connection:
        pass  # TODO 2: a table for the ids of the events that are done


def process(event):
    """Credit the account of this event, exactly once."""
    # TODO 1: open a connection with ledger.open() and call ledger.credit(connection, account, amount).
    # TODO 3: ... unless this event did so before. Think about what happens between any two lines.


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
    if event["type"] == "payment.succeeded":
        process(event)
    # TODO 4: what should the provider hear when process() could not do it?
    return {"received": True}


@app.get("/accounts/<account>")
def show_account(account):
    with closing(ledger.open()) as connection:
        return {"balance": ledger.balance(connection, account)}


if __name__ == "__main__":
    create_tables()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
