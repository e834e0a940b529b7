"""Runs on the page: stopped, reloaded in mid-run, seen in two tabs, followed from a terminal."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course, free_port

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser runs")]

SOLUTION = next(
    (Path(__file__).parents[2] / "exercises").glob("*-first-endpoint/solution/python/receiver.py")
).read_text()
HANGS = "import time\nprint('up', flush=True)\ntime.sleep(600)\n"
WAITS = """
import os, time
def wait():
    while not os.path.exists("{gate}"):
        time.sleep(0.02)
"""
"""Where there is no wall around it, a program can stand still until the test makes a file."""


@pytest.fixture
def hanging(course: Course) -> None:
    """The learner's program prints a line and never listens."""
    write(course, HANGS)


def write(course: Course, program: str) -> None:
    """Save the learner's program."""
    course.file("first-endpoint").parent.mkdir(parents=True, exist_ok=True)
    course.file("first-endpoint").write_text(program)


def opened(visit: Visit, course: Course, **options: object) -> Page:
    """Open the exercise."""
    page = visit.page(**options)  # type: ignore[arg-type]
    page.goto(f"{course.site}/exercises/first-endpoint")
    return page


def checking(page: Page) -> None:
    """Wait until the page shows the run of the hanging program."""
    expect(page.locator(".summary.is-running")).to_contain_text("Starting your program")


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
    expect(page.locator(".summary.is-cancelled")).to_contain_text("counts for nothing")
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
        expect(page.locator(".summary.is-cancelled")).to_be_visible()


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
    expect(pressed.locator(".summary.is-cancelled")).to_be_visible()


@contextmanager
def in_terminal(course: Course, *words: str, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command beside the page; it is ended where the test fails, instead of being waited for."""
    environment = {**os.environ, "COURSE_HOME": str(course.home), **settings}
    command = [*course.command_line, *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as terminal:
        try:
            yield terminal
        except BaseException:
            terminal.kill()
            raise


def test_a_run_of_a_terminal_is_followed_live(visit: Visit, course: Course, tmp_path: Path) -> None:
    """An open page shows a check of a terminal while it goes on, without a button, and how it ended."""
    gate = tmp_path / "gate"
    write(course, WAITS.format(gate=gate) + "wait()\nraise SystemExit(1)\n")
    page = opened(visit, course)
    with in_terminal(course, "check", "first-endpoint", COURSE_ISOLATION="off") as terminal:
        checking(page)
        expect(page.get_by_role("button", name="Stop this run")).to_be_hidden()
        gate.touch()
        expect(page.locator(".summary.is-failed")).to_be_visible()
    assert terminal.returncode == 1
    expect(page.locator("details.check.is-failed").first).to_be_visible()


def test_a_watch_of_a_terminal_is_followed_live(visit: Visit, course: Course) -> None:
    """An open page shows each run of `course watch` beside it: the first one, and that of the next save."""
    write(course, SOLUTION.replace("/webhook", "/elsewhere"))
    page = opened(visit, course)
    with in_terminal(course, "watch", "first-endpoint") as terminal:
        expect(page.locator(".summary.is-failed")).to_be_visible()
        expect(page.get_by_role("button", name="Stop this run")).to_be_hidden()
        first = page.locator(".run").get_attribute("data-run")
        write(course, SOLUTION)
        expect(page.locator(".summary.is-passed")).to_be_visible()
        assert page.locator(".run").get_attribute("data-run") != first
        expect(page.get_by_label("receiver.py")).to_have_value(SOLUTION)
        terminal.send_signal(signal.SIGINT)
        assert terminal.wait(60) == 0


DIES_LATE = """
from flask import Flask

app = Flask(__name__)
seen = []


@app.post("/webhook")
def webhook():
    seen.append(None)
    if len(seen) > 1:
        wait()
        os._exit(1)
    return "", 204


app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""


def test_what_was_opened_during_a_run_stays_open(visit: Visit, course: Course, tmp_path: Path) -> None:
    """The end of a run changes the rows of checks that did not run, and no other."""
    gate = tmp_path / "gate"
    write(course, WAITS.format(gate=gate) + DIES_LATE)
    page = opened(visit, course)
    with in_terminal(course, "check", "first-endpoint", COURSE_ISOLATION="off"):
        expect(page.locator(".summary.is-running")).to_be_visible()
        row = page.locator("#check-answers-2xx")
        row.locator("details.check > summary").click()
        row.locator(".message > summary").first.click()
        expect(page.locator(".summary.is-running")).to_be_visible()
        gate.touch()
        expect(page.locator(".summary.is-failed")).to_be_visible()
    expect(page.get_by_text("Not run: your program had ended before.")).to_have_count(1)
    expect(row.locator(".opened").first).to_be_visible()
    expect(page.locator("div.check.is-skipped").first).to_be_visible()


def test_a_page_goes_on_after_the_course_was_killed(chromium: Browser, tmp_path: Path) -> None:
    """The page says that the connection is lost, and learns by itself that its run counts for nothing."""
    course = Course(tmp_path / "home", free_port(), patient=True)
    write(course, HANGS)
    course.start()
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(course.link)
        page.goto(f"{course.site}/exercises/first-endpoint")
        page.get_by_role("button", name="Check").click()
        checking(page)
        course.kill()
        lost = page.get_by_text("The connection to the course is lost.")
        expect(lost).to_be_visible()
        assert Axe().run(page).violations_count == 0
        course.start()
        expect(lost).to_be_hidden()
        expect(page.locator(".summary.is-course_fault")).to_contain_text("counts for nothing")
        expect(page.get_by_role("button", name="Stop this run")).to_be_hidden()
    finally:
        context.close()
        course.stop()
