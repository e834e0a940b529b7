"""A receiver that keeps what it acknowledges, and what it gave up. The work is done by worker.py."""

import hashlib
import hmac
import json
import os
import sqlite3
import subprocess
import sys

import inbox
from flask import Flask, request

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")


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


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    try:
        inbox.keep(event["id"], body, signature)
    except sqlite3.Error as error:
        return {"error": str(error)}, 503
    return "", 204


@app.get("/inbox/<event_id>")
def show(event_id):
    status = inbox.status(event_id)
    if status is None:
        return {"error": "no such event"}, 404
    return status


@app.get("/dead")
def list_dead():
    return {"dead": inbox.all_dead()}


@app.post("/dead/<event_id>/replay")
def replay(event_id):
    return ("", 204) if inbox.revive(event_id) else ("not among the dead", 404)


if __name__ == "__main__":
    inbox.create()
    subprocess.Popen([sys.executable, "worker.py"])
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
