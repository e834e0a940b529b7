"""Four providers as classes: a door without a secret stays shut, and what can't be read is said to be so."""

import base64
import hashlib
import hmac
import json
import os
import time

from flask import Flask, jsonify, request

app = Flask(__name__)
records = []


class Provider:
    """What all have in common: a secret, a door, and a list that is looked through for repeats."""

    name = ""

    def __init__(self):
        self.key = os.environ.get(f"{self.name.upper()}_SECRET", "").encode()

    def digest(self, content):
        return hmac.digest(self.key, content, "sha256")

    def receive(self):
        body = request.get_data()
        if not self.key or not self.is_genuine(body):
            return jsonify(error="no signature of ours"), 403
        try:
            return self.answer(body)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return jsonify(error="signed, but nothing that we can read"), 400

    def answer(self, body):
        event_id, kind = self.read(json.loads(body))
        return self.keep(event_id, kind)

    def keep(self, event_id, kind):
        if not isinstance(event_id, str) or not isinstance(kind, str):
            return "", 202
        record = {"id": event_id, "provider": self.name, "type": kind, "seen": time.time()}
        if not any((each["provider"], each["id"]) == (self.name, event_id) for each in records):
            records.append(record)
        return "", 204


class Timed(Provider):
    """A provider that signs the time as well."""

    def is_near(self, text):
        return text.isascii() and text.isdigit() and len(text) < 12 and abs(int(text) - time.time()) < 300


class Stripe(Timed):
    name = "stripe"

    def is_genuine(self, body):
        named = [part.split("=", 1) for part in request.headers.get("Stripe-Signature", "").split(",")]
        times = [pair[1] for pair in named if pair[0] == "t" and len(pair) == 2]
        found = [pair[1] for pair in named if pair[0] == "v1" and len(pair) == 2]
        if not times or not self.is_near(times[0]):
            return False
        right = self.digest(times[0].encode() + b"." + body).hex().encode()
        return any([hmac.compare_digest(right, each.encode()) for each in found])

    def read(self, event):
        return event.get("id"), event.get("type")


class GitHub(Provider):
    name = "github"

    def is_genuine(self, body):
        right = b"sha256=" + self.digest(body).hex().encode()
        return hmac.compare_digest(right, request.headers.get("X-Hub-Signature-256", "").encode())

    def read(self, event):
        words = [request.headers["X-GitHub-Event"], event.get("action")]
        return request.headers["X-GitHub-Delivery"], ".".join(filter(None, words))


class Slack(Timed):
    name = "slack"

    def is_genuine(self, body):
        at = request.headers.get("X-Slack-Request-Timestamp", "")
        mac = hmac.new(self.key, digestmod=hashlib.sha256)
        for part in (b"v0:", at.encode(), b":", body):
            mac.update(part)
        right = f"v0={mac.hexdigest()}".encode()
        found = request.headers.get("X-Slack-Signature", "").encode()
        return hmac.compare_digest(right, found) and self.is_near(at)

    def answer(self, body):
        if request.mimetype == "application/x-www-form-urlencoded":
            # Flask reads the form from the bytes that were kept by get_data().
            return self.keep(request.form["trigger_id"], request.form["command"])
        event = json.loads(body)
        if event.get("type") == "url_verification":
            return jsonify(challenge=event["challenge"])
        inner = event.get("event")
        return self.keep(event.get("event_id"), inner["type"] if isinstance(inner, dict) else None)


class Shopify(Provider):
    name = "shopify"

    def is_genuine(self, body):
        right = base64.b64encode(self.digest(body))
        return hmac.compare_digest(right, request.headers.get("X-Shopify-Hmac-Sha256", "").encode())

    def read(self, event):
        if not isinstance(event, dict):
            raise TypeError
        return request.headers["X-Shopify-Webhook-Id"], request.headers["X-Shopify-Topic"]


for provider in (Stripe(), GitHub(), Slack(), Shopify()):
    app.add_url_rule(f"/in/{provider.name}", provider.name, provider.receive, methods=["POST"])


@app.get("/records")
def show():
    return jsonify(records=records)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
