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


# -- push -------------------------------------------------------------------------------------------


@app.post("/webhook")
def receive():
    counts["push"]["requests"] += 1
    event = request.get_json()
    store.keep(event["id"], event, "push")
    return {"received": True}


# -- poll -------------------------------------------------------------------------------------------


def ask(query):
    """Ask the provider for one page of events. Anything but a 200 raises an exception."""
    counts["poll"]["requests"] += 1
    with urllib.request.urlopen(f"{EVENTS}?{query}", timeout=3) as answer:
        return json.load(answer)


def poll():
    """Keep what is new, page after page; the cursor follows behind."""
    page = ask(f"since={max(0, store.cursor() - OVERLAP_MS)}")
    while True:
        for event in page["events"]:
            store.keep(event["id"], event, "poll")
        if page["events"]:
            newest = page["events"][-1]["created"]
            store.move_cursor(max(newest, store.cursor()))
        if page["next"] is None:
            return
        page = ask(f"page={page['next']}")


def poll_for_ever():
    """Poll, wait, and again. Whatever fails, the cursor still says where to go on."""
    while True:
        wait_ms = POLL_INTERVAL_MS
        try:
            poll()
        except Exception as error:
            print(f"poll: {error}")
            wait_ms = max(wait_ms, asked_to_wait(error))
        counts["poll"]["wait_ms"] = wait_ms
        time.sleep(wait_ms / 1000)


def asked_to_wait(error):
    """Return for how many milliseconds the provider wants to be left alone."""
    if not isinstance(error, urllib.error.HTTPError):
        return 0
    seconds = error.headers.get("Retry-After", "0")
    return int(seconds) * 1000 if seconds.isdecimal() else 0


# -- side by side -----------------------------------------------------------------------------------


@app.get("/stats")
def show_stats():
    kept = store.summary()
    return {way: {**kept[way], **counts[way]} for way in ("poll", "push")}


if __name__ == "__main__":
    threading.Thread(target=poll_for_ever, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
