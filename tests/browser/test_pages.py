"""Every page in a real browser: readable for all, on narrow screens, in the dark, by our policy."""

import itertools
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.content.loader import load_course
from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser pages")]

ROOT = Path(__file__).parents[2]


def every_page(page: Page, course: Course) -> list[str]:
    """Return the address of every lesson, exercise and quiz, and of the pages around them."""
    page.goto(course.site)
    steps = page.locator(".step").evaluate_all("links => links.map(link => link.href)")
    known = load_course((ROOT,))
    kinds = {"lessons": known.lessons, "exercises": known.exercises, "quizzes": known.quizzes}
    items = [f"{course.site}/{kind}/{item.id}" for kind, found in kinds.items() for item in found]
    assert set(steps) <= set(items)
    around = [f"{course.site}/{name}" for name in ("", "finish", "sources", "review")]
    resets = [f"{course.site}/exercises/{exercise.id}/reset" for exercise in known.exercises]
    return [*around, *items, *resets]


def test_every_page_passes_axe_and_fits_a_phone(visit: Visit, course: Course) -> None:
    """No page of the course breaks a rule of accessibility, nor the content policy, nor scrolls sideways.

    Each is seen in light or dark colours, in turn.
    """
    page = visit.page(360)
    for address, scheme in zip(every_page(page, course), itertools.cycle(("light", "dark"))):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address} {scheme}\n{found.generate_report()}"


@pytest.mark.parametrize(
    "path",
    [
        *("", "/finish", "/sources", "/review", "/lessons/raw-bytes", "/exercises/first-endpoint"),
        *("/exercises/first-endpoint/reset", "/quizzes/one-delivery", "/scenarios/charged-twice"),
    ],
)
def test_each_kind_of_page_is_seen_wide_and_without_scripts(visit: Visit, course: Course, path: str) -> None:
    """Wide and light, narrow and dark axe finds nothing; without scripts it is whole and fits a phone."""
    page = visit.page()
    page.goto(course.site + path)
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page)
        assert found.violations_count == 0, f"{width} {scheme}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    plain = visit.page(360, java_script_enabled=False)
    plain.goto(course.site + path)
    expect(plain.get_by_role("heading", level=1)).to_be_visible()
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360


def test_every_page_needs_no_script(visit: Visit, course: Course) -> None:
    """As the site sends it each page has its heading, and each form that it shows a button that sends it."""
    page = visit.page()
    scenes = [f"{course.site}/scenarios/{scenario.name}" for scenario in load_course((ROOT,)).scenarios]
    for address in (*every_page(page, course), *scenes):
        sent = page.request.get(address)
        assert sent.ok, address
        text = sent.text()
        assert text.count("<h1") == 1, address
        for form in re.findall(r"<form(?![^>]* hidden)\b.*?</form>", text, re.DOTALL):
            assert re.search(r"<form[^>]* action=", form), f"{address}: {form}"
            assert re.search(r"<button(?![^>]* (?:hidden|disabled|type=.button))", form), f"{address}: {form}"


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
