"""The only module that opens sockets: one request to a server that may be hostile, or a port to listen on.

Absolute deadlines, capped bodies, no redirects, no decompression, nothing from the environment.
"""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import h11

from app.provider.exchange import Request, Response

RESPONSE_BYTES = 1024 * 1024
LOOPBACK = "127.0.0.1"

WHOLE, SLOW, TRUNCATED, ANNOUNCED, DROPPED, ANSWER_LOST = WAYS = (
    "whole",
    "slow",
    "truncated",
    "announced",
    "dropped",
    "answer-lost",
)
"""The ways in which a request travels: at once; in drops; half of its body, then the end; its head, and no
byte of the body that it announces; whole, and the connection closed at once; whole, and the connection closed
when the answer comes."""

DROPS = 20


@dataclass(frozen=True)
class Outcome:
    """What came back: a response, or the word for how the connection ended."""

    response: Response | None
    ended: str


class _TooLarge(Exception):
    """The response's body passed the cap."""


class Line:
    """The connection of one request, for another thread than the one that sends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent = threading.Event()
        self._connection: socket.socket | None = None
        self.is_hung_up = False

    def wait_until_sent(self, timeout: float) -> bool:
        """Wait until all that will be sent was handed to the network; False when it is not in time."""
        return self._sent.wait(timeout)

    def hang_up(self) -> None:
        """Close the connection without waiting for an answer any more."""
        with self._lock:
            self.is_hung_up = True
            self._shut()

    def take(self, connection: socket.socket) -> None:
        """Know the connection; all has been sent. The sending thread calls this."""
        with self._lock:
            self._connection = connection
            if self.is_hung_up:
                self._shut()
        self._sent.set()

    def _shut(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):  # it is over by now
                self._connection.shutdown(socket.SHUT_RDWR)


def send(
    request: Request,
    port: int,
    timeout: float,
    host: str = LOOPBACK,
    way: str = WHOLE,
    seconds: float = 1.0,
    line: Line | None = None,
) -> Outcome:
    """Send one request and read its response; `timeout` in seconds covers everything together.

    `way` is one of WAYS; a slow request takes `seconds` to be sent. By its `line` another thread can hang up.
    """
    deadline = time.monotonic() + timeout
    line = line or Line()
    try:
        with _connected(host, port, timeout) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            protocol = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=64 * 1024)
            raw = wire_bytes(protocol, request, f"{host}:{port}")
            raw = raw[: len(raw) - _kept_back(way, len(request.body))]
            _transmit(connection, raw, seconds if way == SLOW else 0.0, deadline)
            line.take(connection)
            if way in (DROPPED, ANSWER_LOST):
                return Outcome(None, _hang_up(connection, way, deadline))
            if way == TRUNCATED:
                connection.shutdown(socket.SHUT_WR)
            return Outcome(_response(protocol, connection, deadline), "answered")
    except TimeoutError:
        return Outcome(None, "timeout")
    except ConnectionRefusedError:
        return Outcome(None, "refused")
    except _TooLarge:
        return Outcome(None, "too-large")
    except h11.RemoteProtocolError:
        return Outcome(None, "broken")
    except OSError:
        return Outcome(None, "dropped" if line.is_hung_up else "closed")


@contextlib.contextmanager
def _connected(host: str, port: int, timeout: float) -> Iterator[socket.socket]:
    # Not socket.create_connection: it asks the system's resolver, which takes longer than the connection.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect((host, port))
        yield connection


def _kept_back(way: str, length: int) -> int:
    """How many bytes of a body are not sent."""
    return {TRUNCATED: (length + 1) // 2, ANNOUNCED: length}.get(way, 0)


def _transmit(connection: socket.socket, raw: bytes, seconds: float, deadline: float) -> None:
    # A server may refuse a request before it has read all of it; then there is an answer to read.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for piece in _pieces(raw, DROPS if seconds else 1):
            connection.settimeout(_left(deadline))
            connection.sendall(piece)
            if seconds and _answer_begins(connection, min(seconds / DROPS, _left(deadline))):
                return


def _pieces(raw: bytes, number: int) -> Iterator[bytes]:
    length = -(-len(raw) // number)
    for start in range(0, len(raw), length):
        yield raw[start : start + length]


def _answer_begins(connection: socket.socket, seconds: float) -> bool:
    return bool(select.select([connection], [], [], seconds)[0])


def _hang_up(connection: socket.socket, way: str, deadline: float) -> str:
    """Close without reading; returns the word for it. A lost answer is one that began to come."""
    if way == DROPPED:
        return "dropped"
    connection.settimeout(_left(deadline))
    return "lost" if connection.recv(1) else "closed"


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.001)


def _response(protocol: h11.Connection, connection: socket.socket, deadline: float) -> Response:
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = next_event(protocol, connection, deadline)
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > RESPONSE_BYTES:
                raise _TooLarge
        elif isinstance(event, h11.EndOfMessage):
            break
    if head is None:
        raise ConnectionResetError
    return Response(head.status_code, _text(head.reason), _headers(head), bytes(body))


def wire_bytes(protocol: h11.Connection, request: Request, host: str) -> bytes:
    """Return the exact bytes of a request; Host and Content-Length are added where they are missing."""
    names = {name.lower() for name, _ in request.headers}
    headers = [(name.encode("latin-1"), _field(value)) for name, value in request.headers]
    if "host" not in names:
        headers.insert(0, (b"Host", host.encode("ascii")))
    if not names & {"content-length", "transfer-encoding"} and (
        request.body or request.method in ("POST", "PUT", "PATCH")
    ):
        headers.append((b"Content-Length", str(len(request.body)).encode("ascii")))
    head = h11.Request(method=request.method, target=request.target, headers=headers)
    parts = [protocol.send(head)]
    if request.body:
        parts.append(protocol.send(h11.Data(data=request.body)))
    parts.append(protocol.send(h11.EndOfMessage()))
    return b"".join(part for part in parts if part)


def next_event(protocol: h11.Connection, connection: socket.socket, deadline: float) -> object:
    """Return the next event of a connection; TimeoutError when the deadline (monotonic clock) has passed."""
    while True:
        event = _event_now(protocol)
        if event is not h11.NEED_DATA:
            return event
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        protocol.receive_data(connection.recv(65536))


def _event_now(protocol: h11.Connection) -> object:
    try:
        return protocol.next_event()
    except h11.RemoteProtocolError:
        _, ended = protocol.trailing_data
        if ended:
            raise ConnectionResetError from None
        raise


def _field(value: str) -> bytes:
    # A header field is bytes; a signature of someone hostile may hold any of them.
    return value.encode("utf-8")


def _text(raw: bytes) -> str:
    return raw.decode("latin-1")


def _headers(head: h11.Response) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in head.headers.raw_items())


def accepts_connections(port: int, host: str = LOOPBACK) -> bool:
    """Whether something accepts a connection on the port now; sends nothing."""
    try:
        with _connected(host, port, 0.5):
            return True
    except OSError:
        return False


def listen(host: str = LOOPBACK) -> socket.socket:
    """Listen on a free port of the loopback address."""
    return socket.create_server((host, 0), backlog=128)


def free_port(host: str = LOOPBACK) -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
