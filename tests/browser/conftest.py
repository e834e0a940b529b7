"""A real browser on a real course: the site in its own process, with a home of its own."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

READY = re.compile(r"http://127\.0\.0\.1:\d+/enter\?token=\S+")


class Course:
    """The course as `course serve` runs it: it can be stopped and started again on the same port."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.site = f"http://127.0.0.1:{port}"
        self.link = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait for its link."""
        command = [sys.executable, "-m", "app.cli", "serve", "--no-browser", "--port", str(self.port)]
        environment = {**os.environ, "COURSE_HOME": str(self.home)}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            found = READY.search(line)
            if found:
                self.link = found[0]
                return
        raise AssertionError("The course ended before it printed its link.")

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        assert self._process is not None
        self._process.send_signal(2)
        self._process.communicate(timeout=20)

    def file(self, exercise: str) -> Path:
        """The learner's main file."""
        return self.home / "exercises" / exercise / "python" / "receiver.py"


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    """The browser, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A running course with a new home."""
    course = Course(tmp_path_factory.mktemp("home"), free_port())
    course.start()
    yield course
    course.stop()


@pytest.fixture(scope="module")
def key(chromium: Browser, course: Course) -> dict[str, object]:
    """What a browser keeps once it came through the link."""
    context = chromium.new_context()
    context.new_page().goto(course.link)
    state = context.storage_state()
    context.close()
    return dict(state)


class Visit:
    """Opens browsers that are let in, and remembers everything they complained about."""

    def __init__(self, chromium: Browser, key: dict[str, object]) -> None:
        self._chromium = chromium
        self._key = key
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, width: int = 1280, **options: object) -> Page:
        """Open a page in a new browser."""
        settings = {"viewport": {"width": width, "height": 900}, "storage_state": self._key, **options}
        context = self._chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def visit(chromium: Browser, key: dict[str, object]) -> Iterator[Visit]:
    """A way in; the test fails if a page broke the content policy or a script failed."""
    visit = Visit(chromium, key)
    yield visit
    visit.close()
    assert visit.complaints == []
