"""Two languages in a browser: the tabs of a page go together, and an exercise page changes over."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser languages")]


def test_one_tab_opens_all_of_its_name_and_is_remembered(visit: Visit, course: Course) -> None:
    """A click on JavaScript opens it everywhere on the page, here and in the next lesson."""
    page = visit.page()
    page.goto(f"{course.site}/lessons/raw-bytes")
    chosen = page.locator(".tabbed-set > input:checked")
    count = chosen.count()
    assert count > 1
    with page.expect_response("**/language"):
        page.locator(".tabbed-labels label", has_text="JavaScript").first.click()
    names = "inputs => inputs.map(i => document.querySelector(`label[for='${i.id}']`).textContent)"
    assert chosen.evaluate_all(names) == ["JavaScript"] * count
    page.goto(f"{course.site}/lessons/at-least-once")
    assert set(chosen.evaluate_all(names)) == {"JavaScript"}


def change_to(page: Page, language: str) -> None:
    """Choose a language, and wait until its page is whole: measured before, it may lack its style sheets."""
    page.get_by_label("Language").select_option(language)
    with page.expect_navigation():
        page.get_by_role("button", name="Change").click()


def test_an_exercise_changes_over_and_back(visit: Visit, course: Course) -> None:
    """Unsaved text is saved before the change; the page is accessible and narrow enough."""
    page = visit.page(360)
    page.goto(f"{course.site}/exercises/first-endpoint")
    page.get_by_label("receiver.py").fill("typed = 1\n")
    change_to(page, "javascript")
    expect(page.get_by_label("receiver.mjs")).to_contain_text("express")
    assert course.file("first-endpoint").read_text() == "typed = 1\n"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0
    change_to(page, "python")
    expect(page.get_by_label("receiver.py")).to_have_value("typed = 1\n")
