"""The site ends in mid-run, in good order or killed: nothing is left running, nothing counts."""

import http.cookiejar
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.checks.waiting import wait_for
from tests.checks.leftovers import processes_with
from tests.web.running import Course, free_port

EXERCISE = next((Path(__file__).parents[2] / "exercises").glob("*-first-endpoint"))
SOLUTION = EXERCISE / "solution/python/receiver.py"
HANGS = (
    "import subprocess, sys\nprint('up', flush=True)\n"
    "subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', '{mark}'])\n"
)
SECONDS = 30.0


class Person:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, course: Course) -> None:
        self._course = course
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)
        self.get(course.link.removeprefix(course.site))

    def get(self, path: str) -> str:
        """Open a page."""
        with self._browser.open(self._course.site + path, timeout=SECONDS) as answer:
            return str(answer.read().decode())

    def press(self) -> str:
        """Press Check as the page's script does; return the address of the run."""
        page = self.get("/exercises/first-endpoint")
        token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        request = urllib.request.Request(
            f"{self._course.site}/exercises/first-endpoint/runs",
            data=urllib.parse.urlencode({"csrf": token}).encode(),
            headers={"Origin": self._course.site, "Accept": "application/json"},
        )
        with self._browser.open(request, timeout=SECONDS) as answer:
            return "/runs/" + re.findall(r'"run":\s*"(\w+)"', answer.read().decode())[0]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    """A course with a home of its own."""
    course = Course(tmp_path / "home", free_port())
    course.start()
    yield course
    course.stop()


def hanging(course: Course) -> tuple[Person, str, str]:
    """Press Check for a program that hangs with a child; return who pressed, the run, the child's mark."""
    mark = f"hanging-{os.urandom(8).hex()}"
    course.file("first-endpoint").parent.mkdir(parents=True)
    course.file("first-endpoint").write_text(HANGS.replace("{mark}", mark))
    person = Person(course)
    run = person.press()
    assert wait_for(lambda: processes_with(mark) != [], SECONDS)
    return person, run, mark


def passes(person: Person, course: Course) -> bool:
    """Check a right program."""
    course.file("first-endpoint").write_text(SOLUTION.read_text())
    run = person.press()
    return wait_for(lambda: "All 9 checks passed" in person.get(run), SECONDS)


def test_a_site_that_is_killed_in_mid_run(course: Course) -> None:
    """Its programs go with it; the next start closes the run as ours, and the next run works."""
    person, run, mark = hanging(course)
    course.kill()
    assert wait_for(lambda: processes_with(mark) == [], SECONDS)
    course.start()
    page = person.get(run)
    assert "This run counts for nothing" in page
    assert "The course was ended while this check ran." in page
    assert passes(person, course)


def test_a_site_that_is_stopped_in_mid_run(course: Course) -> None:
    """Ctrl-C waits for the programs' end and stores the run as cancelled."""
    person, run, mark = hanging(course)
    course.stop()
    assert processes_with(mark) == []
    course.start()
    page = person.get(run)
    assert "<p>The course was closed. It counts for nothing.</p>" in page


def test_a_cancelled_run_leaves_no_process(course: Course) -> None:
    """Stop on the page ends the whole tree before the page says so."""
    person, run, mark = hanging(course)
    token = re.findall(r'name="csrf" value="([^"]+)"', person.get(run))[0]
    person._browser.open(
        urllib.request.Request(
            f"{course.site}{run}/cancel",
            data=urllib.parse.urlencode({"csrf": token}).encode(),
            headers={"Origin": course.site},
        ),
        timeout=SECONDS,
    ).close()
    assert "The run was cancelled. It counts for nothing." in person.get(run)
    assert processes_with(mark) == []
