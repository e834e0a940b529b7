"""Many tenants, and a journal of the secrets that were given out: it only grows, and is read each time."""

import base64
import hmac
import json
import os
import re
import secrets
import time
from pathlib import Path

from flask import Flask, abort, request

app = Flask(__name__)

TOKEN = os.environ.get("ADMIN_TOKEN")
if not TOKEN:
    raise SystemExit("Set ADMIN_TOKEN.")
JOURNAL = Path(os.environ["DATA_DIR"]) / "journal.ndjson"
JOURNAL.touch()
REFUSED = ({"error": "refused"}, 401)


def write(tenant, key, overlap):
    """Add a line: one write behind the last one, so that two programs never mix theirs."""
    entry = {"tenant": tenant, "key": key.hex(), "at": time.time_ns() // 1_000_000, "overlap": overlap}
    line = json.dumps(entry).encode() + b"\n"
    file = os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line)
        os.fsync(file)
    finally:
        os.close(file)


def valid_keys(tenant):
    """Play the journal: each entry of a tenant brings a key, and an end for all that came before it."""
    keys = []
    whole, _, _ = JOURNAL.read_text().rpartition("\n")  # what is being written has no end yet
    for entry in map(json.loads, whole.splitlines()):
        if entry["tenant"] == tenant:
            end = entry["at"] + entry["overlap"]
            keys = [(key, at, end if ends is None else min(ends, end)) for key, at, ends in keys]
            keys.append((bytes.fromhex(entry["key"]), entry["at"], None))
    now = time.time_ns() // 1_000_000
    return [each for each in reversed(keys) if each[2] is None or each[2] > now]


@app.post("/webhook/<tenant>")
def receive(tenant):
    sent = [request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
    message_id, timestamp, signatures = sent
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > 300:
        return REFUSED
    signed = f"{message_id}.{timestamp}.".encode() + request.get_data()
    macs = [hmac.digest(key, signed, "sha256") for key, _, _ in valid_keys(tenant)]
    right = [b"v1," + base64.b64encode(mac) for mac in macs]
    given = [each.encode() for each in signatures.split(" ")]
    if not any(hmac.compare_digest(one, other) for one in right for other in given):
        return REFUSED
    event = request.get_json(force=True, silent=True)
    if not isinstance(event, dict) or not {"id", "type"} <= event.keys():
        return {"error": "no event"}, 400
    print(f"{tenant}: {event['type']} {event['id']}")
    return "", 204


@app.before_request
def keep_strangers_out():
    given = request.headers.get("Authorization", "").encode()
    if request.path.startswith("/admin/") and not hmac.compare_digest(given, f"Bearer {TOKEN}".encode()):
        abort(403)


@app.post("/admin/<tenant>/secrets")
def give_out(tenant):
    key = secrets.token_bytes(24)
    write(tenant, key, request.get_json()["overlap_ms"])
    return {"secret": "whsec_" + base64.b64encode(key).decode()}


@app.get("/admin/<tenant>/secrets")
def list_valid(tenant):
    return {"secrets": [{"created": at, "ends": ends} for _, at, ends in valid_keys(tenant)]}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
