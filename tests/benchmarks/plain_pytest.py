"""What one would write without a course: pytest and httpx, the recorded requests, no evidence, no isolation.

Run as `RECORDED=… PROGRAM=… python -m pytest plain_pytest.py`.
"""

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

REQUESTS = json.loads(Path(os.environ["RECORDED"]).read_text()) if "RECORDED" in os.environ else []


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """Start the program and wait for its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = subprocess.Popen(
        [sys.executable, "receiver.py"],
        cwd=os.environ["PROGRAM"],
        env={**os.environ, "PORT": str(port), "WEBHOOK_SECRET": "x"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    program.kill()
    program.wait()


@pytest.mark.parametrize("number", range(len(REQUESTS)))
def test_recorded(base_url: str, number: int) -> None:
    """The program answers a recorded request with the recorded status."""
    request: dict[str, Any] = REQUESTS[number]
    body = base64.b64decode(request["body"])
    with httpx.Client() as client:
        url = base_url + request["target"]
        answer = client.request(request["method"], url, content=body, headers=dict(request["headers"]))
    assert answer.status_code == request["status"]
