"""A receiver that also polls, and counts what each of the two ways costs."""

import json
import os
import threading
import time
import urllib.error
import urllib.request

import store
from flask import Flask, request

app = Flask(__name__)

EVENTS = os.environ["PROVIDER_URL"] + "/events"
POLL_INTERVAL_MS = int(os.environ["POLL_INTERVAL_MS"])
OVERLAP_MS = int(os.environ["OVERLAP_MS"])

counts = {"poll": {"requests": 0, "wait_ms": 0}, "push": {"requests": 0}}


# -- push: given ------------------------------------------------------------------------------------


@app.post("/webhook")
def receive():
    counts["push"]["requests"] += 1
    event = request.get_json()
    store.keep(event["id"], event, "push")
    return {"received": True}


# -- poll: yours ------------------------------------------------------------------------------------


def ask(query):
    """Ask the provider for one page of events. Anything but a 200 raises an exception."""
    counts["poll"]["requests"] += 1
    with urllib.request.urlopen(f"{EVENTS}?{query}", timeout=3) as answer:
        return json.load(answer)


def poll():
    """Keep what is new, page after page."""
    # TODO: ask(f"since={...}") gives the first page. Keep its events: store.keep(id, event, "poll").
    # TODO: while page["next"] is not None, there is another page: ask(f"page={...}").
    # TODO: go on where you were: store.cursor() and store.move_cursor(time), and OVERLAP_MS.


def poll_for_ever():
    """Poll, wait, and again."""
    while True:
        wait_ms = POLL_INTERVAL_MS
        try:
            poll()
        except Exception as error:
            print(f"poll: {error}")
            # TODO: if the provider asks for a longer wait, wait longer (error.headers, of an HTTPError).
        counts["poll"]["wait_ms"] = wait_ms
        time.sleep(wait_ms / 1000)


# -- side by side: given ----------------------------------------------------------------------------


@app.get("/stats")
def show_stats():
    kept = store.summary()
    return {way: {**kept[way], **counts[way]} for way in ("poll", "push")}


if __name__ == "__main__":
    threading.Thread(target=poll_for_ever, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
