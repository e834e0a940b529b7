"""The client of a hostile server: every ending has its word, every deadline is absolute."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from app.checks.waiting import wait_for
from app.provider import wire
from app.provider.exchange import Request

Serve = Callable[[socket.socket], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Serve], int]]:
    """Start a server that treats one connection as told; returns its port."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(treat: Serve) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def work() -> None:
            connection, _ = listener.accept()
            with connection:
                treat(connection)

        threads.append(threading.Thread(target=work, daemon=True))
        threads[-1].start()
        return int(listener.getsockname()[1])

    yield start
    for thread in threads:
        thread.join(60)
    for listener in listeners:
        listener.close()


def answering(raw: bytes) -> Serve:
    """Read something, then answer with these bytes."""

    def treat(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(raw)

    return treat


def drip(connection: socket.socket) -> str:
    """Send a byte now and then, as long as anybody listens; say how it ended."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    pause = threading.Event()
    for _ in range(100):
        try:
            connection.sendall(b"x")
        except OSError:
            return "they left"
        pause.wait(0.05)
    return "it was empty"


def flood(connection: socket.socket) -> None:
    """Answer with more than anyone wants to read."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    try:
        for _ in range(100):
            connection.sendall(b"x" * 1_000_000)
    except OSError:
        return


GET = Request("GET", "/", ())


@pytest.mark.parametrize(
    ("raw", "ended"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "answered"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", "answered"),
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "closed"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "broken"),
        (b"HTTP/1.1 two hundred\r\n\r\n", "broken"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, "broken"),
    ],
)
def test_every_ending_has_its_word(serve: Callable[[Serve], int], raw: bytes, ended: str) -> None:
    """Whatever a server answers, the outcome is a word and never an exception."""
    assert wire.send(GET, serve(answering(raw)), 10.0).ended == ended


def test_a_body_that_never_ends_meets_the_cap(serve: Callable[[Serve], int]) -> None:
    """A huge body is not read to its end."""
    assert wire.send(GET, serve(flood), 5.0).ended == "too-large"


def test_the_deadline_covers_a_dripping_body(serve: Callable[[Serve], int]) -> None:
    """Bytes that keep coming do not prolong a request: the timeout is for all of it."""
    dripped: list[str] = []
    assert wire.send(GET, serve(lambda connection: dripped.append(drip(connection))), 0.3).ended == "timeout"
    assert wait_for(lambda: bool(dripped), 60.0)
    assert dripped == ["they left"], "it had to wait until the last drop"


def test_nobody_listens() -> None:
    """A closed port is told as refused."""
    assert wire.send(GET, wire.free_port(), 1.0).ended == "refused"


def test_redirects_are_not_followed(serve: Callable[[Serve], int]) -> None:
    """A redirect is an answer like any other."""
    raw = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    outcome = wire.send(GET, serve(answering(raw)), 2.0)
    assert outcome.response is not None
    assert outcome.response.status == 302


def test_the_body_arrives_byte_for_byte(serve: Callable[[Serve], int]) -> None:
    """What is sent is what the body holds, with its length, whatever the bytes are."""
    seen: list[bytes] = []
    body = bytes(range(256)) * 3

    def treat(connection: socket.socket) -> None:
        data = b""
        while not data.endswith(body):
            data += connection.recv(65536)
        seen.append(data)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    request = Request("POST", "/webhook", (("Content-Type", "application/json"), ("X-Name", "é")), body)
    assert wire.send(request, serve(treat), 2.0).ended == "answered"
    head = seen[0].removesuffix(body)
    assert head.startswith(b"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1:")
    assert f"Content-Length: {len(body)}\r\n".encode() in head
    assert "X-Name: é\r\n".encode() in head


POST = Request("POST", "/webhook", (), b"x" * 1000)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def everything(heard: list[bytes], answer: bytes = b"") -> Serve:
    """Read to the end of what is sent, keep it, then answer."""

    def treat(connection: socket.socket) -> None:
        data = bytearray()
        while piece := connection.recv(65536):
            data += piece
            if data.endswith(POST.body):
                break
        heard.append(bytes(data))
        connection.sendall(answer)
        connection.recv(1)

    return treat


