"""A receiver that judges events and hands them on. Fill in what is marked with TODO."""

import hashlib
import hmac
import json
import os
from pathlib import Path

import departments
from flask import Flask, request

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

DATA = Path(os.environ["DATA_DIR"])

SCHEMAS = json.loads(Path("schemas.json").read_text())
# TODO 2: one validator for each type and version, made once; formats are checked only if you ask for it.

# TODO 5: which departments listen to which type?


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


def misfit(event):
    """Return the JSON Pointer (RFC 6901) of what does not fit, or None when all fits."""
    # TODO 3: ask the validator. What if there is none for this version?
    return None


def handle(event):
    """Let each department that listens do its part; note which ones failed."""
    # TODO 5: call each one, such as departments.mail(event). One that fails must not stop the others.


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    # TODO 4: what if the type is not in SCHEMAS?
    # TODO 3: what if something does not fit?
    handle(event)
    return {"status": "handled"}, 202


@app.get("/quarantine")
def show_quarantine():
    return {"quarantine": []}  # TODO 3, and 6: it must still be there after a restart


@app.get("/failures")
def show_failures():
    return {"failures": []}  # TODO 5 and 6


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
