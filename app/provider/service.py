"""A small HTTP server on the loopback address, for programs that may be hostile: bounded in every way.

One request a connection; a deadline for it; at most `MOST_AT_ONCE` connections and `BODY_BYTES` of body.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import h11

from app.provider import wire
from app.provider.exchange import Headers, Request, Response

MOST_AT_ONCE = 64
BODY_BYTES = 1024 * 1024
READ_SECONDS = 5.0


@dataclass(frozen=True)
class Served:
    """One request that was served; moments on the monotonic clock.

    `ended` is answered, or closed where no answer was given or nobody was there any more to hear it.
    """

    request: Request
    response: Response | None
    ended: str
    began: float
    over: float


class _Unreadable(Exception):
    """What came is no request that this server takes."""


class Service:
    """Listens until it is closed. `answer` may take its time; None closes the connection unanswered."""

    def __init__(
        self,
        answer: Callable[[Request], Response | None],
        served: Callable[[Served], None] = lambda one: None,
    ):
        self._answer = answer
        self._served = served
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._listener = wire.listen()
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{wire.LOOPBACK}:{self.port}"

    def close(self) -> None:
        """Stop listening; what is being answered may end by itself."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._listener.close()
        self._thread.join(1.0)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if not self._free.acquire(blocking=False):
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        began = time.monotonic()
        try:
            with connection, contextlib.suppress(OSError, h11.RemoteProtocolError, _Unreadable):
                protocol = h11.Connection(our_role=h11.SERVER, max_incomplete_event_size=64 * 1024)
                request = _read(protocol, connection, began + READ_SECONDS)
                response, ended = self._answer(request), "closed"
                try:
                    ended = _reply(protocol, connection, response)
                finally:
                    self._served(Served(request, response, ended, began, time.monotonic()))
        finally:
            self._free.release()


def _read(protocol: h11.Connection, connection: socket.socket, deadline: float) -> Request:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = wire.next_event(protocol, connection, deadline)
        if isinstance(event, h11.Request):
            head = event
            if protocol.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                connection.sendall(protocol.send(go_on) or b"")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_BYTES:
                raise _Unreadable
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            target, method = head.target.decode("latin-1"), head.method.decode("latin-1")
            return Request(method, target, _headers(head), bytes(body))
        else:
            raise _Unreadable


def _reply(protocol: h11.Connection, connection: socket.socket, response: Response | None) -> str:
    """Send the response; returns how the exchange ended."""
    if response is None or _gone(connection):
        return "closed"
    headers = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
    headers += [("Content-Length", str(len(response.body))), ("Connection", "close")]
    head = h11.Response(status_code=response.status, headers=headers, reason=response.reason)
    parts = [
        protocol.send(head),
        protocol.send(h11.Data(data=response.body)),
        protocol.send(h11.EndOfMessage()),
    ]
    try:
        connection.settimeout(READ_SECONDS)
        connection.sendall(b"".join(part for part in parts if part))
    except OSError:
        return "closed"
    return "answered"


def _gone(connection: socket.socket) -> bool:
    """Whether the other side is not there any more, such as after a kill."""
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _headers(head: h11.Request) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()
    )
