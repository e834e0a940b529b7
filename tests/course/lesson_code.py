"""The code fences of lessons, and the means to run them as a reader would."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.content.fences import Fence as Block
from app.content.fences import fences as blocks_of

LESSONS = Path(__file__).parents[2] / "lessons"
VARIABLE = re.compile(r"""environ(?:\.get)?[\[(]["'](\w+)|process\.env\.(\w+)""")
TAB = re.compile(r"""===[!+]? "(.+)\"""")
SUFFIXES = {"python": ".py", "javascript": ".mjs", "bash": ".sh"}
SECRET = "known+to+both+sides+"  # base64 as well, for those who decode it
both_receivers = pytest.mark.parametrize(
    "file", [pytest.param("receiver.py", id="flask"), pytest.param("receiver.mjs", id="express")]
)


@dataclass(frozen=True)
class Fence:
    """One fenced block: `line` is where it starts, `follower` the fence that comes directly after it."""

    lesson: Path
    line: int
    language: str
    info: str
    code: str
    follower: "Fence | None" = None

    @property
    def is_run(self) -> bool:
        """Say whether the lesson claims to have run it."""
        return self.info == "run"

    @property
    def file(self) -> str:
        """Return the name of the program that it is, or ""."""
        return self.info.removeprefix("file=") if self.info.startswith("file=") else ""

    @property
    def name(self) -> str:
        """Return what a test report calls it, such as raw-bytes:52:python."""
        return f"{self.lesson.stem[3:]}:{self.line}:{self.language}"


def fences(lesson: Path) -> tuple[Fence, ...]:
    """Return all fences of a lesson, those in tabs and notes with their indent taken off."""
    text = lesson.read_text(encoding="utf-8")
    lines = text.split("\n")
    found: list[Fence] = []
    after: Block | None = None
    for block in reversed(list(blocks_of(text))):
        code = block.text + "\n" if block.text else ""
        follows = after is not None and not any(line.strip() for line in lines[block.end : after.line - 1])
        follower = found[-1] if follows else None
        found.append(Fence(lesson, block.line, block.language, " ".join(block.options), code, follower))
        after = block
    return tuple(reversed(found))


def tabs(lesson: Path) -> tuple[dict[str, list[Fence]], ...]:
    """Return each group of tabs: the programs and samples that stand under each label."""
    by_line = {fence.line: fence for fence in fences(lesson) if fence.language in SUFFIXES}
    groups: list[dict[str, list[Fence]]] = []
    label, depth = "", -1
    for number, line in enumerate(lesson.read_text(encoding="utf-8").split("\n"), 1):
        indent = len(line) - len(line.lstrip())
        if found := TAB.fullmatch(line.strip()):
            if indent != depth:
                groups.append({})
            label, depth = found[1], indent
        elif line.strip() and indent <= depth:
            depth = -1  # the next tab begins another group
        elif number in by_line and depth >= 0:
            groups[-1].setdefault(label, []).append(by_line[number])
    return tuple(group for group in groups if group)


def all_fences() -> tuple[Fence, ...]:
    """Return the fences of all lessons of the course."""
    return tuple(fence for lesson in sorted(LESSONS.glob("*.md")) for fence in fences(lesson))


def program(lesson: str, file: str) -> Fence:
    """Return the whole program `file` that the lesson shows."""
    return next(f for f in all_fences() if f.lesson.stem.endswith(lesson) and f.file == file)


@dataclass(frozen=True)
class Machine:
    """What runs samples: the interpreters, and a folder in which their files go."""

    node: Path | None
    node_modules: Path | None
    folder: Path

    def command(self, fence: Fence) -> list[str]:
        """Write the sample into the folder and return what starts it."""
        path = self.folder / (fence.file or "sample" + SUFFIXES[fence.language])
        path.write_text(fence.code, encoding="utf-8")
        if fence.language == "python":
            return [sys.executable, str(path)]
        if fence.language == "bash":
            return ["bash", "-eu", str(path)]
        link = self.folder / "node_modules"
        if not link.exists():
            assert self.node_modules is not None
            link.symlink_to(self.node_modules, target_is_directory=True)
        return [str(self.node), str(path)]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment that the course gives programs, without the developer's own settings."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
        return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "DATA_DIR": str(self.folder), **more}

    def run(self, fence: Fence, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a sample to its end."""
        return subprocess.run(
            self.command(fence), cwd=self.folder, env=self.environment(**more),
            capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip

    @contextmanager
    def serve(self, fence: Fence, **more: str) -> Iterator["Server"]:
        """Start a sample that is a server, wait until its port is open, and kill it at the end."""
        port = _free_port()
        environment = {**named_variables(fence), **self.environment(**more), "PORT": str(port)}
        output, log = self.folder / f"printed-{port}", self.folder / f"log-{port}"
        with output.open("wb") as stdout, log.open("wb") as stderr:
            process = subprocess.Popen(
                self.command(fence), cwd=self.folder, env=environment, stdout=stdout, stderr=stderr
            )
        try:
            _wait_until_open(process, port, log)
            yield Server(port, output)
        finally:
            process.kill()
            process.wait()


MachineFor = Callable[[Fence], Machine]


@dataclass(frozen=True)
class Server:
    """A running sample."""

    port: int
    output: Path

    def printed(self) -> list[str]:
        """Return the lines on its standard output, without those of Flask's start."""
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if not line.startswith(" * ")]

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Send one request; return the status and the body of the answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, dict(headers or {"Content-Type": "application/json"}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")


def send_together(servers: list[Server], path: str, body: bytes, times: int) -> list[int]:
    """POST the same body `times` times at once, to the servers in turn; return the statuses."""
    barrier = threading.Barrier(times)
    statuses: list[int] = []

    def deliver(server: Server) -> None:
        barrier.wait()
        statuses.append(server.send("POST", path, body)[0])

    threads = [threading.Thread(target=deliver, args=(servers[i % len(servers)],)) for i in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def named_variables(fence: Fence) -> dict[str, str]:
    """Give a value to each environment variable that the sample names."""
    return {python or javascript: SECRET for python, javascript in VARIABLE.findall(fence.code)}


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(1500):
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
            return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            break
    raise AssertionError(f"It never opened port {port}.\n{log.read_text(encoding='utf-8', errors='replace')}")
