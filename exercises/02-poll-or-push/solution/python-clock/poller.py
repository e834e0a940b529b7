"""A poller whose cursor is the provider's clock, as the first page of the last whole walk told it."""

import http.client
import json
import os
import threading
import time
from urllib.parse import urlencode, urlsplit

import store
from flask import Flask, jsonify, request

app = Flask(__name__)
provider = urlsplit(os.environ["PROVIDER_URL"])


class NoList(Exception):
    def __init__(self, why, seconds=0):
        super().__init__(why)
        self.seconds = seconds


class Poller:
    def __init__(self, interval_ms, overlap_ms):
        self.interval_ms = interval_ms
        self.overlap_ms = overlap_ms
        self.requests = 0
        self.wait_ms = 0

    def pages(self):
        """Yield page after page. What is wrong with one ends the walk with NoList."""
        query = {"since": max(0, store.cursor() - self.overlap_ms)}
        while query is not None:
            page = self.get(query)
            yield page
            query = None if page["next"] is None else {"page": page["next"]}

    def get(self, query):
        self.requests += 1
        connection = http.client.HTTPConnection(provider.hostname, provider.port, timeout=3)
        try:
            connection.request("GET", f"{provider.path}/events?{urlencode(query)}")
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoList(repr(error)) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise NoList(f"HTTP {answer.status}", float(answer.headers.get("Retry-After") or 0))
        page = json.loads(body)
        if not isinstance(page, dict) or not {"events", "next", "now"} <= page.keys():
            raise NoList("not a list")
        return page

    def walk(self):
        clock = None
        for page in self.pages():
            clock = clock or page["now"]
            for event in page["events"]:
                store.keep(event["id"], event, "poll")
        store.move_cursor(clock)

    def run(self):
        while True:
            seconds = 0
            try:
                self.walk()
            except NoList as error:
                seconds = error.seconds
            self.wait_ms = round(max(self.interval_ms, seconds * 1000))
            time.sleep(self.wait_ms / 1000)


poller = Poller(int(os.environ["POLL_INTERVAL_MS"]), int(os.environ["OVERLAP_MS"]))
deliveries = []


@app.post("/webhook")
def webhook():
    deliveries.append(request.content_length)
    event = json.loads(request.get_data())
    store.keep(event["id"], event, "push")
    return "", 204


@app.get("/stats")
def stats():
    by_way = store.summary()
    by_way["poll"].update(requests=poller.requests, wait_ms=poller.wait_ms)
    by_way["push"].update(requests=len(deliveries))
    return jsonify(by_way)


if __name__ == "__main__":
    threading.Thread(target=poller.run, daemon=True).start()
    app.run("127.0.0.1", int(os.environ["PORT"]))
