"""The floor of the benchmark: start the program, send the recorded requests, compare, stop. Nothing else.

Standard library only; run as `python floor.py PROGRAM_FOLDER RECORDED.json`.
"""

import base64
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time


def main(folder: str, recorded: str) -> int:
    """Print the seconds from the start of this process's work to its verdict; 1 when an answer differs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(recorded) as stream:  # noqa: PTH123 - importing pathlib is part of what is measured
        requests = json.load(stream)
    program = subprocess.Popen(
        [sys.executable, "receiver.py"],
        cwd=folder,
        env={**os.environ, "PORT": str(port), "WEBHOOK_SECRET": "x"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        right = all(status(port, request) == request["status"] for request in requests)
    finally:
        program.kill()
        program.wait()
    print("passed" if right else "failed")
    return 0 if right else 1


def wait_for(port: int) -> None:
    """Wait until the port accepts a connection."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.005)


def status(port: int, request: dict) -> int:
    """Send one recorded request and return the answer's status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    body = base64.b64decode(request["body"])
    connection.request(request["method"], request["target"], body or None, dict(request["headers"]))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
