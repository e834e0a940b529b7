"""The course without a mouse: every step is reached with Tab and done with Enter and Space."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser exercise")]


def tab_to(page: Page, words: str) -> None:
    """Press Tab until an element with these words has the focus, on a page that is whole."""
    page.wait_for_load_state("load")
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(e => e && (e.innerText || e.ariaLabel || e.id))(document.querySelector(':focus'))"
        )
        if here and re.search(words, here):
            return
    raise AssertionError(f"Tab does not reach {words!r}.")


def fill_in_by_keyboard(page: Page) -> None:
    """Fill in the question that was drawn, of whatever type; an order is an answer as it stands."""
    if page.locator(".choice").count():
        tab_to(page, "^choice-")
        page.keyboard.press("Space")
    for _ in page.locator(".matches select").all():
        tab_to(page, "^Choose …")
        page.keyboard.press("ArrowDown")
    if page.locator(".typed").count():
        tab_to(page, "^text-")
        page.keyboard.type("1")


def test_from_the_map_to_an_answer(visit: Visit, course: Course) -> None:
    """Map, lesson and quiz by keyboard alone."""
    page = visit.page()
    page.goto(course.site)
    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    tab_to(page, "What a webhook is")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What a webhook is")
    tab_to(page, "Mark as read")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1")
    fill_in_by_keyboard(page)
    tab_to(page, "^(Answer|Compare)$")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_focused()
    tab_to(page, "Next question")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2")


def test_from_the_task_to_a_result(visit: Visit, course: Course) -> None:
    """Edit, check and read the evidence by keyboard alone: the editor never holds one back."""
    page = visit.page()
    page.goto(f"{course.site}/exercises/first-endpoint")
    tab_to(page, "file-1")
    page.keyboard.press("Control+End")
    page.keyboard.type("# by hand")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator(".summary.is-failed")).to_be_visible()
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    tab_to(page, "A delivery is answered")
    details = page.locator("details.check").first
    expect(details).to_have_attribute("open", "")
    page.keyboard.press("Enter")
    expect(details).not_to_have_attribute("open", "")
