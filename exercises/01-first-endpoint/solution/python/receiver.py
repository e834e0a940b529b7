"""A receiver for webhooks: it answers POST /webhook and prints which event arrived."""

import os

from flask import Flask, request

app = Flask(__name__)


@app.post("/webhook")
def receive():
    event = request.get_json()
    print(event["id"], event["type"])
    return {"received": True}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
