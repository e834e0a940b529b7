"""The course as `course serve` runs it, for tests that need the whole program."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

PATIENT = (sys.executable, "-m", "tests.web.patient")
"""The command line in which programs may stand still as long as a test wants."""

READY = re.compile(r"http://127\.0\.0\.1:\d+/enter\?token=\S+")


class Course:
    """The course in its own process: it can be stopped and started again on the same port.

    A `patient` one waits for programs as long as the test does.
    """

    def __init__(self, home: Path, port: int, *, patient: bool = False) -> None:
        self.home = home
        self.port = port
        self.command_line = PATIENT if patient else (sys.executable, "-m", "app.cli")
        self.site = f"http://127.0.0.1:{port}"
        self.link = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait for its link."""
        command = [*self.command_line, "serve", "--no-browser", "--port", str(self.port)]
        environment = {**os.environ, "COURSE_HOME": str(self.home)}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found = READY.search(line)
            if found:
                self.link = found[0]
                return
        raise AssertionError("The course ended before it printed its link.")

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop it as Ctrl-C does; one that does not stop is killed, and fails the test."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End it as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate(timeout=120)

    def file(self, exercise: str) -> Path:
        """The learner's main file."""
        return self.home / "exercises" / exercise / "python" / "receiver.py"


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
