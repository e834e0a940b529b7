"""A receiver that tries again with patience, gives up in the end, and keeps what it gave up."""

import hashlib
import hmac
import json
import os
import random
import sqlite3
import threading
import time
import urllib.error
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
TRY_LATER = (408, 429)


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
    with connect() as connection, connection:
        connection.execute("""
            CREATE TABLE IF NOT EXISTS inbox (
                event_id TEXT PRIMARY KEY,
                body BLOB NOT NULL,
                signature TEXT NOT NULL,
                status TEXT NOT NULL DEFAULT 'pending',
                free_at REAL NOT NULL DEFAULT 0,
                attempts INTEGER NOT NULL DEFAULT 0,
                wait_ms REAL,
                reason TEXT
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
    """Take an event for a lease, and count the attempt before it is made; None where none is free."""
    now = time.time()
    with connect() as connection, connection:
        found = connection.execute(
            "SELECT event_id, body, signature, attempts, free_at FROM inbox"
            " WHERE status = 'pending' AND free_at <= ? ORDER BY free_at, rowid LIMIT 1",
            (now,),
        ).fetchone()
        if found is None:
            return None
        event_id, body, signature, attempts, free_at = found
        taken = connection.execute(
            "UPDATE inbox SET free_at = ?, attempts = attempts + 1 WHERE event_id = ? AND free_at = ?",
            (now + LEASE, event_id, free_at),
        )
    return (event_id, body, signature, attempts + 1) if taken.rowcount == 1 else None


def finish(event_id):
    with connect() as connection, connection:
        connection.execute("UPDATE inbox SET status = 'done' WHERE event_id = ?", (event_id,))


def put_back(event_id, attempt, reason):
    """Let the event be taken again after a wait that doubles each time, and is never the same for two."""
    longest = RETRY_BASE_MS * 2 ** (attempt - 1)
    wait_ms = random.uniform(longest / 2, longest)
    with connect() as connection, connection:
        connection.execute(
            "UPDATE inbox SET free_at = ?, wait_ms = ?, reason = ? WHERE event_id = ?",
            (time.time() + wait_ms / 1000, wait_ms, reason, event_id),
        )


def give_up(event_id, attempts, reason):
    """Put the event aside for people to look at. Nothing of it is thrown away."""
    with connect() as connection, connection:
        connection.execute(
            "UPDATE inbox SET status = 'dead', attempts = ?, reason = ? WHERE event_id = ?",
            (attempts, reason, event_id),
        )


def revive(event_id):
    """Let a dead event be tried again from the beginning; False where it is not dead."""
    with connect() as connection, connection:
        revived = connection.execute(
            "UPDATE inbox SET status = 'pending', attempts = 0, free_at = 0"
            " WHERE event_id = ? AND status = 'dead'",
            (event_id,),
        )
    return revived.rowcount == 1


# -- the worker -------------------------------------------------------------------------------------


class Failed(Exception):
    """The bookkeeping does not have the event; `for_good` says that it never will."""

    def __init__(self, reason, for_good):
        super().__init__(reason)
        self.for_good = for_good


def hand_over(event_id, body, signature):
    """Tell the bookkeeping. It gives up well before the lease ends."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": event_id,
        "X-Hub-Signature-256": signature,
    }
    call = urllib.request.Request(BOOKKEEPING, body, headers)
    try:
        with urllib.request.urlopen(call, timeout=LEASE / 2):
            pass
    except urllib.error.HTTPError as error:
        for_good = 400 <= error.code < 500 and error.code not in TRY_LATER
        raise Failed(f"the bookkeeping answered {error.code}", for_good) from error
    except (OSError, HTTPException) as error:
        raise Failed(f"the bookkeeping did not answer: {error}", for_good=False) from error


def work_once():
    """Work on one event; False when there was nothing to do."""
    claimed = claim()
    if claimed is None:
        return False
    event_id, body, signature, attempt = claimed
    if attempt > MOST_ATTEMPTS:
        # The last attempt never came to an end: the program did.
        give_up(event_id, MOST_ATTEMPTS, "the program ended during the last attempt")
        return True
    try:
        hand_over(event_id, body, signature)
    except Failed as failed:
        print(f"{event_id}, attempt {attempt}: {failed}")
        if failed.for_good or attempt == MOST_ATTEMPTS:
            give_up(event_id, attempt, str(failed))
        else:
            put_back(event_id, attempt, str(failed))
    else:
        finish(event_id)
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
        found = connection.execute(
            "SELECT status, attempts, wait_ms FROM inbox WHERE event_id = ?", (event_id,)
        ).fetchone()
    if found is None:
        return {"error": "no such event"}, 404
    return {"status": found[0], "attempts": found[1], "wait_ms": found[2]}


@app.get("/dead")
def list_dead():
    with connect() as connection:
        rows = connection.execute(
            "SELECT event_id, attempts, reason FROM inbox WHERE status = 'dead'"
        ).fetchall()
    return {"dead": [{"id": row[0], "attempts": row[1], "reason": row[2]} for row in rows]}


@app.post("/dead/<event_id>/replay")
def replay(event_id):
    if not revive(event_id):
        return {"error": "no such dead event"}, 404
    return {"replayed": event_id}, 202


if __name__ == "__main__":
    create_inbox()
    threading.Thread(target=work, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
