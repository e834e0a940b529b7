"""Writes of several threads in one transaction: fewer commits, and nobody's failure is another's."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.errors import CourseError
from app.store.store import Store
from app.store.tables import LessonRead
from app.store.together import Together


def reads(lesson: str) -> Callable[[Session], str]:
    """A write that marks a lesson as read, and returns its name."""

    def work(session: Session) -> str:
        session.add(LessonRead(lesson=lesson, at="2026-01-01"))
        session.flush()
        return lesson

    return work


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all of this at the same moment; give what each returned or raised."""
    together, results = threading.Barrier(len(works)), dict[int, object]()

    def do(number: int, work: Callable[[], object]) -> None:
        together.wait()
        try:
            results[number] = work()
        except CourseError as error:
            results[number] = error

    threads = [threading.Thread(target=do, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(works))]


def test_writes_that_wait_share_a_commit(store: Store) -> None:
    """While one transaction is held up, all that come meanwhile go to the disk with the next one."""
    commits: list[object] = []
    event.listen(store._database._engine, "commit", commits.append)
    writes, begun, go_on = Together(store._database), threading.Event(), threading.Event()

    def slow(session: Session) -> str:
        begun.set()
        go_on.wait(60)
        return reads("first")(session)

    first = threading.Thread(target=writes.write, args=(slow,))
    first.start()
    begun.wait(60)
    others = [threading.Thread(target=writes.write, args=(reads(f"other {at}"),)) for at in range(5)]
    for thread in others:
        thread.start()
    while len(writes._waiting) < len(others):
        assert first.is_alive()
    go_on.set()
    for thread in (first, *others):
        thread.join()
    assert store.steps.read_lessons() == {"first", *(f"other {at}" for at in range(5))}
    assert len(commits) == 2


def test_one_that_fails_takes_nobody_with_it(store: Store) -> None:
    """Each thread gets its own result or its own error; all but the wrong one are kept."""
    writes = Together(store._database)
    works = [reads(name) for name in ("a", "b", "b", "c", "d")]
    results = at_once(*(lambda work=work: writes.write(work) for work in works))  # type: ignore[misc]
    assert [type(each) for each in results].count(str) == 4
    assert {each for each in results if isinstance(each, str)} == {"a", "b", "c", "d"}
    assert store.steps.read_lessons() == {"a", "b", "c", "d"}


def test_an_interrupt_leaves_nobody_waiting(store: Store) -> None:
    """Ctrl-C within a write ends it with nothing kept; the next one works."""
    writes = Together(store._database)

    def interrupted(session: Session) -> None:
        reads("half")(session)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writes.write(interrupted)
    assert writes.write(reads("next")) == "next"
    assert store.steps.read_lessons() == {"next"}
