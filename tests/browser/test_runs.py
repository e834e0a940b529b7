"""Runs on the page: stopped, reloaded in mid-run, seen in two tabs, followed from a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course, free_port

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser runs")]

LONG = 30_000
HANGS = "import time\nprint('up', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def hanging(course: Course) -> None:
    """The learner's program prints a line and never listens."""
    course.file("first-endpoint").parent.mkdir(parents=True, exist_ok=True)
    course.file("first-endpoint").write_text(HANGS)


def opened(visit: Visit, course: Course, **options: object) -> Page:
    """Open the exercise."""
    page = visit.page(**options)  # type: ignore[arg-type]
    page.goto(f"{course.site}/exercises/first-endpoint")
    return page


def checking(page: Page) -> None:
    """Wait until the page shows the run of the hanging program."""
    expect(page.locator(".summary.is-running")).to_contain_text("Starting your program", timeout=LONG)


@pytest.mark.usefixtures("hanging")
def test_a_run_is_stopped_by_its_button(visit: Visit, course: Course) -> None:
    """Stop ends the run at once on the page, with the keyboard too; the button goes, the focus stays near."""
    page = opened(visit, course, width=360)
    page.get_by_role("button", name="Check").click()
    checking(page)
    stop = page.get_by_role("button", name="Stop this run")
    assert Axe().run(page).violations_count == 0
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".summary.is-cancelled")).to_contain_text("counts for nothing", timeout=5_000)
    expect(stop).to_be_hidden()
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0


@pytest.mark.usefixtures("hanging")
def test_a_reload_in_mid_run_goes_on_and_two_tabs_see_the_same(visit: Visit, course: Course) -> None:
    """Reloaded, the page shows the run and follows it; a second tab finds it too; both see its end."""
    first, second = opened(visit, course), opened(visit, course)
    first.get_by_role("button", name="Check").click()
    checking(first)
    checking(second)
    first.reload()
    checking(first)
    runs = [page.locator(".run").get_attribute("data-run") for page in (first, second)]
    assert runs[0] == runs[1]
    second.get_by_role("button", name="Stop this run").click()
    for page in (first, second):
        expect(page.locator(".summary.is-cancelled")).to_be_visible(timeout=LONG)


@pytest.mark.usefixtures("hanging")
def test_without_a_script_a_run_is_seen_and_stopped(visit: Visit, course: Course) -> None:
    """A reload shows the run that goes on, and the button stops it and leads to its page."""
    pressed = opened(visit, course)
    pressed.get_by_role("button", name="Check").click()
    checking(pressed)
    plain = opened(visit, course, java_script_enabled=False)
    expect(plain.get_by_text("Checking", exact=True)).to_be_visible()
    expect(plain.get_by_role("link", name="Watch this run to its end")).to_be_visible()
    plain.get_by_role("button", name="Stop this run").click()
    expect(plain.get_by_text("Stopped", exact=True)).to_be_visible()
    expect(pressed.locator(".summary.is-cancelled")).to_be_visible(timeout=LONG)


@pytest.mark.usefixtures("hanging")
def test_a_run_of_a_terminal_is_followed_live(visit: Visit, course: Course) -> None:
    """An open page shows a check of a terminal while it goes on, without a button, and how it ended."""
    page = opened(visit, course)
    page.locator("#run-place").wait_for()
    words = [sys.executable, "-m", "app.cli", "check", "first-endpoint"]
    environment = {**os.environ, "COURSE_HOME": str(course.home)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as terminal:
        checking(page)
        expect(page.get_by_role("button", name="Stop this run")).to_be_hidden()
        expect(page.locator(".summary.is-failed")).to_be_visible(timeout=LONG)
    assert terminal.returncode == 1
    expect(page.locator("details.check.is-failed").first).to_be_visible()


def test_a_page_goes_on_after_the_course_was_killed(chromium: Browser, tmp_path: Path) -> None:
    """The connection is lost and comes back: the page learns by itself that its run counts for nothing."""
    course = Course(tmp_path / "home", free_port())
    course.file("first-endpoint").parent.mkdir(parents=True)
    course.file("first-endpoint").write_text(HANGS)
    course.start()
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(course.link)
        page.goto(f"{course.site}/exercises/first-endpoint")
        page.get_by_role("button", name="Check").click()
        checking(page)
        course.kill()
        course.start()
        expect(page.locator(".summary.is-course_fault")).to_contain_text("counts for nothing", timeout=LONG)
        expect(page.get_by_role("button", name="Stop this run")).to_be_hidden()
    finally:
        context.close()
        course.stop()
