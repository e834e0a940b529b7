"""A receiver that judges what it knows, ignores what it doesn't, and lets no department stop another."""

import hashlib
import hmac
import json
import os
from pathlib import Path

import departments
from flask import Flask, request
from jsonschema import Draft202012Validator

app = Flask(__name__)

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

DATA = Path(os.environ["DATA_DIR"])
QUARANTINE = DATA / "quarantine.jsonl"
FAILURES = DATA / "failures.jsonl"

SCHEMAS = json.loads(Path("schemas.json").read_text())
VALIDATORS = {
    (kind, version): Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for kind, versions in SCHEMAS.items()
    for version, schema in versions.items()
}

LISTENERS = {
    "invoice.paid": (departments.bookkeeping, departments.mail, departments.statistics),
    "invoice.refunded": (departments.bookkeeping, departments.mail),
    "customer.updated": (departments.mail, departments.statistics),
}


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
    validator = VALIDATORS.get((event["type"], str(event.get("version"))))
    if validator is None:
        return "/version"
    error = next(validator.iter_errors(event), None)
    return pointer(error.absolute_path) if error is not None else None


def pointer(steps) -> str:
    """Write steps as a JSON Pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def handle(event):
    """Let each department that listens do its part; note which ones failed."""
    for department in LISTENERS[event["type"]]:
        try:
            department(event)
        except Exception:
            keep(FAILURES, {"id": event["id"], "department": department.__name__})


def keep(file: Path, entry: dict):
    """Append an entry as one JSON line."""
    with file.open("a") as lines:
        lines.write(json.dumps(entry) + "\n")


def kept(file: Path):
    """Return all entries, the oldest first."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@app.post("/webhook")
def receive():
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not is_authentic(body, signature):
        return {"error": "the signature does not match"}, 401
    event = read_event(body)
    if event is None:
        return {"error": "this is no event"}, 400
    if event["type"] not in SCHEMAS:
        return {"status": "ignored"}, 202
    where = misfit(event)
    if where is not None:
        keep(QUARANTINE, {"id": event["id"], "type": event["type"], "pointer": where})
        return {"status": "quarantined"}, 202
    handle(event)
    return {"status": "handled"}, 202


@app.get("/quarantine")
def show_quarantine():
    return {"quarantine": kept(QUARANTINE)}


@app.get("/failures")
def show_failures():
    return {"failures": kept(FAILURES)}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
