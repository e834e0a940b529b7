"""Readers and a commit wait for each other without sleeping, and nobody for ever."""

import threading
from collections.abc import Callable

import pytest

from app.store import gate as gates
from app.store.gate import Gate


@pytest.fixture
def gate() -> Gate:
    """A gate of its own."""
    return Gate()


def started(work: Callable[[], None]) -> threading.Thread:
    """A thread that does this."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_readers_come_together(gate: Gate) -> None:
    """One reader holds up no other one."""
    with gate.reading(), gate.reading():
        assert gate._readers == 2
    assert gate._readers == 0


def test_a_commit_waits_for_readers_and_new_ones_for_it(gate: Gate) -> None:
    """It begins when the last reader has ended; who comes meanwhile reads after it."""
    seen: list[str] = []
    committing = threading.Event()

    def commit() -> None:
        with gate.committing():
            seen.append("commit")
            committing.set()
            seen.append("committed")

    def late() -> None:
        with gate.reading():
            seen.append("late reader")

    with gate.reading():
        writer = started(commit)
        while not gate._committing:
            assert writer.is_alive()
        reader = started(late)
        seen.append("early reader")
        assert not committing.is_set()
    writer.join()
    reader.join()
    assert seen == ["early reader", "commit", "committed", "late reader"]


def test_nobody_waits_for_ever(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its patience each side goes on: SQLite's own locks decide then, in words."""
    monkeypatch.setattr(gates, "PATIENCE", 0.01)
    with gate.reading(), gate.committing(), gate.reading():
        gate.wait_for_readers(0.01)
        assert gate._readers == 2


def test_an_error_opens_the_gate_again(gate: Gate) -> None:
    """Whatever happens to a reader or a commit, the next ones come through."""
    for entrance in (gate.reading, gate.committing):
        with pytest.raises(KeyError), entrance():
            raise KeyError
    assert (gate._readers, gate._committing) == (0, False)
