"""Computes and compares HMACs: the key comes in hex, the message is the body."""

import hashlib
import hmac
import os

from flask import Flask, request

app = Flask(__name__)


def read_key():
    """Return the key of this request as bytes, or None where there is none."""
    try:
        return bytes.fromhex(request.headers.get("X-Key-Hex", "")) or None
    except ValueError:
        return None


def signature_of(key: bytes, body: bytes) -> str:
    """Return the HMAC-SHA256 of the body as 64 hex digits."""
    return hmac.new(key, body, hashlib.sha256).hexdigest()


@app.post("/hmac")
def compute():
    key = read_key()
    if key is None:
        return {"error": "X-Key-Hex holds no key"}, 400
    return signature_of(key, request.get_data()), 200, {"Content-Type": "text/plain"}


@app.post("/verify")
def verify():
    key = read_key()
    if key is None:
        return {"error": "X-Key-Hex holds no key"}, 400
    expected = signature_of(key, request.get_data())
    received = request.headers.get("X-Signature", "")
    if not hmac.compare_digest(expected.encode(), received.encode()):
        return {"error": "the signature does not match"}, 403
    return "", 204


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
