import os

from flask import Flask, request

app = Flask(__name__)


@app.post("/webhook")
def receive():
    return ("", 400) if request.get_json(silent=True) is None else ("", 200)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
