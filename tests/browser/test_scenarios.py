"""A scenario in a real browser: where its lesson names it, and without a script on a page of its own."""

import os
import re
import shutil
from collections.abc import Iterator
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
    """Once its styles are there nothing breaks a rule of accessibility or is wider than the screen."""
    page.wait_for_load_state("load")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (360, "light"), (360, "dark"), (1280, "dark")]
)
def test_it_plays_inside_the_lesson(visit: Visit, course: Course, width: int, scheme: str) -> None:
    """The forged payment is booked before the eyes of the reader; the answer waits to be opened."""
    page = visit.page(width, color_scheme=scheme)
    page.goto(f"{course.site}/lessons/secrets")
    box = page.locator(".scenario").first
    box.get_by_role("button", name="Play it").click()
    expect(box.locator(".scene-news")).to_have_text("Played. What happened stands below.")
    expect(box.locator(".said")).to_have_count(4)
    expect(box.locator(".note").last).to_contain_text("Your program printed: evt_")
    expect(box.locator(".told-answer p")).to_be_hidden()
    expect(box.locator(".head")).to_have_text(["provider", "stranger", "your program"])
    box.locator(".message summary").nth(2).click()
    expect(box.locator(".opened").nth(2)).to_contain_text("POST /webhook HTTP/1.1")
    expect(box.locator(".opened .command").nth(1)).to_contain_text("curl")
    assert_is_good(page)
    keep(box, f"lesson-{width}-{scheme}")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_long_word_stays_in_its_diagram(visit: Visit, course: Course, width: int) -> None:
    """A secret that a program answers has no place to break, and is broken all the same."""
    page = visit.page(width)
    page.goto(f"{course.site}/lessons/rotating-secrets")
    box = page.locator(".scenario").first
    box.get_by_role("button", name="Play it").click()
    expect(box.locator(".scene-news")).to_have_text("Played. What happened stands below.")
    expect(box.locator(".head")).to_have_text(["operator", "provider", "the program"])
    expect(box.locator(".note").first).to_contain_text("whsec_")
    right = "each => each.getBoundingClientRect().right"
    edge = box.locator(".diagram").evaluate(right)
    assert all(note.evaluate(right) <= edge for note in box.locator(".note").all())
    assert_is_good(page)
    keep(box, f"operator-{width}")


def test_it_can_be_played_by_keyboard(visit: Visit, course: Course) -> None:
    """The button is reached and pressed by key, the focus stays on it, and the arrows open by key."""
    page = visit.page()
    page.goto(f"{course.site}/scenarios/charged-twice")
    page.get_by_role("button", name="Play it").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".told-question")).to_be_visible()
    expect(page.locator(".said")).to_have_count(3)
    expect(page.get_by_role("button", name="Play it again")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".message summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".opened").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_it_needs_no_script(visit: Visit, course: Course, width: int) -> None:
    """Without a script the button leads to a page that shows the same."""
    page = visit.page(width, java_script_enabled=False)
    page.goto(f"{course.site}/lessons/at-least-once")
    page.get_by_role("button", name="Play it").first.click()
    expect(page.locator(".said")).to_have_count(3)
    expect(page.locator(".diagram .arrow")).to_have_count(4)
    expect(page.get_by_role("button", name="Play it again")).to_be_visible()
    keep(page, f"plain-{width}")


HANGS = """
import os, threading
from flask import Flask
app = Flask(__name__)
@app.before_request
def hang():
    threading.Event().wait(600)
if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
"""


@pytest.fixture
def hanging(course: Course) -> Iterator[None]:
    """The learner's own programs never answer; they are gone again afterwards."""
    files = [course.file(exercise) for exercise in ("verify-github", "idempotent-effect")]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_text(HANGS)
    yield
    for file in files:
        shutil.rmtree(file.parent)


FIRST_WORDS = "The provider tells your shop that an order is paid."
PLAYING = re.compile(r"Playing: step \d of 4\.")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_its_sentences_come_while_it_plays(
    visit: Visit, course: Course, hanging: None, width: int, scheme: str
) -> None:
    """A program that hangs holds the scene up: what was said until then stands there, and a way to stop."""
    page = visit.page(width, color_scheme=scheme)
    page.goto(f"{course.site}/lessons/secrets")
    box = page.locator(".scenario").first
    box.get_by_role("button", name="Play it").click()
    expect(box.locator(".said").first).to_have_text(FIRST_WORDS)
    expect(box.locator(".scene-news")).to_have_text(PLAYING)
    # A copy gets no further results, so that there is time to look at it.
    box.evaluate("box => box.replaceWith(box.cloneNode(true))")
    expect(box.get_by_role("button", name="Stop")).to_be_visible()
    expect(box.locator(".told-question")).to_have_count(0)
    keep(box, f"playing-{width}-{scheme}")
    assert_is_good(page)
    box.get_by_role("button", name="Stop").click()  # of a copy: it leads to the page of the run
    expect(page).to_have_url(re.compile("/scenarios/a-stranger-pays/runs/"))


def test_a_reload_and_a_second_tab_go_on(visit: Visit, course: Course, hanging: None) -> None:
    """Both show the run that plays; stopped by key in one, it is over in both, and the focus is not lost."""
    page, other = visit.page(), visit.page(360, color_scheme="dark")
    page.goto(f"{course.site}/scenarios/paid-once")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator(".said").first).to_be_visible()
    page.reload()
    other.goto(f"{course.site}/scenarios/paid-once")
    for each in (page, other):
        expect(each.locator(".scene-news")).to_have_text(re.compile(r"Playing: step \d of 7\."))
    other.get_by_role("button", name="Stop").focus()
    other.keyboard.press("Enter")
    for each in (page, other):
        expect(each.locator(".scene-news")).to_have_text("Stopped. The run was cancelled.")
        expect(each.get_by_role("button", name="Stop")).to_be_hidden()
        expect(each.locator(".arrow.lost")).to_contain_text("no answer yet when stopped")
    expect(other.get_by_role("button", name="Play it again")).to_be_focused()
    for name, each in (("stopped-1280-light", page), ("stopped-360-dark", other)):
        keep(each.locator(".scenario"), name)
        assert_is_good(each)


def test_a_run_without_a_script_can_be_stopped(visit: Visit, course: Course, hanging: None) -> None:
    """The page looks again by itself, and its button stops the run."""
    page = visit.page(java_script_enabled=False)
    page.goto(f"{course.site}/scenarios/paid-once")
    page.get_by_role("button", name="Play it").click()
    expect(page.locator(".scene-news")).to_have_text(re.compile(r"Playing: step \d of 7\."))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".scene-news")).to_have_text("Stopped. The run was cancelled.")


def test_the_exercise_lists_its_scenarios(visit: Visit, course: Course) -> None:
    """One click from the task to the scene."""
    page = visit.page()
    page.goto(f"{course.site}/exercises/idempotent-effect")
    keep(page.locator("section:has(.scenarios)"), "exercise")
    page.locator(".scenarios a").first.click()
    expect(page.locator(".scenario-title")).to_have_text("The same payment before and after a restart")
    assert_is_good(page)
