"""The whole way of a newcomer, in a real browser: from the link to progress on the next day."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.quiz_pages import answer_all
from tests.web.running import Course, free_port

pytestmark = pytest.mark.needs_browser

ROOT = Path(__file__).parents[2]
EXERCISE = next((ROOT / "exercises").glob("*-first-endpoint"))
SOLUTION = (EXERCISE / "solution" / "python" / "receiver.py").read_text()


def broken(text: str) -> str:
    """Return the solution with a line that fails when a delivery comes."""
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.lstrip().startswith("print("))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, f'{indent}event["no such key"]')
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_link_to_the_next_day(chromium: Browser, tmp_path: Path, scripts: bool) -> None:
    """Link, lesson, exercise, a failure with its evidence, the fix, a pass, a quiz, a restart: all there."""
    course = Course(tmp_path / "home", free_port(), patient=True)
    course.start()
    context = chromium.new_context(java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    try:
        page.goto(course.link)
        page.get_by_role("link", name="Your first delivery").click()
        page.get_by_role("button", name=re.compile("Mark as read")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your first endpoint")
        exercise = page.url
        fails_with_evidence(page)
        page.goto(exercise)
        passes(page)
        page.goto(f"{course.site}/quizzes/one-delivery")
        answer_all(page)
        expect(page.get_by_role("button", name="Take it all again")).to_be_visible()
        course.stop()
        course.start()
        page.goto(course.site)
        rows = page.locator(".step")
        expect(rows.filter(has_text="Your first endpoint")).to_contain_text("Passed")
        expect(rows.filter(has_text="Read the lesson").nth(1)).to_contain_text("Done")
        expect(rows.filter(has_text=re.compile("%"))).to_have_count(1)
    finally:
        context.close()
        course.stop()


def fails_with_evidence(page: Page) -> None:
    """Check a program that crashes at a delivery: the page shows why, the line, the wire, the curl."""
    page.get_by_label("receiver.py").fill(broken(SOLUTION))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Not there yet")).to_be_visible()
    failed = page.locator("details.check.is-failed").first
    expect(failed).to_have_attribute("open", "")
    expect(failed.locator(".stumble")).to_contain_text("receiver.py, line")
    expect(failed.locator(".is-trouble")).to_contain_text("no such key")
    expect(failed).to_contain_text("HTTP 500")
    failed.locator(".message > summary").first.click()
    expect(failed.locator(".command").first).to_contain_text("curl")
    expect(failed.locator(".opened").first).to_contain_text("POST /webhook HTTP/1.1")


def passes(page: Page) -> None:
    """Check the solution: every check passes, and the way on is offered."""
    page.get_by_label("receiver.py").fill(SOLUTION)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".summary.is-passed")).to_be_visible()
    expect(page.locator("details.check:not(.is-passed)")).to_have_count(0)
