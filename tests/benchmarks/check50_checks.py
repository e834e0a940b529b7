"""The same requests as checks of check50, each of which starts the program: none outlives its check there.

Run by check50's own Python as `RECORDED=… PROGRAM=… PYTHON=… check50 --dev FOLDER`, with this file as the
folder's `__init__.py`.
"""

import base64
import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check50

REQUESTS = json.loads(Path(os.environ["RECORDED"]).read_text())


def answered(request: dict[str, Any]) -> int:
    """Start the program, send one request, stop it; return the status."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = subprocess.Popen(
        [os.environ["PYTHON"], "receiver.py"],
        cwd=os.environ["PROGRAM"],
        env={**os.environ, "PORT": str(port), "WEBHOOK_SECRET": "x"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        connection = connected(port)
        body = base64.b64decode(request["body"])
        connection.request(request["method"], request["target"], body or None, dict(request["headers"]))
        return connection.getresponse().status
    finally:
        program.kill()
        program.wait()


def connected(port: int) -> http.client.HTTPConnection:
    """Wait until the port accepts a connection, and return it."""
    for _ in range(2000):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.005)
        else:
            return connection
    raise check50.Failure("the program does not listen")


def a_check(number: int) -> Callable[[], None]:
    """Return the check of one recorded request."""

    def check() -> None:
        status = answered(REQUESTS[number])
        if status != REQUESTS[number]["status"]:
            raise check50.Failure(f"{status} instead of {REQUESTS[number]['status']}")

    check.__name__, check.__doc__ = f"request_{number}", f"request {number} is answered as recorded"
    return check50.check()(check)


for place in range(len(REQUESTS)):
    globals()[f"request_{place}"] = a_check(place)
