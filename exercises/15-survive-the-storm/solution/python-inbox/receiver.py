"""A receiver that stores each event first and books it later: an inbox in front of the ledger."""

import base64
import hashlib
import hmac
import json
import os
import re
import sqlite3
import threading
import time

from flask import Flask, request
from ledger import connect, create_tables, put_into_inbox, show, work_once

app = Flask(__name__)

PAUSE = 0.01
"""Seconds for which the worker pauses when there is nothing to do."""


def read_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""


def keys_of(*names: str) -> list[bytes]:
    """Return the keys of all secrets that are set."""
    return [key for key in (read_key(os.environ.get(name) or "") for name in names) if key]


KEYS = keys_of("WEBHOOK_SECRET", "PREVIOUS_SECRET")
if not KEYS:
    raise SystemExit("Set WEBHOOK_SECRET.")


def is_genuine(body: bytes) -> bool:
    """Whether the request that is under way was signed by the provider, just now."""
    headers = request.headers
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return False
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    for item in headers.get("webhook-signature", "").split(" "):
        version, _, value = item.partition(",")
        for key in KEYS:
            right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
            if version == "v1" and hmac.compare_digest(right, value.encode()):
                return True
    return False


@app.post("/webhook")
def receive():
    body = request.get_data()
    if not is_genuine(body):
        return {"error": "not genuine"}, 401
    try:
        event = json.loads(body)
        event_id, kind = str(event["id"]), str(event["type"])
    except (ValueError, TypeError, KeyError):
        return {"error": "this is no event"}, 400
    put_into_inbox(event_id, kind, body)
    return {"received": True}, 202


@app.errorhandler(sqlite3.OperationalError)
def not_stored(error):
    return {"error": "it could not be stored now"}, 503


@app.get("/ledger")
def ledger():
    with connect() as connection:
        return show(connection)


def work():
    """Book what is in the inbox, for ever; an error ends one attempt, never the worker."""
    while True:
        try:
            if work_once():
                continue
        except sqlite3.OperationalError as error:
            print("worker:", error)
        time.sleep(PAUSE)


if __name__ == "__main__":
    create_tables()
    threading.Thread(target=work, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
