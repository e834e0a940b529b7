"""A quiz of all types in a real browser: by keyboard, without scripts, on one page, narrow and dark."""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.quiz_pages import fill_in
from tests.web.running import Course, free_port
from tests.web.twenty import write_twenty

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser pages")]
RIGHT = ("Greet in {}", "Talk in {}", "Leave in {}", "Forget {}")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A running course, with a quiz of twenty questions laid over it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CONTENT", str(write_twenty(tmp_path_factory.mktemp("content"))))
        course = Course(tmp_path_factory.mktemp("home"), free_port(), patient=True)
        course.start()
        yield course
        course.stop()


def accessible(page: Page, where: str) -> None:
    """Let axe look at the page, once its styles and scripts are there."""
    page.wait_for_load_state("load")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"


def new_attempt(page: Page, course: Course, whole: bool) -> str:
    """Begin again, as this learner likes it; return the address of the quiz."""
    address = f"{course.site}/quizzes/twenty"
    page.goto(address)
    button = page.get_by_role(
        "button", name="Show the whole page" if whole else "Show one question at a time"
    )
    if button.count():
        button.click()
    page.evaluate(
        """async (address) => {
            const csrf = document.querySelector("[name=csrf]").value;
            await fetch(`${address}/attempts`, { method: "POST", body: new URLSearchParams({ csrf }) });
        }""",
        address,
    )
    page.goto(address)
    return address


def put_in_order(page: Page, number: int, by_page: bool = False) -> None:
    """Bring the steps into order with the arrows alone; without a script each one leads to a new page."""
    for place, text in enumerate(RIGHT):
        steps = page.locator(".order > li")
        for _ in range(4):
            texts = [each.strip() for each in steps.locator("[data-text]").all_inner_texts()]
            if texts[place] == text.format(number):
                break
            up = steps.nth(texts.index(text.format(number))).get_by_role("button", name="Up")
            up.focus()
            with page.expect_navigation() if by_page else nullcontext():
                page.keyboard.press("Enter")


def answer_one(page: Page, number: int) -> None:
    """Answer the question that is shown, by keyboard alone."""
    fields = page.locator("fieldset")
    if page.locator(".order").count():
        put_in_order(page, number)
    elif page.locator(".matches").count():
        for select in page.locator(".matches select").all():
            select.focus()
            page.keyboard.press("ArrowDown")
    elif page.locator(".choice").count():
        page.keyboard.press("1")
    else:
        field = fields.locator("input[type=text], textarea").first
        field.focus()
        page.keyboard.type("73451")
    if page.locator("textarea:focus, select:focus, button:focus").count():
        page.locator("[data-answer]").focus()
    page.keyboard.press("Enter")
    tries = page.get_by_role("button", name="Show the answer")
    expect(page.locator("[data-result]")).to_be_focused()
    if tries.count():
        tries.focus()
        page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_focused()


def test_all_types_by_keyboard(visit: Visit, course: Course) -> None:
    """Twenty questions without a mouse: a number chooses, Enter answers, n goes on; axe sees each state."""
    page = visit.page()
    new_attempt(page, course, whole=False)
    for number in range(1, 21):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {number} of 20")
        accessible(page, f"question {number}")
        answer_one(page, 5 + (number % 2 == 0))
        if number % 2:
            accessible(page, f"answer {number}")
        page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Passed|Worth another look"))
    accessible(page, "the end")


def test_keys_never_steal_from_a_field(visit: Visit, course: Course) -> None:
    """In a field, on a button and with Ctrl a key is what it always was; and they can be turned off."""
    page = visit.page()
    address = new_attempt(page, course, whole=False)
    page.goto(f"{address}?question=11")
    field = page.get_by_label("Your answer")
    field.fill("")
    field.press_sequentially("1 nab")
    expect(field).to_have_value("1 nab")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 11 of 20")
    page.goto(f"{address}?question=15")
    select = page.locator(".matches select").first
    select.focus()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 15 of 20")
    page.goto(f"{address}?question=3")
    page.keyboard.press("Control+1")
    expect(page.locator(".choice input:checked")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator(".choice input").nth(1)).to_be_checked()
    page.get_by_text("Keys", exact=True).click()
    page.get_by_role("button", name="Turn the keys off").click()
    page.reload()
    page.keyboard.press("1")
    expect(page.locator(".choice input:checked")).to_have_count(0)


