"""The sequence diagram of a check: seen narrow and wide, light and dark, without a script, by keyboard."""

import itertools
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from app.content.loader import load_course
from app.content.mutants import mutated_files
from tests.browser.conftest import Visit
from tests.web.running import Course

pytestmark = [pytest.mark.needs_browser, pytest.mark.xdist_group("browser diagram")]

EXERCISES = Path(__file__).parents[2] / "exercises"
COUNTED = """    seen.append(event["id"])
    if len(seen) == 6:
        try:
            raise LookupError("the sixth delivery")
        except LookupError:
            traceback.print_exc()
            os._exit(1)
    return"""

Checked = Callable[[str, str, str], str]


def crashing() -> str:
    """A first endpoint that dies in the middle of its fifth check, at the sixth delivery."""
    text = (EXERCISES / "01-first-endpoint/solution/python/receiver.py").read_text()
    text = text.replace("    return", COUNTED, 1).replace("import os\n", "import os\nimport traceback\n", 1)
    return text.replace("app = Flask(__name__)\n", "app = Flask(__name__)\nseen = []\n", 1)


def wrong(exercise_id: str, mutant_id: str) -> str:
    """The main file of a known wrong solution."""
    exercise = load_course((EXERCISES.parent,)).exercise(exercise_id)
    mutant = next(each for each in exercise.mutants["python"] if each.id == mutant_id)
    return mutated_files(exercise, "python", mutant)["receiver.py"]


