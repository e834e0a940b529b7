"""The ledger: it keeps the money of all accounts. It is given; you call it, exactly once for each event.

It lives in the same SQLite database as your own tables: `$DATA_DIR/receiver.db`. So what you write and what
the ledger writes can be one transaction: all of it happens, or none of it.

    with closing(ledger.open()) as connection, connection:
        ...your own statements...
        ledger.credit(connection, "acct_1", 500)

The block begins nothing by itself. The first INSERT, UPDATE or DELETE begins the transaction and takes the
database's write lock, for which other connections wait (up to five seconds). The end of the block commits.
If an exception leaves the block, everything in it is rolled back.
"""

import os
import sqlite3
import time
from pathlib import Path

WAIT_FOR_LOCK_SECONDS = 5.0


class LedgerUnavailable(Exception):
    """The ledger could not do it. Nothing was credited; the same call can succeed later."""


def open() -> sqlite3.Connection:
    """Open a new connection to the database, and make the ledger's table where it is missing.

    Open one for each request, in the thread that uses it, and close it afterwards.
    """
    connection = sqlite3.connect(
        Path(os.environ["DATA_DIR"]) / "receiver.db",
        timeout=WAIT_FOR_LOCK_SECONDS,
        isolation_level="IMMEDIATE",
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS ledger_entries (account TEXT NOT NULL, amount INTEGER NOT NULL)"
    )
    return connection


def credit(connection: sqlite3.Connection, account: str, amount: int) -> None:
    """Put an amount on an account, inside the transaction of this connection. It does not commit.

    Raises LedgerUnavailable when the ledger can't do it now.
    """
    _wait_if_held("ledger-before")
    _fail_if_asked("ledger-fail")
    connection.execute("INSERT INTO ledger_entries (account, amount) VALUES (?, ?)", (account, amount))
    _wait_if_held("ledger-after")


def balance(connection: sqlite3.Connection, account: str) -> int:
    """Return what is on an account; an account that nobody has credited holds 0."""
    total = connection.execute("SELECT SUM(amount) FROM ledger_entries WHERE account = ?", (account,))
    return total.fetchone()[0] or 0


# What follows lets the checks stop your program at the worst moments, or make the ledger fail.
# It does nothing otherwise.


def _wait_if_held(point: str) -> None:
    held = _signal_file(point)
    if held is None or not held.exists():
        return
    try:
        held.with_name(f"{point}.reached").touch(exist_ok=False)
    except FileExistsError:
        return  # another request stands here already; one is enough
    while held.exists():
        time.sleep(0.005)


def _fail_if_asked(point: str) -> None:
    asked = _signal_file(point)
    if asked is None:
        return
    try:
        asked.unlink()
    except FileNotFoundError:
        return
    raise LedgerUnavailable("the ledger is not available, try again later")


def _signal_file(point: str) -> Path | None:
    folder = os.environ.get("HOLD_DIR")
    return Path(folder) / point if folder else None
