"""A receiver for Standard Webhooks that reads the list of signatures into a table first."""

import base64
import hashlib
import hmac
import json
import os
import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from flask import Flask, abort, request

app = Flask(__name__)
WINDOW = timedelta(seconds=300)

secret = os.environ.get("WEBHOOK_SECRET", "").split("whsec_")[-1]
try:
    key = base64.b64decode(secret.encode("ascii"), validate=True)
except ValueError:
    key = b""
if len(key) == 0:
    print("WEBHOOK_SECRET holds no key.", file=sys.stderr)
    sys.exit(1)


def decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def signatures():
    """The values of the list by their version."""
    found = defaultdict(list)
    for item in request.headers.get("webhook-signature", "").split():
        version, _, value = item.partition(",")
        found[version].append(decoded(value))
    return found


@app.before_request
def verify():
    moment = request.headers.get("webhook-timestamp", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        abort(401)
    away = datetime.now(UTC) - datetime.fromtimestamp(int(moment), UTC)
    if abs(away) > WINDOW:
        abort(401)
    content = b".".join([request.headers.get("webhook-id", "").encode(), moment.encode(), request.get_data()])
    digest = hmac.digest(key, content, hashlib.sha256)
    if not any(hmac.compare_digest(digest, value) for value in signatures()["v1"]):
        abort(401)


@app.post("/webhook")
def receive():
    try:
        event = json.loads(request.get_data())
        print(event["id"], event["type"])
    except (ValueError, TypeError, KeyError):
        pass  # theirs, but nothing for us
    return "", 204


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
