"""Computes and compares HMACs: the key comes in hex, the message is the body. Fill in what is marked TODO."""

import hashlib
import os

from flask import Flask, request

app = Flask(__name__)


def read_key():
    """Return the key of this request as bytes, or None where there is none."""
    # TODO 1: the header holds hex digits. Which bytes do they stand for?
    # TODO 3: what if there is no such header, or no hex in it?
    return request.headers.get("X-Key-Hex", "").encode()


def signature_of(key: bytes, body: bytes) -> str:
    """Return the HMAC-SHA256 of the body as 64 hex digits."""
    # TODO 1: this is a plain hash, which everybody can compute.
    return hashlib.sha256(body).hexdigest()


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
    # TODO 2: compare the header X-Signature with the signature that you expect; 403 where they differ.
    return "", 204


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
