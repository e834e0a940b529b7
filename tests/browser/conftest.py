"""A real browser on a real course: the site in its own process, with a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.web.running import Course, free_port

PATIENCE = 60_000
"""Ms that a page may take on a busy machine: what is expected is waited for, its speed is no test's law."""
expect.set_options(timeout=PATIENCE)


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
    course = Course(tmp_path_factory.mktemp("home"), free_port(), patient=True)
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
        context.set_default_timeout(PATIENCE)
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
