"""A receiver that books each event once, whatever the weather: one delivery, one transaction."""

import base64
import hashlib
import hmac
import json
import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)

TOLERANCE = 300
"""Seconds by which the sender's clock may be away from ours, in either direction."""

DATABASE = Path(os.environ["DATA_DIR"]) / "ledger.db"

# -- who sent it, and when --------------------------------------------------------------------------


def read_key(secret: str) -> bytes:
    """Return what the base64 of a secret stands for, or nothing where it is no base64."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


SECRETS = (os.environ.get("WEBHOOK_SECRET", ""), os.environ.get("PREVIOUS_SECRET", ""))
KEYS = [key for key in map(read_key, SECRETS) if key]
if not KEYS:
    raise SystemExit("Set WEBHOOK_SECRET to the secret of this endpoint: whsec_ and base64.")


def is_fresh(timestamp: str) -> bool:
    """Whether a timestamp is a number of seconds, and near to our clock."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    return abs(time.time() - int(timestamp)) <= TOLERANCE


def is_authentic(message_id: str, timestamp: str, body: bytes, signatures: str) -> bool:
    """Whether one of the signatures was made for these three with one of our secrets."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = [b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()) for key in KEYS]
    return any(
        hmac.compare_digest(mine, each.encode()) for each in signatures.split(" ") for mine in expected
    )


# -- what it says -----------------------------------------------------------------------------------


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


def is_whole(value) -> bool:
    """Whether a value is a whole number of 1 or more. (In Python True is an int as well.)"""
    return type(value) is int and value >= 1


def fits(kind: str, data) -> bool:
    """Whether an event of one of our types holds what it needs to be booked."""
    if not isinstance(data, dict) or not isinstance(data.get("account"), str):
        return False
    if kind in ("payment.received", "payment.refunded"):
        return is_whole(data.get("amount"))
    return is_whole(data.get("version")) and (kind == "account.closed" or isinstance(data.get("plan"), str))


# -- the ledger -------------------------------------------------------------------------------------


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=5))


def create_tables():
    """Make the tables where they are missing. A closed account keeps its row; its plan is NULL."""
    with connect() as connection, connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, set_aside INTEGER NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS balances (account TEXT PRIMARY KEY, balance INTEGER NOT NULL)"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS plans (account TEXT PRIMARY KEY, version INTEGER NOT NULL, plan TEXT)"
        )


def move(connection, account: str, amount: int):
    connection.execute(
        "INSERT INTO balances VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET balance = balance + ?",
        (account, amount, amount),
    )


def set_plan(connection, account: str, version: int, plan):
    connection.execute(
        "INSERT INTO plans VALUES (:account, :version, :plan)"
        " ON CONFLICT (account) DO UPDATE SET version = :version, plan = :plan"
        " WHERE :version > plans.version",
        {"account": account, "version": version, "plan": plan},
    )


BOOKINGS = {
    "payment.received": lambda connection, data: move(connection, data["account"], data["amount"]),
    "payment.refunded": lambda connection, data: move(connection, data["account"], -data["amount"]),
    "account.changed": lambda connection, data: set_plan(
        connection, data["account"], data["version"], data["plan"]
    ),
    "account.closed": lambda connection, data: set_plan(connection, data["account"], data["version"], None),
}


def book(event: dict):
    """Remember the event and do what it says, both or neither; one that we have changes nothing."""
    kind, data = event["type"], event.get("data")
    well_made = fits(kind, data)
    with connect() as connection, connection:
        new = connection.execute(
            "INSERT INTO events VALUES (?, ?) ON CONFLICT DO NOTHING", (event["id"], not well_made)
        )
        if new.rowcount == 1 and well_made:
            BOOKINGS[kind](connection, data)


# -- the routes -------------------------------------------------------------------------------------


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
    if event["type"] in BOOKINGS:
        book(event)
    print(event["id"], event["type"])
    return {"received": True}


@app.errorhandler(sqlite3.OperationalError)
def not_stored(error):
    return {"error": "it could not be stored now"}, 503


@app.get("/ledger")
def show_ledger():
    with connect() as connection:
        return {
            "balances": dict(connection.execute("SELECT account, balance FROM balances")),
            "plans": dict(connection.execute("SELECT account, plan FROM plans WHERE plan IS NOT NULL")),
            "set_aside": [row[0] for row in connection.execute("SELECT id FROM events WHERE set_aside")],
        }


if __name__ == "__main__":
    create_tables()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
