"""A receiver for payments: it credits each of them exactly once, however often its event arrives."""

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
    """Make the table of the events that are done, where it is missing."""
    with closing(ledger.open()) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS processed (event_id TEXT PRIMARY KEY)")


def process(event):
    """Credit the account, unless this event did so before: claim and effect are one transaction."""
    with closing(ledger.open()) as connection, connection:
        claim = connection.execute("INSERT OR IGNORE INTO processed (event_id) VALUES (?)", (event["id"],))
        if claim.rowcount == 0:
            return
        ledger.credit(connection, event["data"]["account"], event["data"]["amount"])


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
    return {"received": True}


@app.errorhandler(ledger.LedgerUnavailable)
def try_again_later(error):
    return {"error": str(error)}, 503


@app.get("/accounts/<account>")
def show_account(account):
    with closing(ledger.open()) as connection:
        return {"balance": ledger.balance(connection, account)}


if __name__ == "__main__":
    create_tables()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
