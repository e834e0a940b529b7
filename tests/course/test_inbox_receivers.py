"""The receivers of lesson 10 acknowledge first, lose nothing, and ask again under the same key."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.checks.waiting import wait_for
from app.provider.exchange import Request, Response
from app.provider.service import Service
from tests.course.lesson_code import MachineFor, both_receivers, program

PATIENCE = 20.0
"""Seconds until a wait counts as failed."""


class Courier:
    """Books couriers, slowly if asked to: keeps the calls, fails so often, holds its answers back."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []
        self.failures = 0
        self.free = threading.Event()
        self.free.set()
        self.service = Service(self._answer)

    def _answer(self, request: Request) -> Response:
        key = next(value for name, value in request.headers if name.lower() == "idempotency-key")
        self.calls.append((key, request.body))
        self.free.wait(PATIENCE)
        self.failures -= 1
        return Response(503 if self.failures >= 0 else 200, "", (), b"")

    @property
    def url(self) -> str:
        return self.service.url + "/bookings"

    def was_asked(self, event_id: str, times: int = 1) -> bool:
        """Wait until an order was booked so often; False when it never is."""
        return wait_for(lambda: [key for key, _ in self.calls].count(event_id) >= times, PATIENCE)


@pytest.fixture
def courier() -> Iterator[Courier]:
    """A courier that listens until the test is over."""
    made = Courier()
    yield made
    made.free.set()
    made.service.close()


def order(event_id: str) -> bytes:
    """Return the body of a delivery about one order, written as no library would."""
    return b'{ "type":"order.placed",' + json.dumps({"id": event_id})[1:].encode() + b"\n"


def is_done(folder: Path, event_id: str) -> bool:
    """Wait until the inbox says that an order is done; False when it never does."""

    def look() -> bool:
        with closing(sqlite3.connect(folder / "florist.db", timeout=60)) as connection:
            row = connection.execute("SELECT done FROM inbox WHERE event_id = ?", (event_id,)).fetchone()
        return bool(row and row[0])

    return wait_for(look, PATIENCE)


@both_receivers
def test_it_answers_while_the_courier_does_not(
    file: str, machine_for: MachineFor, tmp_path: Path, courier: Courier
) -> None:
    """202 comes while the courier holds its answer; then the order is done, booked once, with its bytes."""
    fence = program("acknowledge-first", file)
    courier.free.clear()
    with machine_for(fence).serve(fence, COURIER_URL=courier.url) as server:
        assert [server.send("POST", "/orders", order("evt_1"))[0] for _ in range(3)] == [202] * 3
        assert courier.was_asked("evt_1")
        courier.free.set()
        assert is_done(tmp_path, "evt_1")
    assert courier.calls == [("evt_1", order("evt_1"))]


@both_receivers
def test_what_waits_outlives_a_kill(
    file: str, machine_for: MachineFor, tmp_path: Path, courier: Courier
) -> None:
    """An order that waits behind a slow one when the program is killed is booked after the next start."""
    fence = program("acknowledge-first", file)
    courier.free.clear()
    with machine_for(fence).serve(fence, COURIER_URL=courier.url) as server:
        server.send("POST", "/orders", order("evt_1"))
        assert courier.was_asked("evt_1")
        assert server.send("POST", "/orders", order("evt_2"))[0] == 202
    courier.free.set()
    with machine_for(fence).serve(fence, COURIER_URL=courier.url):
        assert is_done(tmp_path, "evt_2")


@both_receivers
def test_what_fails_is_asked_for_again(
    file: str, machine_for: MachineFor, tmp_path: Path, courier: Courier
) -> None:
    """A courier that says 503 twice is asked a third time, under the same key."""
    fence = program("acknowledge-first", file)
    courier.failures = 2
    with machine_for(fence).serve(fence, COURIER_URL=courier.url) as server:
        server.send("POST", "/orders", order("evt_1"))
        assert courier.was_asked("evt_1", times=3)
        assert is_done(tmp_path, "evt_1")
    assert [key for key, _ in courier.calls] == ["evt_1"] * 3
