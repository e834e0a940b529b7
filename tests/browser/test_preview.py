"""The author's preview in a real browser: fresh after each save, whole on any screen."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.content.all_types import ALL_TYPES, write_all_types
from tests.web.running import READY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The quiz of all types in a folder of the author's own."""
    return write_all_types(tmp_path / "mine")


@pytest.fixture
def link(tmp_path: Path, file: Path) -> Iterator[str]:
    """What `course preview` prints; it is ended as Ctrl-C does."""
    environment = {
        **os.environ,
        "COURSE_HOME": str(tmp_path / "home"),
        "COURSE_CONTENT": str(tmp_path / "mine"),
    }
    command = [sys.executable, "-m", "app.cli", "preview", "all-types", "--no-browser"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = next((match[0] for line in process.stdout if (match := READY.search(line))), None)
    assert found
    yield found
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)


def opened(chromium: Browser, link: str, width: int, scheme: str) -> tuple[Page, list[str]]:
    """Open the link, and hear what the browser complains about."""
    complaints: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(link)
    return page, complaints


def test_a_save_is_seen(chromium: Browser, link: str, file: Path) -> None:
    """Without a hand on the browser: a new title, then a mistake beside its question, then none again."""
    page, complaints = opened(chromium, link, 1280, "light")
    expect(page.get_by_role("heading", level=1)).to_have_text("One of each")
    expect(page.locator("#freshness")).to_contain_text("The page follows the file")
    file.write_text(ALL_TYPES.replace("One of each", "All of them"), encoding="utf-8")
    expect(page.get_by_role("heading", level=1)).to_have_text("All of them")
    file.write_text(ALL_TYPES.replace("    value: 120\n", "    value: many\n"), encoding="utf-8")
    broken = page.get_by_role("region", name=re.compile("Question 4"))
    expect(broken).to_contain_text("Error Q020")
    expect(broken).to_contain_text("value: many")
    file.write_text(ALL_TYPES, encoding="utf-8")
    expect(page.get_by_text("no problem found")).to_be_visible()
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1600, "light"), (360, "dark")])
def test_it_passes_axe_and_fits(chromium: Browser, link: str, width: int, scheme: str) -> None:
    """Every state of every type, wide and on a phone: axe finds nothing, and nothing is cut off."""
    page, complaints = opened(chromium, link, width, scheme)
    expect(page.locator(".previewed")).to_have_count(9)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    page.context.close()


def test_long_mistakes_fit_a_phone(chromium: Browser, link: str, file: Path) -> None:
    """A line without a place to break scrolls in its own box, by keyboard too, and the page does not."""
    long = "many" * 100
    broken = ALL_TYPES.replace("    value: 120\n", f"    value: {long}\n    {long}: x\n")
    file.write_text(broken.replace("One of each", f"One of {long}"), encoding="utf-8")
    page, complaints = opened(chromium, link, 360, "light")
    region = page.get_by_role("region", name=re.compile("Question 4"))
    expect(region).to_contain_text("Error Q020")
    expect(region).to_contain_text("Error Q002")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    line = region.locator(".problems pre").first
    assert line.evaluate("box => box.scrollWidth > box.clientWidth && box.tabIndex === 0")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert complaints == []
    page.context.close()
