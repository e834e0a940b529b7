"""A quiz by keyboard: native controls, and the focus goes to what the answer says."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.quiz_pages import open_choice
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser pages")]


def test_answering_by_keyboard(visit: Visit, course: Course) -> None:
    """Space chooses, Enter answers, the result has the focus, and Tab leads on to the next question."""
    page = visit.page()
    open_choice(page, f"{course.site}/quizzes/polling-or-push")
    expect(page.get_by_role("group").first).to_be_visible()
    page.locator(".choice input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    result = page.locator("#result")
    expect(result).to_be_focused()
    expect(result).to_have_attribute("role", "status")
    expect(result.get_by_role("heading", name="Why")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Next question").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Question \d+ of \d+"))
    expect(page.locator("[data-answer]")).to_be_visible()


def test_going_back_shows_the_answer_again(visit: Visit, course: Course) -> None:
    """An answered question shows its result; it is not asked again."""
    page = visit.page()
    address = open_choice(page, f"{course.site}/quizzes/who-sent-this")
    page.locator(".choice label").first.click()
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#result")).to_be_focused()
    page.reload()
    page.goto(address)
    expect(page.locator("#result")).to_be_visible()
    expect(page.get_by_role("button", name="Answer")).to_have_count(0)
