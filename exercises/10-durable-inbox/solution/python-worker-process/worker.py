"""The worker: a process of its own with four threads, which hands events over to the bookkeeping."""

import os
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPException

import inbox

BOOKKEEPING = os.environ["DOWNSTREAM_URL"] + "/entries"
RECEIVER = os.getppid()


def hand_over(event_id, body, signature):
    call = urllib.request.Request(BOOKKEEPING, body)
    call.add_header("Content-Type", "application/json")
    call.add_header("Idempotency-Key", event_id)
    call.add_header("X-Hub-Signature-256", signature)
    with urllib.request.urlopen(call, timeout=inbox.LEASE * 0.6):
        pass


def work():
    while os.getppid() == RECEIVER:
        try:
            job = inbox.take()
            if job is None:
                time.sleep(inbox.PAUSE)
                continue
            owner, *event = job
            try:
                hand_over(*event)
            except (OSError, HTTPException):
                inbox.postpone(owner)
            else:
                inbox.remove(owner)
        except sqlite3.Error:
            time.sleep(inbox.PAUSE)


if __name__ == "__main__":
    for _ in range(4):
        threading.Thread(target=work).start()
