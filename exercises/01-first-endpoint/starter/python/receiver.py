"""A receiver for webhooks. Fill in what is marked with TODO."""

import os

from flask import Flask, request

app = Flask(__name__)


# TODO 1: a function which answers POST /webhook, and returns something.
#         Here is one for another path, to see how it is done:


@app.get("/hello")
def hello():
    print("somebody said hello:", request.method, request.path)
    return {"hello": "world"}


# TODO 2: in your function, read the event from the request's body (it is JSON).
# TODO 3: print one line with the event's id and type.


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
