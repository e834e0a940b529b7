"""A receiver that ends in the latest state, in whatever order the events arrive."""

import hashlib
import hmac
import json
import os
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

API = os.environ["API_URL"]
DATABASE = Path(os.environ["DATA_DIR"]) / "receiver.db"

STATES = ("order.created", "order.updated", "order.cancelled", "order.deleted")


class NoAnswer(Exception):
    """The provider could not be asked now."""


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
    return sqlite3.connect(DATABASE, timeout=10)


def create_tables():
    """Make the table of all orders; a deleted one keeps its row, as a tombstone."""
    with closing(connect()) as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS orders"
            " (id TEXT PRIMARY KEY, version INTEGER NOT NULL, status TEXT NOT NULL, total INTEGER)"
        )


def apply(state: dict):
    """Take a state over, unless we have one of this version or a later one: look and write are one step."""
    with closing(connect()) as connection, connection:
        connection.execute(
            "INSERT INTO orders VALUES (:order, :version, :status, :total)"
            " ON CONFLICT (id) DO UPDATE SET version = :version, status = :status, total = :total"
            " WHERE :version > orders.version",
            {name: state.get(name) for name in ("order", "version", "status", "total")},
        )


def fetch(order: str):
    """Ask the provider for the state of an order; None when it knows no such order. Raises NoAnswer."""
    try:
        with urllib.request.urlopen(f"{API}/orders/{order}", timeout=3) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise NoAnswer(f"HTTP {error.code}") from error
    except OSError as error:
        raise NoAnswer(str(error)) from error


@app.post("/webhook")
def receive():
    body = request.get_data()
    if not is_authentic(body, request.headers.get("X-Hub-Signature-256", "")):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    if event["type"] in STATES:
        apply(event["data"])
    elif event["type"] == "order.changed":
        state = fetch(event["data"]["order"])
        if state is not None:
            apply(state)
    return {"received": True}


@app.errorhandler(NoAnswer)
def try_again_later(error):
    return {"error": "the order could not be asked for"}, 503


@app.get("/orders/<order>")
def show_order(order):
    with closing(connect()) as connection:
        row = connection.execute(
            "SELECT version, status, total FROM orders WHERE id = ?", (order,)
        ).fetchone()
    if row is None or row[1] == "deleted":
        return {"error": "there is no such order"}, 404
    return {"order": order, "version": row[0], "status": row[1], "total": row[2]}


if __name__ == "__main__":
    create_tables()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