def test_the_whole_page(visit: Visit, course: Course) -> None:
    """Twenty questions on one page: axe finds nothing; an answer changes its own place only."""
    page = visit.page()
    new_attempt(page, course, whole=True)
    expect(page.locator("[data-box]")).to_have_count(20)
    accessible(page, "the whole page")
    page.get_by_label("Your own words").first.fill("a thought")
    number = page.get_by_label("Your number").first
    number.fill("2")
    number.press("Enter")
    result = page.locator("[data-result]")
    expect(result).to_have_count(1)
    expect(result).to_be_focused()
    expect(result).to_contain_text("ZQX those are minutes.")
    expect(page.get_by_label("Your own words").first).to_have_value("a thought")
    expect(page.locator("#count")).to_contain_text("1 of 20 answered")
    page.keyboard.press("n")
    expect(page.locator("[data-box]").nth(9).get_by_label("Your number")).to_be_focused()
    page.get_by_role("button", name="Answer all that is filled in").click()
    expect(page.locator("#count")).to_contain_text("2 of 20 answered")
    accessible(page, "the whole page, partly answered")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen(visit: Visit, course: Course, scheme: str) -> None:
    """At 360 pixels nothing scrolls sideways, targets are large, and axe finds nothing, in both schemes."""
    page = visit.page(360, color_scheme=scheme)
    new_attempt(page, course, whole=True)
    page.locator("[data-box]").nth(4).get_by_label("Noise at 5").check()
    page.locator("[data-box]").nth(4).locator("[data-answer]").click()
    expect(page.locator("[data-result]")).to_have_count(1)
    for path in ("/quizzes/twenty", "/lessons/basics", "/review"):
        page.goto(course.site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        accessible(page, path)
        targets = page.locator("main button:visible, main select:visible, .choice label:visible")
        for height in targets.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)"):
            assert height >= 44


def test_without_scripts(visit: Visit, course: Course) -> None:
    """Every type can be answered without a script, the order by its arrows, on both kinds of page."""
    new_attempt(visit.page(), course, whole=False)
    page = visit.page(java_script_enabled=False)
    address = f"{course.site}/quizzes/twenty"
    for number in (1, 5, 7, 9, 11, 13, 15, 17, 19):
        page.goto(f"{address}?question={number}")
        expect(page.locator("[data-keys]")).to_be_hidden()
        if page.locator(".order").count():
            put_in_order(page, 5, by_page=True)
        fill_in(page)
        page.locator("[data-answer]").click()
        expect(page.locator("[data-result]")).to_be_visible()
        if number == 13:
            expect(page.locator("[data-result] h2")).to_have_text("Right")
    page.get_by_role("button", name="Show the whole page").click()
    expect(page.locator("[data-result]")).to_have_count(9)
    page.get_by_role("button", name="Show one question at a time").click()


def test_a_question_in_a_lesson(visit: Visit, course: Course) -> None:
    """It is answered without leaving the place; whoever reads on is not pulled to it by a key."""
    page = visit.page()
    page.goto(f"{course.site}/lessons/basics")
    box = page.locator("[data-box]").first
    again = box.get_by_role("button", name="Ask me again")
    if again.count():
        again.click()
    page.keyboard.press("1")
    page.keyboard.press("n")
    expect(page.locator("[data-box] input:checked, [data-box] :focus")).to_have_count(0)
    box.get_by_label("Goodbye 1").check()
    page.keyboard.press("Enter")
    expect(box.locator("[data-result]")).to_be_focused()
    expect(box).to_contain_text("ZQX a greeting comes first.")
    expect(page).to_have_url(re.compile("/lessons/basics$"))
    accessible(page, "the lesson")
    box.get_by_role("button", name="Ask me again").click()
    expect(box.get_by_label("Goodbye 1")).to_be_visible()


def test_the_report_is_downloaded(visit: Visit, course: Course) -> None:
    """The report is a file; the page stays."""
    page = visit.page()
    address = new_attempt(page, course, whole=False)
    page.goto(f"{address}?question=7")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_focused()
    page.get_by_text("This question is wrong?").click()
    page.get_by_label("What is wrong").fill("Nothing comes first.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Get the report").click()
    assert download.value.suggested_filename == "question-report.json"
    assert "Nothing comes first." in Path(download.value.path()).read_text()
    expect(page.locator("#result")).to_be_visible()
