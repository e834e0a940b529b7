"""A receiver that tries again at once and for ever. Fill in what is marked with TODO."""

import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from http.client import HTTPException
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
RETRY_BASE_MS = int(os.environ["RETRY_BASE_MS"])
MOST_ATTEMPTS = 5


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


# -- the inbox --------------------------------------------------------------------------------------


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=5))


def create_inbox():
    """Make the inbox where it is missing. `free_at` is when a worker may take the event."""
    # TODO 1: the attempts, the latest wait, and a reason for the dead
    with connect() as connection, connection:
        connection.execute("""
            CREATE TABLE IF NOT EXISTS inbox (
                event_id TEXT PRIMARY KEY,
                body BLOB NOT NULL,
                signature TEXT NOT NULL,
                status TEXT NOT NULL DEFAULT 'pending',
                free_at REAL NOT NULL DEFAULT 0
            )
        """)


def keep(event_id, body, signature):
    """Put an event into the inbox, unless it is there; it is on the disk when this returns."""
    with connect() as connection, connection:
        connection.execute(
            "INSERT INTO inbox (event_id, body, signature) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (event_id, body, signature),
        )


def claim():
    """Take an event for the time of a lease, so that no other worker does; None where none is free."""
    # TODO 2: count the attempt, here or later?
    now = time.time()
    with connect() as connection, connection:
        found = connection.execute(
            "SELECT event_id, body, signature, free_at FROM inbox"
            " WHERE status = 'pending' AND free_at <= ? ORDER BY rowid LIMIT 1",
            (now,),
        ).fetchone()
        if found is None:
            return None
        event_id, body, signature, free_at = found
        taken = connection.execute(
            "UPDATE inbox SET free_at = ? WHERE event_id = ? AND free_at = ?",
            (now + LEASE, event_id, free_at),
        )
    return (event_id, body, signature) if taken.rowcount == 1 else None


def finish(event_id):
    with connect() as connection, connection:
        connection.execute("UPDATE inbox SET status = 'done' WHERE event_id = ?", (event_id,))


def put_back(event_id):
    """Let the event be taken again, after a pause."""
    # TODO 3: a wait that doubles each time, with chance in it
    with connect() as connection, connection:
        connection.execute("UPDATE inbox SET free_at = ? WHERE event_id = ?", (time.time() + PAUSE, event_id))


# -- the worker -------------------------------------------------------------------------------------


def hand_over(event_id, body, signature):
    """Tell the bookkeeping; True when it has the event. It gives up well before the lease ends."""
    # TODO 4: two kinds of False: not now, and never
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": event_id,
        "X-Hub-Signature-256": signature,
    }
    call = urllib.request.Request(BOOKKEEPING, body, headers)
    try:
        with urllib.request.urlopen(call, timeout=LEASE / 2):
            return True
    except (OSError, HTTPException) as error:
        print(f"{event_id}: {error}")
        return False


def work_once():
    """Work on one event; False when there was nothing to do."""
    claimed = claim()
    if claimed is None:
        return False
    event_id, body, signature = claimed
    if hand_over(event_id, body, signature):
        finish(event_id)
    else:
        put_back(event_id)  # TODO 5: unless it was the last attempt
    return True


def work():
    """Work for ever. An error ends one attempt, never the worker: the inbox still has the event."""
    while True:
        try:
            worked = work_once()
        except sqlite3.Error as error:
            print(f"worker: {error}")
            worked = False
        if not worked:
            time.sleep(PAUSE)


# -- the routes -------------------------------------------------------------------------------------


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    keep(event["id"], body, signature)
    print(event["id"], event["type"])
    return {"received": True}, 202


@app.errorhandler(sqlite3.Error)
def try_again_later(error):
    return {"error": str(error)}, 503


@app.get("/inbox/<event_id>")
def show(event_id):
    with connect() as connection:
        found = connection.execute("SELECT status FROM inbox WHERE event_id = ?", (event_id,)).fetchone()
    if found is None:
        return {"error": "no such event"}, 404
    return {"status": found[0]}


# TODO 6: GET /dead, and POST /dead/<id>/replay


if __name__ == "__main__":
    create_inbox()
    threading.Thread(target=work, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
