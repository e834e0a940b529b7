"""A receiver that judges what it knows, and ignores what it doesn't,
with a small bus to which departments subscribe, and its lists in SQLite."""

import hashlib
import hmac
import json
import os
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import departments
from flask import Flask, request
from jsonschema import Draft202012Validator

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

DATABASE = Path(os.environ["DATA_DIR"]) / "receiver.db"


class Misfit(Exception):
    """An event that is wanted and does not fit; its argument is the JSON Pointer (RFC 6901)."""


class Schemas:
    """All schemas, compiled once."""

    def __init__(self, file: Path):
        checker = Draft202012Validator.FORMAT_CHECKER
        self._versions = {
            kind: {
                number: Draft202012Validator(schema, format_checker=checker)
                for number, schema in versions.items()
            }
            for kind, versions in json.loads(file.read_text()).items()
        }

    def __contains__(self, kind):
        return kind in self._versions

    def judge(self, event):
        """Raise Misfit where the event does not fit the schema of its type and version."""
        version = event.get("version")
        validator = self._versions[event["type"]].get(str(version)) if type(version) is int else None
        if validator is None:
            raise Misfit("/version")
        for error in validator.iter_errors(event):
            steps = [str(step).replace("~", "~0").replace("/", "~1") for step in error.absolute_path]
            raise Misfit("".join(f"/{step}" for step in steps))


class Bus:
    """Hands an event to everybody who subscribed to its type."""

    def __init__(self):
        self._listeners = defaultdict(list)

    def subscribe(self, listener, *kinds):
        for kind in kinds:
            self._listeners[kind].append(listener)

    def publish(self, event):
        """Return the names of the listeners that failed."""
        failed = []
        for listener in self._listeners[event["type"]]:
            try:
                listener(event)
            except Exception as error:
                app.logger.warning("%s failed: %s", listener.__name__, error)
                failed.append(listener.__name__)
        return failed


schemas = Schemas(Path("schemas.json"))
bus = Bus()
bus.subscribe(departments.bookkeeping, "invoice.paid", "invoice.refunded")
bus.subscribe(departments.mail, "invoice.paid", "invoice.refunded", "customer.updated")
bus.subscribe(departments.statistics, "invoice.paid", "customer.updated")


def connect():
    connection = sqlite3.connect(DATABASE, timeout=5)
    connection.row_factory = sqlite3.Row
    return closing(connection)


def create_tables():
    with connect() as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS quarantine (id TEXT, type TEXT, pointer TEXT)")
        connection.execute("CREATE TABLE IF NOT EXISTS failures (id TEXT, department TEXT)")


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
    if not isinstance(event, dict):
        return None
    named = isinstance(event.get("id"), str) and isinstance(event.get("type"), str)
    return event if named else None


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    if event["type"] not in schemas:
        return {"status": "ignored"}, 202
    try:
        schemas.judge(event)
    except Misfit as misfit:
        with connect() as connection, connection:
            row = (event["id"], event["type"], str(misfit))
            connection.execute("INSERT INTO quarantine VALUES (?, ?, ?)", row)
        return {"status": "quarantined"}, 202
    failed = bus.publish(event)
    with connect() as connection, connection:
        rows = [(event["id"], department) for department in failed]
        connection.executemany("INSERT INTO failures VALUES (?, ?)", rows)
    return {"status": "handled"}, 202


@app.get("/quarantine")
def show_quarantine():
    with connect() as connection:
        rows = connection.execute("SELECT id, type, pointer FROM quarantine ORDER BY rowid").fetchall()
    return {"quarantine": [dict(row) for row in rows]}


@app.get("/failures")
def show_failures():
    with connect() as connection:
        rows = connection.execute("SELECT id, department FROM failures ORDER BY rowid").fetchall()
    return {"failures": [dict(row) for row in rows]}


if __name__ == "__main__":
    create_tables()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
