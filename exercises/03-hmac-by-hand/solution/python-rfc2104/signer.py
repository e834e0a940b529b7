"""Computes and compares HMACs, built from SHA-256 as RFC 2104 says."""

import hashlib
import os

from flask import Flask, request

app = Flask(__name__)

BLOCK = 64
"""SHA-256 works in blocks of so many bytes."""


def read_key():
    """Return the key of this request as bytes, or None where there is none."""
    try:
        return bytes.fromhex(request.headers.get("X-Key-Hex", "")) or None
    except ValueError:
        return None


def signature_of(key: bytes, body: bytes) -> str:
    """Return the HMAC-SHA256 of the body as 64 hex digits."""
    if len(key) > BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key) + body).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in key) + inner).hexdigest()


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
    if expected != received:
        return {"error": "the signature does not match"}, 403
    return "", 204


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
