"""Every page in a real browser: readable for all, on narrow screens, in the dark, by our policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser pages")]


def every_page(page: Page, course: Course) -> list[str]:
    """Return the address of every step of the course, and of the pages around them."""
    page.goto(course.site)
    steps = page.locator(".step").evaluate_all("links => links.map(link => link.href)")
    exercises = [address for address in steps if "/exercises/" in address]
    around = [f"{course.site}/{name}" for name in ("", "finish", "sources")]
    return [*around, *steps, *(f"{address}/reset" for address in exercises)]


def test_axe_finds_nothing(visit: Visit, course: Course) -> None:
    """No page of the course breaks a rule of accessibility, nor the content policy."""
    page = visit.page()
    for address in every_page(page, course):
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


@pytest.mark.parametrize(
    "path",
    ["", "/finish", "/sources", "/lessons/raw-bytes", "/exercises/first-endpoint", "/quizzes/one-delivery"],
)
def test_axe_finds_nothing_in_the_dark(visit: Visit, course: Course, path: str) -> None:
    """One page of each kind, narrow and dark."""
    page = visit.page(360, color_scheme="dark")
    page.goto(course.site + path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_wider_than_a_narrow_screen(visit: Visit, course: Course) -> None:
    """At 360 pixels no page scrolls sideways."""
    page = visit.page(360)
    for address in every_page(page, course):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_targets_are_large_enough(visit: Visit, course: Course) -> None:
    """Buttons, steps and choices are at least 44 pixels high on a narrow screen."""
    page = visit.page(360)
    for path in ("/", "/exercises/first-endpoint", "/quizzes/one-delivery"):
        page.goto(course.site + path)
        targets = page.locator("button:visible, .button:visible, .step:visible, .choice label:visible")
        assert targets.count() > 0
        for height in targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)"):
            assert height >= 44


def test_a_page_without_the_cookie_says_what_to_do(visit: Visit, course: Course) -> None:
    """A bookmark in another browser leads to a readable page, not to a riddle."""
    page = visit.page(storage_state=None)
    page.goto(course.site)
    expect(page.locator("main")).to_contain_text("course serve")
    assert Axe().run(page).violations_count == 0
    assert visit.complaints == [
        "Failed to load resource: the server responded with a status of 403 (FORBIDDEN)"
    ]
    visit.complaints.clear()


def test_code_tabs_need_no_script(visit: Visit, course: Course) -> None:
    """The other language is one click away, also with scripts off, and by arrow key."""
    page = visit.page(java_script_enabled=False)
    page.goto(f"{course.site}/lessons/first-delivery")
    tabs = page.locator(".tabbed-set").first
    first, second = tabs.locator(".tabbed-block").all()[:2]
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    tabs.locator(".tabbed-labels > label").nth(1).click()
    expect(second).to_be_visible()
    expect(first).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_visible()


def test_code_is_copied_without_its_prompt(visit: Visit, course: Course) -> None:
    """The copy button takes what one types into a shell."""
    page = visit.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{course.site}/exercises/first-endpoint")
    page.locator(".by-hand .copy").click()
    expect(page.locator(".by-hand .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "course run first-endpoint"
    page.locator(".highlight:has(.gp)").first.hover()
    page.locator(".highlight:has(.gp) .copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl")


def test_the_program_gets_no_cookie_of_the_course(visit: Visit, course: Course) -> None:
    """The learner's program is linked as localhost, which is another place for cookies."""
    page = visit.page()
    sent: list[str] = []
    page.route(
        "http://localhost:*/**",
        lambda route: (sent.append(str(route.request.all_headers())), route.fulfill(body="ok")),
    )
    page.goto(f"{course.site}/exercises/first-endpoint")
    address = page.locator(".by-hand code").first.inner_text()
    page.goto(address)
    assert re.match(r"http://localhost:\d+", address)
    assert len(sent) >= 1
    assert "course_" not in "".join(sent)
