"""A receiver with many tenants: each has secrets of its own, and they change without a gap."""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from flask import Flask, request

app = Flask(__name__)

TOLERANCE = 300
"""Seconds by which the sender's clock may be away from ours, in either direction."""

ADMIN_TOKEN = os.environ.get("ADMIN_TOKEN", "").encode()
if not ADMIN_TOKEN:
    raise SystemExit("Set ADMIN_TOKEN: without a token anybody could give out secrets.")

DATABASE = Path(os.environ["DATA_DIR"]) / "secrets.db"


def now_ms() -> int:
    return int(time.time() * 1000)


# -- the secrets ------------------------------------------------------------------------------------


def connect():
    return closing(sqlite3.connect(DATABASE, timeout=10, isolation_level=None))


with connect() as connection:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS secrets
            (number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, secret TEXT NOT NULL,
             created INTEGER NOT NULL, ends INTEGER)
    """)


def valid_secrets(tenant: str):
    """Return (secret, created, ends) of all that a tenant may sign with now, the newest first."""
    query = """
        SELECT secret, created, ends FROM secrets
        WHERE tenant = ? AND (ends IS NULL OR ends > ?) ORDER BY number DESC
    """
    with connect() as connection:
        return connection.execute(query, (tenant, now_ms())).fetchall()


def issue_secret(tenant: str, overlap: int) -> str:
    """Give a tenant a new secret; older ones end in `overlap` milliseconds, or at an earlier end."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    with connect() as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        now = now_ms()
        connection.execute(
            "UPDATE secrets SET ends = min(coalesce(ends, :end), :end) WHERE tenant = :tenant",
            {"tenant": tenant, "end": now + overlap},
        )
        connection.execute(
            "INSERT INTO secrets (tenant, secret, created) VALUES (?, ?, ?)", (tenant, secret, now)
        )
    return secret


# -- deliveries -------------------------------------------------------------------------------------


def is_fresh(timestamp: str) -> bool:
    """Whether a timestamp is a number of seconds, and near to our clock."""
    return bool(re.fullmatch(r"[0-9]{1,12}", timestamp)) and abs(time.time() - int(timestamp)) <= TOLERANCE


def is_authentic(secret: str, signed: bytes, signatures: str) -> bool:
    """Whether one of the signatures was made with this secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    return any(hmac.compare_digest(expected, each.encode()) for each in signatures.split(" "))


def is_from(tenant: str, body: bytes) -> bool:
    """Whether a tenant has signed this delivery with one of its secrets."""
    message_id = request.headers.get("webhook-id", "")
    timestamp = request.headers.get("webhook-timestamp", "")
    signatures = request.headers.get("webhook-signature", "")
    signed = f"{message_id}.{timestamp}.".encode() + body
    known = [secret for secret, _, _ in valid_secrets(tenant)]
    return is_fresh(timestamp) and any(is_authentic(secret, signed, signatures) for secret in known)


def read_event(body: bytes):
    """Return the event, or None where the bytes hold none."""
    try:
        event = json.loads(body)
    except ValueError:
        return None
    if not isinstance(event, dict) or "id" not in event or "type" not in event:
        return None
    return event


@app.post("/webhook/<tenant>")
def receive(tenant):
    body = request.get_data()
    if not is_from(tenant, body):
        return {"error": "not signed by this tenant"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    print(tenant, event["id"], event["type"])
    return {"received": True}


# -- for operators ----------------------------------------------------------------------------------


def is_operator() -> bool:
    """Whether the request carries our token."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return kind == "Bearer" and hmac.compare_digest(token.encode(), ADMIN_TOKEN)


@app.post("/admin/<tenant>/secrets")
def issue(tenant):
    if not is_operator():
        return {"error": "not an operator"}, 401
    overlap = request.get_json()["overlap_ms"]
    return {"secret": issue_secret(tenant, overlap)}, 201


@app.get("/admin/<tenant>/secrets")
def show(tenant):
    if not is_operator():
        return {"error": "not an operator"}, 401
    return {"secrets": [{"created": created, "ends": ends} for _, created, ends in valid_secrets(tenant)]}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
