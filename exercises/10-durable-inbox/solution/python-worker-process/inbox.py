"""The inbox: what was acknowledged and is not done yet lies here, and nowhere else."""

import os
import sqlite3
import time
import uuid
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ["DATA_DIR"]) / "receiver.db"
LEASE = int(os.environ["LEASE_MS"]) / 1000
PAUSE = int(os.environ["PAUSE_MS"]) / 1000


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
                signature TEXT NOT NULL
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
    """An event is done when there is no job for it any more."""
    with connect() as connection:
        row = connection.execute(
            "SELECT jobs.event FROM events LEFT JOIN jobs ON jobs.event = number WHERE id = ?", (event_id,)
        ).fetchone()
    if row is None:
        return None
    return "done" if row[0] is None else "pending"


def take():
    """Put a name on one job and return the job, or None. The name is void when the lease is over."""
    owner, now = str(uuid.uuid4()), time.time()
    with connect() as connection, connection:
        connection.execute(
            "UPDATE jobs SET owner = ?, not_before = ? WHERE event ="
            " (SELECT event FROM jobs WHERE not_before <= ? ORDER BY not_before, event LIMIT 1)",
            (owner, now + LEASE, now),
        )
        return connection.execute(
            "SELECT owner, id, body, signature FROM jobs JOIN events ON event = number WHERE owner = ?",
            (owner,),
        ).fetchone()


def remove(owner):
    with connect() as connection, connection:
        connection.execute("DELETE FROM jobs WHERE owner = ?", (owner,))


def postpone(owner):
    with connect() as connection, connection:
        connection.execute("UPDATE jobs SET not_before = ? WHERE owner = ?", (time.time() + PAUSE, owner))