def test_a_slow_request_arrives_whole_and_in_drops(serve: Callable[[Serve], int]) -> None:
    """It is sent in many pieces; together they are the request."""
    pieces: list[bytes] = []

    def treat(connection: socket.socket) -> None:
        while not b"".join(pieces).endswith(POST.body):
            pieces.append(connection.recv(65536))
        connection.sendall(OK)

    assert wire.send(POST, serve(treat), 3.0, way=wire.SLOW, seconds=0.2).ended == "answered"
    assert len(pieces) > wire.DROPS / 2


def test_an_early_answer_ends_a_slow_request(serve: Callable[[Serve], int]) -> None:
    """A server that will not wait for the last drop is heard at once."""
    outcome = wire.send(POST, serve(answering(OK)), 5.0, way=wire.SLOW, seconds=60)
    assert outcome.response is not None


def test_a_truncated_request_ends_before_its_length(serve: Callable[[Serve], int]) -> None:
    """The head promises the whole body, half of it comes, then the end; an answer is still read."""
    heard: list[bytes] = []
    assert wire.send(POST, serve(everything(heard, OK)), 3.0, way=wire.TRUNCATED).ended == "answered"
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert b"Content-Length: 1000" in head
    assert len(body) == 500


def test_an_announced_body_never_comes(serve: Callable[[Serve], int]) -> None:
    """The head promises a body of which no byte is sent, and an answer to the head is read."""
    heard: list[bytes] = []

    def head_only(connection: socket.socket) -> None:
        while b"\r\n\r\n" not in b"".join(heard):
            heard.append(connection.recv(65536))
        connection.sendall(OK)
        heard.append(connection.recv(65536))

    assert wire.send(POST, serve(head_only), 3.0, way=wire.ANNOUNCED).ended == "answered"
    head, _, body = b"".join(heard).partition(b"\r\n\r\n")
    assert b"Content-Length: 1000" in head
    assert body == b""


def test_a_dropped_request_arrives_whole(serve: Callable[[Serve], int]) -> None:
    """All of it is sent, and nobody waits for an answer."""
    heard: list[bytes] = []
    assert wire.send(POST, serve(everything(heard)), 3.0, way=wire.DROPPED) == wire.Outcome(None, "dropped")
    assert wait_for(lambda: bool(heard), 30.0)
    assert heard[0].endswith(POST.body)


def test_a_lost_answer_was_given(serve: Callable[[Serve], int]) -> None:
    """The connection is closed when the answer comes; without one it ends as any other."""
    port = serve(answering(OK))
    assert wire.send(POST, port, 3.0, way=wire.ANSWER_LOST) == wire.Outcome(None, "lost")
    assert wire.send(POST, serve(answering(b"")), 3.0, way=wire.ANSWER_LOST).ended == "closed"


def test_a_refusal_before_the_end_of_the_body_is_heard(serve: Callable[[Serve], int]) -> None:
    """A server answers 413 after the head and closes; that counts although the body could not be sent."""

    def treat(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")

    outcome = wire.send(Request("POST", "/", (), b"x" * 5_000_000), serve(treat), 5.0)
    assert outcome.response is not None
    assert outcome.response.status == 413


def hears(heard: list[bytes]) -> Serve:
    """Read until the other side is gone."""

    def treat(connection: socket.socket) -> None:
        while data := connection.recv(65536):
            heard.append(data)

    return treat


def test_a_line_tells_what_was_sent_and_can_be_hung_up(serve: Callable[[Serve], int]) -> None:
    """All is on its way before anybody hangs up; then the sender waits no longer, and says who ended it."""
    heard: list[bytes] = []
    ended: list[str] = []
    line, port = wire.Line(), serve(hears(heard))

    def work() -> None:
        ended.append(wire.send(POST, port, 60.0, way=wire.ANNOUNCED, line=line).ended)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert line.wait_until_sent(30.0)
    assert wait_for(lambda: b"".join(heard).endswith(b"\r\n\r\n"), 30.0)
    assert not ended
    line.hang_up()
    thread.join(30.0)
    assert ended == ["dropped"]
    line.hang_up()  # what is over can be hung up again


def test_a_line_hung_up_before_it_stands_is_no_wait(serve: Callable[[Serve], int]) -> None:
    """Who hangs up too early is heeded as soon as there is a connection."""
    line = wire.Line()
    line.hang_up()
    assert wire.send(POST, serve(hears([])), 60.0, way=wire.ANNOUNCED, line=line).ended == "dropped"
