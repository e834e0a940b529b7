"""The store: it keeps the events, how late each one came, and the cursor. It is given; you call it.

It lies in `$DATA_DIR`, so it outlives your program. What a call has written is on the disk when it returns.
"""

import os
import sqlite3
import threading
import time
from pathlib import Path

_lock = threading.Lock()
_database = sqlite3.connect(
    Path(os.environ["DATA_DIR"]) / "store.db", timeout=10, check_same_thread=False, isolation_level=None
)
_database.executescript("""
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS events (key TEXT PRIMARY KEY, way TEXT NOT NULL, delay_ms INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, time INTEGER NOT NULL);
""")


def keep(key: str, event: dict, way: str) -> None:
    """Keep an event that came by "poll" or by "push". Under each key only the first is kept, for ever."""
    _wait_if_held(f"keep-{event['id']}")
    delay_ms = max(0, time.time_ns() // 1_000_000 - event["created"])
    with _lock:
        added = _database.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", (key, way, delay_ms))
    if added.rowcount == 1:
        print(f"{event['id']} came by {way}, {delay_ms} ms after it happened")


def cursor() -> int:
    """Return the time that was given to `move_cursor` last, in milliseconds; 0 where there was none."""
    with _lock:
        found = _database.execute("SELECT time FROM cursors WHERE name = 'events'").fetchone()
    return found[0] if found else 0


def move_cursor(time_ms: int) -> None:
    """Remember a time, in milliseconds."""
    with _lock:
        _database.execute("INSERT OR REPLACE INTO cursors VALUES ('events', ?)", (time_ms,))


def summary() -> dict:
    """Return how many events came first by each of the two ways, and how late on average."""
    result = {"poll": {"events": 0, "delay_ms": None}, "push": {"events": 0, "delay_ms": None}}
    with _lock:
        rows = _database.execute("SELECT way, COUNT(*), AVG(delay_ms) FROM events GROUP BY way").fetchall()
    for way, events, delay_ms in rows:
        result[way] = {"events": events, "delay_ms": round(delay_ms)}
    return result


# What follows lets the checks stop your program at the worst moment. It does nothing otherwise.


def _wait_if_held(point: str) -> None:
    folder = os.environ.get("HOLD_DIR")
    held = Path(folder) / point if folder else None
    if held is None or not held.exists():
        return
    held.with_name(f"{point}.reached").touch()
    while held.exists():
        time.sleep(0.005)
