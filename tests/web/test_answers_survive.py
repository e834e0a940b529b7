"""Answers and a running course that is pressed hard: by fifty at once, and killed in the middle."""

import contextlib
import dataclasses
import http.client
import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.answering import CHOICES, Browser, Press, integrity, presses, stored, write_quiz
from tests.web.running import Course, free_port

KILLS = 20
CLIENTS = 4


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new home, and content with a quiz of its own."""
    monkeypatch.setenv("COURSE_CONTENT", str(write_quiz(tmp_path / "content")))
    return tmp_path / "home"


def browser(course: Course) -> Browser:
    """Enter a running course."""
    return Browser(course.port, course.link)


def test_fifty_presses_of_one_answer_are_one_answer(home: Path, tmp_path: Path) -> None:
    """Fifty connections answer one question at once, not all the same: one row, and all see that one."""
    press = next(presses(home, tmp_path / "content", 1))
    course = Course(home, free_port())
    course.start()
    try:
        entered, together = browser(course), threading.Barrier(50)

        def send(number: int) -> tuple[int, str]:
            with contextlib.closing(entered.connect()) as connection:
                connection.connect()
                together.wait()
                return entered.send(connection, dataclasses.replace(press, choice=CHOICES[number % 3]))

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(send, range(50)))
        (row,) = stored(home).values()
        assert {status for status, _ in answers} == {303}
        assert len({where for _, where in answers}) == 1
        with contextlib.closing(entered.connect()) as connection:  # whatever is sent for it later
            for choice in CHOICES:
                entered.send(connection, dataclasses.replace(press, choice=choice))
        assert stored(home) == {(press.attempt, press.question): row}
    finally:
        course.stop()


def test_no_acknowledged_answer_is_lost_by_sigkill(home: Path, tmp_path: Path) -> None:
    """A course is killed twenty times while answers come in: every one that was acknowledged is there."""
    chance = random.Random(20260103)  # noqa: S311 - a repeatable choice of moments
    waiting = presses(home, tmp_path / "content", 150)
    acknowledged: list[Press] = []
    with ThreadPoolExecutor(1) as starter:
        coming = start(starter, home)
        for _ in range(KILLS):
            course, coming = coming.result(60), start(starter, home)  # the next one starts meanwhile
            acknowledged += sent_until_killed(course, waiting, chance.randint(1, 25))
        coming.result(60).kill()
    assert len(acknowledged) >= KILLS, "answers must have been stored, or this proves nothing"
    assert integrity(home) == "ok"
    kept = stored(home)
    lost = [press for press in acknowledged if (press.attempt, press.question) not in kept]
    assert lost == []
    assert all(kept[press.attempt, press.question].chosen == (press.choice,) for press in acknowledged)


def start(starter: ThreadPoolExecutor, home: Path) -> Future[Course]:
    """Begin to start a course on a port of its own."""

    def started() -> Course:
        course = Course(home, free_port())
        course.start()
        return course

    return starter.submit(started)


def sent_until_killed(course: Course, waiting: Iterator[Press], after: int) -> list[Press]:
    """Send presses from several connections, kill the course after so many, and return the acknowledged."""
    entered, acknowledged = browser(course), list[Press]()
    guard, enough = threading.Lock(), threading.Event()

    def send() -> None:
        connection = entered.connect()
        try:
            while True:
                with guard:
                    press = next(waiting)
                status, _ = entered.send(connection, press)
                assert status == 303
                acknowledged.append(press)
                if len(acknowledged) >= after:
                    enough.set()
        except (OSError, http.client.HTTPException):
            return  # killed
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    course.kill()
    for thread in threads:
        thread.join()
    return acknowledged
