"""The little server: it answers, tells how each exchange ended, and is not held up by who misbehaves."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from app.checks.waiting import wait_for
from app.provider import wire
from app.provider.exchange import Request, Response
from app.provider.service import BODY_BYTES, MOST_AT_ONCE, Served, Service

ECHO = Response(201, "", (("X-Made", "yes"),), b"echo")


class Desk:
    """A service that echoes what it hears; the path `/none` gets no answer, `/wait` waits for `go`."""

    def __init__(self) -> None:
        self.seen: list[Served] = []
        self.go = threading.Event()
        self.reached = threading.Event()
        self.service = Service(self.answer, self.seen.append)

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        if request.target == "/wait":
            self.reached.set()
            self.go.wait(60)
        return None if request.target == "/none" else ECHO

    def ask(self, request: Request, timeout: float = 30.0) -> wire.Outcome:
        """Send a request."""
        return wire.send(request, self.service.port, timeout)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A running service."""
    made = Desk()
    yield made
    made.go.set()
    made.service.close()


def test_it_answers_and_tells(desk: Desk) -> None:
    """The request arrives byte for byte, the answer goes back, and both are told."""
    body = bytes(range(256))
    outcome = desk.ask(Request("POST", "/charges?a=1", (("Idempotency-Key", "evt_1"),), body))
    assert outcome.response is not None
    assert (outcome.response.status, outcome.response.body) == (201, b"echo")
    assert ("X-Made", "yes") in outcome.response.headers
    assert wait_for(lambda: len(desk.seen) == 1, 30)
    told = desk.seen[0]
    assert (told.request.target, told.request.body, told.ended) == ("/charges?a=1", body, "answered")
    assert ("Idempotency-Key", "evt_1") in told.request.headers


def test_no_answer_closes_the_connection(desk: Desk) -> None:
    """None is an answer that got lost."""
    assert desk.ask(Request("GET", "/none", ())).ended == "closed"
    assert wait_for(lambda: [one.ended for one in desk.seen] == ["closed"], 30)


def test_who_left_did_not_hear_the_answer(desk: Desk) -> None:
    """A caller that is gone before the answer: told as closed, never as answered."""
    assert desk.ask(Request("GET", "/wait", ()), timeout=1.0).ended == "timeout"
    assert desk.reached.wait(30)
    desk.go.set()
    assert wait_for(lambda: [one.ended for one in desk.seen] == ["closed"], 30)


@pytest.mark.parametrize(
    "raw",
    [b"", b"SSH-2.0-x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000, b"\x00" * 50],
    ids=["nothing", "other protocol", "endless head", "noise"],
)
def test_noise_is_closed_and_the_next_caller_is_served(desk: Desk, raw: bytes) -> None:
    """What is no request gets no answer, is told to nobody, and harms no one."""
    with socket.create_connection((wire.LOOPBACK, desk.service.port), timeout=30) as noisy:
        with contextlib.suppress(OSError):  # it may be closed before all of the noise is out
            noisy.sendall(raw)
            noisy.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert noisy.recv(100) == b""
    assert desk.ask(Request("GET", "/", ())).ended == "answered"
    assert wait_for(lambda: len(desk.seen) == 1, 30)


def test_a_body_beyond_the_cap_is_not_read(desk: Desk) -> None:
    """More than a megabyte is refused by closing."""
    assert desk.ask(Request("POST", "/", (), b"x" * (BODY_BYTES + 1))).response is None


def test_idle_connections_do_not_pile_up(desk: Desk) -> None:
    """Beyond its bound the service closes what comes; when some leave, it serves again."""
    idle = [
        socket.create_connection((wire.LOOPBACK, desk.service.port), timeout=30) for _ in range(MOST_AT_ONCE)
    ]
    assert wait_for(lambda: desk.ask(Request("GET", "/", ())).ended == "closed", 30)
    for connection in idle:
        connection.close()
    assert wait_for(lambda: desk.ask(Request("GET", "/", ())).ended == "answered", 30)


def test_after_the_end_nobody_listens() -> None:
    """Closed is closed."""
    made = Desk()
    made.service.close()
    assert made.ask(Request("GET", "/", ())).ended == "refused"
