"""A scenario in a real browser: where its lesson names it, and without a script on a page of its own."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser scenarios")]


def keep(shown: Page | Locator, name: str) -> None:
    """Keep a picture where a developer asked for it (SHOTS)."""
    if folder := os.environ.get("SHOTS"):
        shown.screenshot(path=Path(folder) / f"{name}.png")


def assert_is_good(page: Page) -> None:
    """Nothing breaks a rule of accessibility, and nothing is wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_it_plays_inside_the_lesson(visit: Visit, course: Course, width: int, scheme: str) -> None:
    """The forged payment is booked before the eyes of the reader; the answer waits to be opened."""
    page = visit.page(width, color_scheme=scheme)
    page.goto(f"{course.site}/lessons/secrets")
    box = page.locator(".scenario")
    expect(box).to_have_count(1)
    box.locator("button").click()
    expect(box.locator("[data-news]")).to_have_text("Played. What happened stands below.")
    expect(box.locator(".told > li")).to_have_count(4)
    expect(box.locator(".told-note").last).to_contain_text("Your program printed: evt_")
    expect(box.locator(".told-answer p")).to_be_hidden()
    box.locator(".exchange summary").last.click()
    expect(box.locator(".exchange").last).to_contain_text("stranger")
    assert_is_good(page)
    keep(box, f"lesson-{width}")


def test_it_can_be_played_by_keyboard(visit: Visit, course: Course) -> None:
    """The button is reached and pressed by key, and the focus stays on it."""
    page = visit.page()
    page.goto(f"{course.site}/scenarios/charged-twice")
    page.locator(".scenario button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".told > li")).to_have_count(3)
    expect(page.locator(".scenario button")).to_be_focused()


@pytest.mark.parametrize("width", [1280, 360])
def test_it_needs_no_script(visit: Visit, course: Course, width: int) -> None:
    """Without a script the button leads to a page that shows the same."""
    page = visit.page(width, java_script_enabled=False)
    page.goto(f"{course.site}/lessons/at-least-once")
    page.locator(".scenario button").click()
    expect(page.locator(".told > li")).to_have_count(3)
    expect(page.locator(".scenario button")).to_have_text("Play it again")
    keep(page, f"plain-{width}")


def test_the_exercise_lists_its_scenarios(visit: Visit, course: Course) -> None:
    """One click from the task to the scene."""
    page = visit.page()
    page.goto(f"{course.site}/exercises/idempotent-effect")
    keep(page.locator("section:has(.scenarios)"), "exercise")
    page.locator(".scenarios a").first.click()
    expect(page.locator(".scenario-title")).to_have_text("The same payment before and after a restart")
    assert_is_good(page)
