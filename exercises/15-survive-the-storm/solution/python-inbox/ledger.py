"""The inbox, and the ledger that is made of it."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ["DATA_DIR"]) / "storm.sqlite"

TABLES = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS inbox (
        number INTEGER PRIMARY KEY, event_id TEXT UNIQUE, kind TEXT, body BLOB, state TEXT DEFAULT 'new'
    );
    CREATE TABLE IF NOT EXISTS entries (event_id TEXT PRIMARY KEY, account TEXT, cents INTEGER);
    CREATE TABLE IF NOT EXISTS accounts (
        account TEXT PRIMARY KEY, version INTEGER, plan TEXT, closed INTEGER
    );
"""


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=5, isolation_level=None))


def create_tables():
    with connect() as connection:
        connection.executescript(TABLES)


def put_into_inbox(event_id: str, kind: str, body: bytes):
    """Keep an event; it is on the disk when this returns. One that is there already changes nothing."""
    with connect() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO inbox (event_id, kind, body) VALUES (?, ?, ?)", (event_id, kind, body)
        )


def work_once() -> bool:
    """Book the oldest event of the inbox and mark it, in one transaction; False when none waits.

    The transaction begins with the lock of the one writer, so two copies never book the same event.
    """
    with connect() as connection:
        if connection.execute("SELECT 1 FROM inbox WHERE state = 'new' LIMIT 1").fetchone() is None:
            return False
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(
            "SELECT number, event_id, kind, body FROM inbox WHERE state = 'new' ORDER BY number LIMIT 1"
        ).fetchone()
        if row is not None:
            number, event_id, kind, body = row
            state = book(connection, event_id, kind, json.loads(body).get("data"))
            connection.execute("UPDATE inbox SET state = ? WHERE number = ?", (state, number))
        connection.execute("COMMIT")
        return True


def book(connection, event_id: str, kind: str, data) -> str:
    """Book one event; returns what becomes of it: booked, aside or ignored."""
    match kind, data:
        case "payment.received" | "payment.refunded", {"account": str(account), "amount": int(cents)} if (
            counts(cents)
        ):
            sign = 1 if kind == "payment.received" else -1
            connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (event_id, account, sign * cents))
        case "account.changed", {"account": str(account), "version": int(version), "plan": str(plan)} if (
            counts(version)
        ):
            tell(connection, account, version, plan, closed=False)
        case "account.closed", {"account": str(account), "version": int(version)} if counts(version):
            tell(connection, account, version, None, closed=True)
        case "payment.received" | "payment.refunded" | "account.changed" | "account.closed", _:
            return "aside"
        case _:
            return "ignored"
    return "booked"


def counts(number) -> bool:
    return not isinstance(number, bool) and number > 0


def tell(connection, account, version, plan, closed):
    """Take over a state of an account, unless a later one is there. Nobody else can write meanwhile."""
    known = connection.execute("SELECT version FROM accounts WHERE account = ?", (account,)).fetchone()
    if known is None or known[0] < version:
        connection.execute(
            "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", (account, version, plan, closed)
        )


def show(connection) -> dict:
    read = connection.execute
    return {
        "balances": dict(read("SELECT account, sum(cents) FROM entries GROUP BY account")),
        "plans": dict(read("SELECT account, plan FROM accounts WHERE NOT closed")),
        "set_aside": [row[0] for row in read("SELECT event_id FROM inbox WHERE state = 'aside'")],
    }
