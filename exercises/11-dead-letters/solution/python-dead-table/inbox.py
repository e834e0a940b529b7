"""The inbox: events, the jobs that are still to do, and the ones that were given up."""

import os
import random
import sqlite3
import time
import uuid
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ["DATA_DIR"]) / "receiver.db"
LEASE = int(os.environ["LEASE_MS"]) / 1000
PAUSE = int(os.environ["PAUSE_MS"]) / 1000
RETRY_BASE_MS = int(os.environ["RETRY_BASE_MS"])


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=5))


def create():
    with connect() as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript("""
            CREATE TABLE IF NOT EXISTS events (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                body BLOB NOT NULL,
                signature TEXT NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0,
                wait_ms INTEGER
            );
            CREATE TABLE IF NOT EXISTS dead (
                event INTEGER PRIMARY KEY REFERENCES events (number),
                reason TEXT NOT NULL
            );
            CREATE TABLE IF NOT EXISTS jobs (
                event INTEGER PRIMARY KEY REFERENCES events (number),
                owner TEXT,
                not_before REAL NOT NULL DEFAULT 0
            );
        """)


def keep(event_id, body, signature):
    """Keep an event and a job for it, unless the event is known."""
    with connect() as connection, connection:
        kept = connection.execute(
            "INSERT OR IGNORE INTO events (id, body, signature) VALUES (?, ?, ?)",
            (event_id, body, signature),
        )
        if kept.rowcount == 1:
            connection.execute("INSERT INTO jobs (event) VALUES (?)", (kept.lastrowid,))


def status(event_id):
    """An event is dead, or pending while there is a job for it, else done."""
    with connect() as connection:
        row = connection.execute(
            "SELECT attempts, wait_ms, jobs.event, dead.event FROM events"
            " LEFT JOIN jobs ON jobs.event = number LEFT JOIN dead ON dead.event = number WHERE id = ?",
            (event_id,),
        ).fetchone()
    if row is None:
        return None
    attempts, wait_ms, job, grave = row
    named = "dead" if grave is not None else "done" if job is None else "pending"
    return {"status": named, "attempts": attempts, "wait_ms": wait_ms}


def all_dead():
    with connect() as connection:
        rows = connection.execute(
            "SELECT id, attempts, reason FROM dead JOIN events ON event = number ORDER BY event"
        ).fetchall()
    return [dict(zip(("id", "attempts", "reason"), row, strict=True)) for row in rows]


def take():
    """Put a name on one job and return the job, or None. The name is void when the lease is over."""
    owner, now = str(uuid.uuid4()), time.time()
    with connect() as connection, connection:
        connection.execute(
            "UPDATE jobs SET owner = ?, not_before = ? WHERE event ="
            " (SELECT event FROM jobs WHERE not_before <= ? ORDER BY not_before, event LIMIT 1)",
            (owner, now + LEASE, now),
        )
        connection.execute(
            "UPDATE events SET attempts = attempts + 1"
            " WHERE number = (SELECT event FROM jobs WHERE owner = ?)",
            (owner,),
        )
        return connection.execute(
            "SELECT owner, attempts, id, body, signature FROM jobs JOIN events ON event = number"
            " WHERE owner = ?",
            (owner,),
        ).fetchone()


def remove(owner):
    with connect() as connection, connection:
        connection.execute("DELETE FROM jobs WHERE owner = ?", (owner,))


def postpone(owner, attempt):
    """Wait between a half and the whole of a time that doubles."""
    wait = round(RETRY_BASE_MS * 2 ** (attempt - 1) * (1 + random.random()) / 2)
    with connect() as connection, connection:
        connection.execute(
            "UPDATE events SET wait_ms = ? WHERE number = (SELECT event FROM jobs WHERE owner = ?)",
            (wait, owner),
        )
        connection.execute(
            "UPDATE jobs SET not_before = ? WHERE owner = ?", (time.time() + wait / 1000, owner)
        )


def bury(owner, attempts, reason):
    """Turn a job into an entry of the dead, in one transaction."""
    with connect() as connection, connection:
        connection.execute("INSERT INTO dead SELECT event, ? FROM jobs WHERE owner = ?", (reason, owner))
        connection.execute(
            "UPDATE events SET attempts = ? WHERE number = (SELECT event FROM jobs WHERE owner = ?)",
            (attempts, owner),
        )
        connection.execute("DELETE FROM jobs WHERE owner = ?", (owner,))


def revive(event_id):
    """Turn an entry of the dead into a fresh job; False where there is none."""
    with connect() as connection, connection:
        dug = connection.execute(
            "DELETE FROM dead WHERE event = (SELECT number FROM events WHERE id = ?)", (event_id,)
        )
        if dug.rowcount == 1:
            connection.execute("INSERT INTO jobs (event) SELECT number FROM events WHERE id = ?", (event_id,))
            connection.execute("UPDATE events SET attempts = 0, wait_ms = NULL WHERE id = ?", (event_id,))
    return dug.rowcount == 1
