"""A site of its own for measuring: started, entered, pressed, watched, ended."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CONTENT = Path(__file__).resolve().parent / "content"
EXERCISE = "eight-checks"
SOLUTION = CONTENT / "exercises" / "01-eight-checks" / "solution" / "python"
MAINS = {"python": "receiver.py", "javascript": "receiver.mjs"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True)
class Press:
    """Seconds from the press to the first result and to the verdict."""

    first: float
    verdict: float
    ended: str


class Site:
    """`course serve` in a process of its own, whose home holds the solution in a language."""

    def __init__(self, home: Path, language: str = "python", **settings: str):
        self._port = _free_port()
        folder, main = home / "exercises" / EXERCISE / language, MAINS[language]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / main).write_bytes((SOLUTION.with_name(language) / main).read_bytes())
        environment = {**os.environ, "COURSE_HOME": str(home), "COURSE_CONTENT": str(CONTENT), **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--no-browser", "--port", str(self._port)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._cookie, self._token = "", ""
        self._enter()

    def _enter(self) -> None:
        assert self.process.stdout is not None
        link = next(line.strip() for line in self.process.stdout if "/enter?" in line)
        connection = self._connect()
        connection.request("GET", link[link.index("/enter") :])
        answer = connection.getresponse()
        answer.read()
        self._cookie = str(answer.headers["Set-Cookie"]).split(";")[0]
        found = re.search(r'name="csrf" value="([^"]+)"', self._page())
        assert found is not None
        self._token = found[1]

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)

    def _headers(self) -> dict[str, str]:
        origin = f"http://127.0.0.1:{self._port}"
        return {"Cookie": self._cookie, "X-CSRF-Token": self._token, "Origin": origin}

    def _page(self) -> str:
        connection = self._connect()
        connection.request("GET", f"/exercises/{EXERCISE}", headers={"Cookie": self._cookie})
        return connection.getresponse().read().decode()

    def press(self) -> Press:
        """Press Check and follow the run to its end, as the page does."""
        began = time.monotonic()
        connection = self._connect()
        form = urlencode({"csrf": self._token})
        connection.request("POST", f"/exercises/{EXERCISE}/runs", form, {**FORM, **self._headers()})
        answer = connection.getresponse()
        run = json.loads(answer.read())["run"]
        first = 0.0
        for change in self._changes(run):
            if change["event"] == "check_finished" and not first:
                first = time.monotonic() - began
            if change["event"] == "run_finished":
                verdict = change["parts"]["run-summary"]
                return Press(first, time.monotonic() - began, "passed" if "is-passed" in verdict else verdict)
        raise AssertionError("the stream ended before the run")

    def _changes(self, run: str) -> Iterator[dict[str, Any]]:
        connection = self._connect()
        connection.request("GET", f"/runs/{run}/events?after=0", headers=self._headers())
        for line in connection.getresponse():
            if line.strip():
                yield json.loads(line)

    def close(self) -> None:
        """End the site as Ctrl-C does."""
        self.process.terminate()
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
