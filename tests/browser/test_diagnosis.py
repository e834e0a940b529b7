"""What might this be?: behind the evidence, closed at first, open from the second failure on."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser diagnosis")]

SOLUTION = Path(__file__).parents[2] / "exercises/01-first-endpoint/solution/python/receiver.py"


def test_a_story_is_offered_and_then_comes_unasked(visit: Visit, course: Course) -> None:
    """The keyboard opens it after the first failure; the second opens it; both fit a phone, and pass axe."""
    text = SOLUTION.read_text().replace('return {"received": True}', 'return {"received": True}, 400')
    page = visit.page()
    page.goto(f"{course.site}/exercises/first-endpoint")
    page.get_by_label("receiver.py").fill(text)
    page.get_by_role("button", name="Check").click()
    question = page.locator("summary", has_text="What might this be?")
    story = page.get_by_text("A provider reads the status only")
    expect(question).to_be_visible()
    expect(story).to_be_hidden()
    assert page.locator("#run-checks").evaluate(
        "(checks, why) => Boolean(checks.compareDocumentPosition(why) & Node.DOCUMENT_POSITION_FOLLOWING)",
        question.element_handle(),
    )
    question.focus()
    page.keyboard.press("Enter")
    expect(story).to_be_visible()
    assert Axe().run(page).violations_count == 0
    first_run = page.locator(".run").get_attribute("data-run")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(f'.run:not([data-run="{first_run}"])')).to_be_visible()
    expect(story).to_be_visible()
    second_run = page.locator(".run").get_attribute("data-run")
    narrow = visit.page(360, color_scheme="dark", java_script_enabled=False)
    narrow.goto(f"{course.site}/runs/{first_run}")
    expect(narrow.get_by_text("A provider reads the status only")).to_be_hidden()
    narrow.goto(f"{course.site}/runs/{second_run}")
    expect(narrow.get_by_text("A provider reads the status only")).to_be_visible()
    small = visit.page(360, color_scheme="dark")
    small.goto(f"{course.site}/exercises/first-endpoint")
    expect(small.get_by_text("A provider reads the status only")).to_be_visible()
    assert small.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(small).violations_count == 0
