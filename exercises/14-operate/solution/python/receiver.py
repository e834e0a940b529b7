"""A receiver that can be operated: it has limits, says what it does, and keeps what is not for everybody."""

import hashlib
import hmac
import json
import os
import threading
import time
from collections import Counter

import work
from flask import Flask, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

app = Flask(__name__)
MAX_BYTES = 1024 * 1024
app.config["MAX_CONTENT_LENGTH"] = (
    MAX_BYTES + 1
)  # a body in chunks is cut off there without an error: see below

SECRET = os.environ.get("WEBHOOK_SECRET", "").encode()
if not SECRET:
    raise SystemExit("Set WEBHOOK_SECRET: without a secret nobody can be told from the provider.")

MAX_IN_WORK = int(os.environ["MAX_IN_WORK"])


class Desk:
    """Counts what is in work, and lets no more than a limit in."""

    def __init__(self, limit: int):
        self._limit = limit
        self._lock = threading.Lock()
        self.in_work = 0

    def enter(self) -> bool:
        """Take a place; False when there is none."""
        with self._lock:
            free = self.in_work < self._limit
            self.in_work += free
            return free

    def leave(self) -> None:
        with self._lock:
            self.in_work -= 1


desk = Desk(MAX_IN_WORK)
deliveries = Counter(
    {verdict: 0 for verdict in ("accepted", "refused", "invalid", "too-large", "busy", "failed")}
)


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


def finished(verdict: str, status: int, event=None, **headers):
    """Count and log what became of a delivery, and answer it."""
    deliveries[verdict] += 1
    line = {
        "event_id": event["id"] if event else None,
        "type": event["type"] if event else None,
        "verdict": verdict,
        "status": status,
        "ms": round((time.monotonic() - g.began) * 1000, 1),
    }
    print(json.dumps(line), flush=True)
    body = {"received": True} if status < 300 else {"error": verdict}
    return body, status, {name.replace("_", "-"): value for name, value in headers.items()}


@app.before_request
def note_the_time():
    g.began = time.monotonic()


@app.post("/webhook")
def receive():
    try:
        body = request.get_data()
    except RequestEntityTooLarge:
        return finished("too-large", 413)
    if len(body) > MAX_BYTES:
        return finished("too-large", 413)
    if not is_authentic(body, request.headers.get("X-Hub-Signature-256", "")):
        return finished("refused", 401)
    event = read_event(body)
    if event is None:
        return finished("invalid", 400)
    if not desk.enter():
        return finished("busy", 503, event, Retry_After="1")
    try:
        work.do(event)
    except Exception:
        return finished("failed", 500, event)
    finally:
        desk.leave()
    return finished("accepted", 202, event)


@app.get("/metrics")
def metrics():
    lines = [
        f'webhook_deliveries_total{{verdict="{verdict}"}} {number}' for verdict, number in deliveries.items()
    ]
    lines.append(f"webhook_in_work {desk.in_work}")
    return "\n".join(lines) + "\n", 200, {"Content-Type": "text/plain; version=0.0.4"}


@app.errorhandler(HTTPException)
def refuse(error):
    return {"error": error.name.lower()}, error.code


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
