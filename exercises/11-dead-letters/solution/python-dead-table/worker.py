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
MOST_ATTEMPTS = 5


def hand_over(event_id, body, signature):
    """Make the call; returns why it failed and whether that is for good, or None."""
    call = urllib.request.Request(BOOKKEEPING, body)
    call.add_header("Content-Type", "application/json")
    call.add_header("Idempotency-Key", event_id)
    call.add_header("X-Hub-Signature-256", signature)
    try:
        with urllib.request.urlopen(call, timeout=inbox.LEASE * 0.6):
            return None
    except urllib.error.HTTPError as error:
        return f"status {error.code}", error.code // 100 == 4 and error.code not in (408, 429)
    except (OSError, HTTPException) as error:
        return f"no answer ({error})", False


def work_on(job):
    owner, attempt, *event = job
    if attempt > MOST_ATTEMPTS:
        inbox.bury(owner, MOST_ATTEMPTS, "it died with its worker in the last attempt")
        return
    failure = hand_over(*event)
    if failure is None:
        inbox.remove(owner)
    elif failure[1] or attempt == MOST_ATTEMPTS:
        inbox.bury(owner, attempt, failure[0])
    else:
        inbox.postpone(owner, attempt)


def work():
    while os.getppid() == RECEIVER:
        try:
            job = inbox.take()
            if job is not None:
                work_on(job)
                continue
        except sqlite3.Error as error:
            print(error)
        time.sleep(inbox.PAUSE)


if __name__ == "__main__":
    for _ in range(4):
        threading.Thread(target=work).start()
