"""The editor: keys, edits from outside, two versions, results as they come."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser exercise")]


def editor(visit: Visit, course: Course, exercise: str = "first-endpoint") -> tuple[Page, Locator]:
    """Open the exercise; return its page and its textarea."""
    page = visit.page()
    page.goto(f"{course.site}/exercises/{exercise}")
    return page, page.get_by_label("receiver.py")


def test_tab_indents_and_escape_leaves(visit: Visit, course: Course) -> None:
    """In the editor Tab writes, Shift+Tab takes back, Enter keeps the indentation, Esc goes to Check."""
    page, area = editor(visit, course)
    area.fill("")
    page.keyboard.type("def f():\n1\n")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    expect(area).to_have_value("def f():\n    1\n        2")
    page.keyboard.press("Shift+Tab")
    expect(area).to_have_value("def f():\n    1\n    2")
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    expect(area).to_have_value("    def f():\n        1\n        2")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("def f():\n    1\n    2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_lines_are_numbered(visit: Visit, course: Course) -> None:
    """A traceback names a line: its number stands beside it, level with it."""
    page, area = editor(visit, course)
    area.fill("\n".join(str(number) for number in range(1, 61)))
    gutter = page.locator(".gutter")
    expect(gutter).to_contain_text("60")
    heights = [
        page.evaluate("e => parseFloat(getComputedStyle(e).lineHeight)", each.element_handle())
        for each in (area, gutter)
    ]
    assert heights[0] == heights[1]
    area.evaluate("area => { area.scrollTop = 200 }")
    expect(gutter).to_have_js_property("scrollTop", 200)


def test_saving_by_key(visit: Visit, course: Course) -> None:
    """Ctrl+S writes the file and stays where one was."""
    page, area = editor(visit, course)
    area.fill("saved = 1\n")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-news]")).to_have_text("Saved.")
    expect(area).to_be_focused()
    assert course.file("first-endpoint").read_text() == "saved = 1\n"


def test_an_edit_on_disk_shows_up(visit: Visit, course: Course) -> None:
    """What the learner's own editor saved stands on the page when one comes back to it."""
    page, area = editor(visit, course)
    course.file("first-endpoint").write_text("from my editor\n")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(area).to_have_value("from my editor\n")
    expect(page.locator("[data-news]")).to_contain_text("changed on disk")


def test_two_edits_are_both_kept(visit: Visit, course: Course) -> None:
    """Changed here and on disk: the page says so, saving shows both, and the learner decides."""
    page, area = editor(visit, course)
    area.fill("from the page\n")
    course.file("first-endpoint").write_text("from elsewhere\n")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-news]")).to_contain_text("while you edited")
    expect(area).to_have_value("from the page\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Yours, from the page")).to_have_value("from the page\n")
    expect(page.get_by_label("On disk now")).to_have_value("from elsewhere\n")
    page.wait_for_load_state("load")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Save this version").click()
    expect(page.get_by_label("receiver.py")).to_have_value("from the page\n")
    assert course.file("first-endpoint").read_text() == "from the page\n"
    expected = "Failed to load resource: the server responded with a status of 409 (CONFLICT)"
    assert set(visit.complaints) == {expected}
    visit.complaints.clear()


def test_typing_on_while_a_save_is_on_its_way_loses_no_edit_on_disk(visit: Visit, course: Course) -> None:
    """What another editor wrote before a slow save is not overwritten by what was typed during it."""
    page, area = editor(visit, course)
    course.file("first-endpoint").write_text("from elsewhere\n")
    slow: list[Route] = []
    page.route("**/files", lambda route: slow.append(route))
    area.focus()
    with page.expect_request("**/files"):
        page.keyboard.press("Control+s")
    area.fill("typed meanwhile\n")
    slow[0].continue_()
    expect(page.locator("[data-news]")).to_have_text("Saved.")
    page.unroute("**/files")
    page.keyboard.press("Control+s")
    expect(page.get_by_label("Yours, from the page")).to_have_value("typed meanwhile\n")
    expect(page.get_by_label("On disk now")).to_have_value("from elsewhere\n")
    assert course.file("first-endpoint").read_text() == "from elsewhere\n"
    visit.complaints.clear()


def test_results_come_one_by_one_and_hostile_output_stays_text(visit: Visit, course: Course) -> None:
    """A check has its result while others still wait; what a program prints is only text."""
    page, area = editor(visit, course, "verify-github")
    page.evaluate(  # keep what the rows said after each change
        """() => { window.seen = []; new MutationObserver(() => {
            const rows = [...document.querySelectorAll('.check-state')];
            window.seen.push(rows.map(row => row.textContent.split(',')[0]));
        }).observe(document.getElementById('run-place'), { childList: true, subtree: true }); }"""
    )
    attack = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    area.fill(area.input_value().replace("@app.post", f"print({attack!r}, flush=True)\n\n\n@app.post", 1))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".summary.is-failed")).to_be_visible()
    seen = page.evaluate("window.seen")
    assert any("Waiting" in words and ("Passed" in words or "Not yet" in words) for words in seen)
    expect(page.locator(".output").filter(has_text="onerror").first).to_be_attached()
    assert page.locator(".output img, .output script").count() == 0
    assert "owned" not in page.title()
    assert Axe().run(page).violations_count == 0


def test_starting_over_with_the_keyboard(visit: Visit, course: Course) -> None:
    """The way to the starter needs no mouse, and says where the old file went."""
    page, area = editor(visit, course)
    area.fill("mine\n")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-news]")).to_have_text("Saved.")
    page.get_by_role("link", name="Start over").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Begin from the starter").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Your earlier files are kept in")
    expect(page.get_by_label("receiver.py")).not_to_have_value("mine\n")
