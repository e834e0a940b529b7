"""The curl line: a shell and curl send the recorded bytes again, signed afresh."""

import hashlib
import hmac
import shutil
import socket
import subprocess
import threading

import pytest

from app.provider.curl import curl_line
from app.provider.exchange import Exchange, Headers, Request, Signature, as_data

SECRETS = {"WEBHOOK_SECRET": "practice"}
BODIES = [
    b"",
    b'{"id":"evt_1","type":"invoice.paid"}',
    b'{"note": "it\'s 100% \\\\ \\"quoted\\" $HOME `date` !"}\n',
    '{\n  "name": "Zoë 😀",\r\n\t"n": 1.0}\n'.encode(),
    b"@/etc/passwd",
    b"-H evil",
    bytes(range(256)),
    b"\x00\x00%s%d\\n",
]


def recorded(
    body: bytes, headers: Headers, signature: Signature | None, method: str = "POST"
) -> dict[str, object]:
    """Return an exchange as the event stream holds it."""
    request = Request(method, "/webhook?a=1&b='", headers, body)
    return as_data(Exchange("provider", "program", 0, 1, request, None, "refused", signature))


def receive(connections: list[bytes]) -> tuple[socket.socket, threading.Thread]:
    """Listen for one request and keep its bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        connection, _ = listener.accept()
        with connection:
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            head, _, body = data.partition(b"\r\n\r\n")
            length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            while length and len(body) < int(length[0].split(b":")[1]):
                body += connection.recv(65536)
            connections.append(head + b"\r\n\r\n" + body)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return listener, thread


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl: apt install curl")
@pytest.mark.parametrize("body", BODIES)
def test_a_shell_sends_the_same_bytes(body: bytes) -> None:
    """Run by sh and curl, the line delivers what was recorded byte for byte, newly signed."""
    headers = (("Content-Type", "application/json"), ("X-Odd", "it's"), ("X-Hub-Signature-256", "sha256=old"))
    exchange = recorded(body, headers, Signature("github", "correct"))
    seen: list[bytes] = []
    listener, thread = receive(seen)
    line = curl_line(exchange, f"http://127.0.0.1:{listener.getsockname()[1]}", SECRETS)
    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, timeout=60)
    thread.join(60)
    listener.close()
    head, _, got = seen[0].partition(b"\r\n\r\n")
    assert got == body
    assert head.startswith(b"POST /webhook?a=1&b=' HTTP/1.1\r\n")
    digest = hmac.new(b"practice", body, hashlib.sha256).hexdigest()
    assert f"X-Hub-Signature-256: sha256={digest}".encode() in head.split(b"\r\n")
    assert b"X-Odd: it's" in head.split(b"\r\n")
    assert head.lower().count(b"content-type:") == 1


def test_a_body_that_was_cut_is_not_offered() -> None:
    """Of a body too long to keep there is no line that would send something else."""
    line = curl_line(recorded(b"x" * 100_000, (), None), "http://127.0.0.1:1", SECRETS)
    assert line.startswith("#")