@pytest.fixture(scope="module")
def checked(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Check a program in the terminal, once; returns the id of its run, which the site shows as well."""
    runs: dict[str, str] = {}

    def check(name: str, exercise_id: str, program: str) -> str:
        if name not in runs:
            folder = tmp_path_factory.mktemp(name)
            (folder / "receiver.py").write_text(program)
            given = next(EXERCISES.glob(f"*-{exercise_id}")) / "support/python"
            for file in given.glob("*.py"):
                (folder / file.name).write_bytes(file.read_bytes())
            # A seed: of two signatures drawn by chance the first letters may be the same.
            words = ["check", exercise_id, "--dir", str(folder), "--seed", "7", "--json"]
            command = [*course.command_line, *words]
            environment = {**os.environ, "COURSE_HOME": str(course.home)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
            assert done.returncode == 1, done.stderr
            runs[name] = json.loads(done.stdout.splitlines()[0])["run"]
        return runs[name]

    return check


def failing(checked: Checked) -> str:
    """A run in which a forged delivery got in."""
    return checked("forged", "verify-github", wrong("verify-github", "refused-with-200"))


def crashed(checked: Checked) -> str:
    """A run that ended in its fifth check."""
    return checked("crashed", "first-endpoint", crashing())


def many(checked: Checked) -> str:
    """A run with forty deliveries at once."""
    return checked("many", "idempotent-effect", wrong("idempotent-effect", "duplicate-is-500"))


def opened(page: Page, course: Course, run: str, check: str) -> Locator:
    """Open one check of a run; returns it."""
    page.goto(f"{course.site}/runs/{run}")
    row = page.locator(f"#check-{check}")
    if row.locator("details.check").get_attribute("open") is None:
        row.locator("summary").first.click()
    expect(row.locator(".diagram")).to_be_visible()
    return row


STATES = {
    "failing": (failing, "refuses-wrong-secret"),
    "crashed": (crashed, "prints-each-delivery"),
    "many": (many, "different-events"),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_passes_axe_and_fits(visit: Visit, course: Course, checked: Checked, state: str) -> None:
    """With every arrow and fold open the page has no barrier, and nothing stands beside it, on any screen."""
    run, check = STATES[state]
    page = visit.page()
    row = opened(page, course, run(checked), check)
    row.locator(".diagram details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    parts = row.locator(".diagram :is(.head, .label, .life, .note, .output pre):visible")
    for width, scheme in itertools.product((1280, 360), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        report = Axe().run(page)
        assert report.violations_count == 0, f"{width} {scheme}\n{report.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        edges = parts.evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
        )
        assert edges
        for left, right in edges:
            assert 0 <= left <= right <= width


def test_the_failing_arrow_is_marked_in_words(visit: Visit, course: Course, checked: Checked) -> None:
    """One arrow is marked, by colour and by what was expected; the wrong signature is named and marked."""
    page = visit.page()
    row = opened(page, course, failing(checked), "refuses-wrong-secret")
    expect(row.locator(".row.is-failing")).to_have_count(1)
    expect(row.locator(".row.is-failing")).to_contain_text("expected HTTP 400, 401 or 403")
    expect(row.locator(".differs")).to_contain_text("X-Hub-Signature-256 differs from character 8")
    row.locator(".message > summary").first.click()
    expect(row.locator(".opened mark").first).to_be_visible()
    expect(row.locator(".opened .command").first).to_contain_text("curl")


def test_arrows_lead_from_lane_to_lane(visit: Visit, course: Course, checked: Checked) -> None:
    """Each arrow is drawn between the two lifelines that its words name, at any width."""
    for width in (1280, 360):
        page = visit.page(width)
        row = opened(page, course, failing(checked), "refuses-wrong-secret")
        lines = [line.bounding_box() for line in row.locator(".row").first.locator(".lifelines i").all()]
        arrow = row.locator(".arrow").first.bounding_box()
        assert arrow is not None
        middles = [line["x"] + line["width"] / 2 for line in lines if line is not None]
        assert arrow["x"] == pytest.approx(middles[0], abs=1.5)
        assert arrow["x"] + arrow["width"] == pytest.approx(middles[1], abs=1.5)


def test_a_crash_stands_where_it_happened(visit: Visit, course: Course, checked: Checked) -> None:
    """Checks 1 to 4 have their diagrams, 5 traceback, end and lost answer by cause, the rest one sentence."""
    page = visit.page()
    row = opened(page, course, crashed(checked), "prints-each-delivery")
    texts = row.locator(".diagram > .rows > .row").all_inner_texts()
    order = [
        next(place for place, text in enumerate(texts) if words in text)
        for words in (
            "LookupError: the sixth delivery",
            "Your program ended with exit code 1",
            "connection closed without an answer",
        )
    ]
    assert order == sorted(order)
    expect(row.locator(".is-trouble")).to_contain_text("LookupError: the sixth delivery")
    expect(row.locator(".stumble")).to_contain_text("receiver.py, line")
    expect(row.locator(".row.is-failing")).to_contain_text("connection closed without an answer")
    for check in ("answers-2xx", "prints-id", "prints-type", "prints-one-line"):
        expect(page.locator(f"#check-{check} details.is-passed .diagram")).to_have_count(1)
    expect(page.get_by_text("Not run: your program had ended before.")).to_have_count(1)
    expect(page.locator("div.check.is-skipped")).to_have_count(4)


def test_many_exchanges_are_folded_around_the_failing_one(
    visit: Visit, course: Course, checked: Checked
) -> None:
    """A fold opens to the arrows inside; the failing one is never in it."""
    page = visit.page()
    row = opened(page, course, many(checked), "different-events")
    expect(row.get_by_text("are on their way at the same time").first).to_be_visible()
    expect(row.locator(".diagram > .rows > .row.is-failing")).to_be_visible()
    fold = row.locator(".folded").first
    expect(fold.locator(".arrow").first).to_be_hidden()
    fold.locator("summary").first.click()
    expect(fold.locator(".arrow").first).to_be_visible()


def test_without_a_script_everything_opens(visit: Visit, course: Course, checked: Checked) -> None:
    """The diagram needs no script: arrows open to headers, body and curl, folds to arrows."""
    page = visit.page(360, java_script_enabled=False)
    row = opened(page, course, many(checked), "different-events")
    row.locator(".folded > summary").first.click()
    expect(row.locator(".folded .arrow").first).to_be_visible()
    row.locator(".message > summary").first.click()
    expect(row.locator(".opened").first).to_contain_text("POST /webhook HTTP/1.1")
    expect(row.locator(".opened").first).to_contain_text("curl -i")


def test_arrows_open_by_keyboard_in_the_order_of_time(visit: Visit, course: Course, checked: Checked) -> None:
    """Tab goes from arrow to arrow as they happened, Enter opens one, and its body can be scrolled."""
    page = visit.page()
    row = opened(page, course, failing(checked), "refuses-wrong-secret")
    row.locator("summary").first.focus()
    page.keyboard.press("Tab")
    expect(row.locator(".message > summary").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".opened").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(row.locator(".opened pre").first).to_be_focused()
    expect(row.locator(".opened").first).to_contain_text("User-Agent: Course-Provider/1.0")


def test_a_screen_reader_hears_who_asked_whom(visit: Visit, course: Course, checked: Checked) -> None:
    """Each arrow's name says when, which exchange, from whom to whom, what, and what is wrong with it."""
    page = visit.page()
    row = opened(page, course, failing(checked), "refuses-wrong-secret")
    names = [" ".join(each.text_content().split()) for each in row.locator(".message > summary").all()]  # type: ignore[union-attr]
    assert "ms, 1 provider to your program: POST /webhook" in names[0]
    assert "differs from character 8" in names[0]
    assert "ms, 1 your program to provider: 200 OK" in names[1]
    assert "expected HTTP 400, 401 or 403" in names[1]
