"""Lesson 9's café: one event gives one stamp, however often and at once it comes."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.course.lesson_code import MachineFor, both_receivers, program, send_together


def coffee(event_id: str, card: str = "ann") -> bytes:
    """Return the body of a delivery about one coffee."""
    return json.dumps({"id": event_id, "type": "coffee.bought", "data": {"card": card}}).encode()


def register(folder: Path, card: str = "ann") -> None:
    """Give out a card without stamps."""
    with closing(sqlite3.connect(folder / "cafe.db", timeout=60)) as connection, connection:
        connection.execute("INSERT INTO cards VALUES (?, 0)", (card,))


def stamps(folder: Path, card: str = "ann") -> int:
    """Return the stamps on a card."""
    with closing(sqlite3.connect(folder / "cafe.db", timeout=60)) as connection:
        found: int = connection.execute("SELECT stamps FROM cards WHERE card = ?", (card,)).fetchone()[0]
    return found


@both_receivers
def test_a_repeat_and_a_restart_count_once(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """An event that comes again, also after a kill, gives one stamp; the next event one more."""
    fence = program("at-least-once", file)
    with machine_for(fence).serve(fence) as server:
        register(tmp_path)
        first = [server.send("POST", "/coffees", coffee("evt_1"))[0] for _ in range(3)]
    with machine_for(fence).serve(fence) as server:
        again = server.send("POST", "/coffees", coffee("evt_1"))[0]
        after_four_deliveries = stamps(tmp_path)
        another = server.send("POST", "/coffees", coffee("evt_2"))[0]
    assert [*first, again, another] == [204] * 5
    assert after_four_deliveries == 1
    assert stamps(tmp_path) == 2


@both_receivers
def test_a_failed_effect_takes_its_claim_back(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """An event for an unknown card is answered 500; sent again once the card exists, it counts."""
    fence = program("at-least-once", file)
    with machine_for(fence).serve(fence) as server:
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 500
        register(tmp_path, "bob")
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 204
        assert server.send("POST", "/coffees", coffee("evt_7", "bob"))[0] == 204
    assert stamps(tmp_path, "bob") == 1


@both_receivers
def test_a_race_in_two_processes_counts_once(file: str, machine_for: MachineFor, tmp_path: Path) -> None:
    """Sixteen deliveries of one event at once, at two copies of the program: 2xx for all, one stamp."""
    fence = program("at-least-once", file)
    machine = machine_for(fence)
    with machine.serve(fence) as first, machine.serve(fence) as second:
        register(tmp_path)
        statuses = send_together([first, second], "/coffees", coffee("evt_1"), 16)
    assert statuses == [204] * 16
    assert stamps(tmp_path) == 1
