"""The learner's program run by hand, curl lines and replays."""

import base64
import dataclasses
import hashlib
import hmac
import http.server
import socket
import stat
import subprocess
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.errors import NotFound, UsageError
from app.learning import practice, workspace
from app.learning.classroom import Classroom
from app.store.rows import CheckResult, RunEnd, RunStart

BODY = b'{"id": "evt_1", "note": "it\'s"}'


@pytest.fixture
def room(classroom: Classroom) -> Classroom:
    """A classroom whose first exercise practises on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first, *others = classroom.course.exercises
    moved = dataclasses.replace(first, number=port - practice.FIRST_PORT)
    classroom._course = dataclasses.replace(classroom.course, exercises=(moved, *others))
    return classroom


class Heard:
    """A server that notes what arrives."""

    def __init__(self, port: int) -> None:
        self.requests: list[tuple[str, str | None, bytes]] = []
        heard = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.requests.append((self.path, self.headers.get("X-Hub-Signature-256"), body))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def heard(room: Classroom) -> Iterator[Heard]:
    """A server where the program run by hand would be."""
    server = Heard(practice.practice_port(room, "first"))
    yield server
    server.close()


def exchange(dial: str = "correct", begin: float = 1.0) -> dict[str, Any]:
    """A recorded delivery, signed with a secret that is long gone."""
    signature = [] if dial == "missing" else [["X-Hub-Signature-256", "sha256=old"]]
    return {
        "from": "provider",
        "to": "program",
        "start": begin,
        "end": begin + 1,
        "request": {
            "method": "POST",
            "target": "/webhook",
            "headers": [["Content-Type", "application/json"], *signature],
            "body": {
                "text": "",
                "base64": base64.b64encode(BODY).decode(),
                "size": len(BODY),
                "truncated": False,
            },
        },
        "response": None,
        "ended": "answered",
        "signature": {"scheme": "github", "dial": dial, "signed_base64": None},
    }


def store_run(room: Classroom, *events: dict[str, Any], second: float = 2.5) -> None:
    """Store a run in which the check a-b failed with these events."""
    start = RunStart("r1", "first", "python", "/x", None, 99, "owner", room.now)
    room.store.runs.begin(start)
    exchanges = [exchange(), exchange("missing", second)]
    finished = {"event": "check_finished", "check": "a-b", "exchanges": exchanges}
    whole = ({"event": "check_started", "check": "a-b"}, *events, finished)
    numbered = tuple({"number": number, **event} for number, event in enumerate(whole, 1))
    results = (CheckResult(1, "a-b", "failed", 1.0), CheckResult(2, "c-d", "skipped", None))
    room.store.runs.finish("r1", RunEnd("failed", {}, "", 1.0, "isolated", "h", room.now, numbered, results))


def signed(room: Classroom) -> str:
    """The signature that the practice secret makes."""
    secret = practice.practice_secret(room).encode()
    return "sha256=" + hmac.new(secret, BODY, hashlib.sha256).hexdigest()


def test_the_practice_secret_is_kept_and_private(room: Classroom) -> None:
    """It is the same the next day, and nobody else reads it."""
    secret = practice.practice_secret(room)
    assert len(secret) >= 32
    assert practice.practice_secret(room) == secret
    path = room.settings.home / ".practice-secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_exercise_has_its_own_port(classroom: Classroom) -> None:
    """Fixed, printed, and on the loopback address."""
    assert practice.practice_url(classroom, "first") == "http://127.0.0.1:4751"
    assert practice.practice_url(classroom, "second") == "http://127.0.0.1:4752"


def test_a_curl_line_sends_the_same_bytes_signed_now(room: Classroom, heard: Heard) -> None:
    """A shell runs it as it is; the program finds a valid signature under the practice secret."""
    line = practice.curl_for(room, "first", exchange())
    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True)
    assert heard.requests == [("/webhook", signed(room), BODY)]


def test_what_the_program_sent_has_no_curl_line(room: Classroom) -> None:
    """A call to a service is not aimed at the program that made it."""
    assert practice.curl_for(room, "first", {**exchange(), "from": "program", "to": "downstream"}) == ""


def test_a_replay_sends_every_delivery_of_the_check(room: Classroom, heard: Heard) -> None:
    """In order, signed now as the check signed them, with what came back."""
    store_run(room)
    replayed = practice.replay(room, "first", "a-b")
    assert [(path, signature) for path, signature, _ in heard.requests] == [
        ("/webhook", signed(room)),
        ("/webhook", None),
    ]
    assert [one.answer.status for one in replayed.deliveries] == [202, 202]
    assert (replayed.run, replayed.warning) == ("r1", "")


STARTED = {"event": "program_started", "start": 2}
KILLED = {"event": "program_exited", "start": 1, "expected": True}
DIED = {"event": "program_exited", "start": 1, "expected": False}


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((KILLED, STARTED), "program was stopped on purpose;"),
        (
            ({"event": "program_started", "start": 1}, STARTED),
            "In the check two of your programs ran at once;",
        ),
        (({"event": "program_started", "start": 1}, STARTED, KILLED), "on purpose, and two of your programs"),
        ((STARTED,), ""),
        ((DIED,), ""),
    ],
)
@pytest.mark.usefixtures("heard")
def test_a_replay_says_what_it_can_not_repeat(
    room: Classroom, events: tuple[dict[str, Any], ...], words: str
) -> None:
    """Where the check also killed or doubled the program, the command that does so is named."""
    store_run(room, *events)
    warning = practice.replay(room, "first", "a-b").warning
    assert words in warning
    assert ("course check first --only a-b --seed 99" in warning) == bool(words)
    assert bool(warning) == bool(words)


@pytest.mark.usefixtures("heard")
def test_a_replay_says_that_deliveries_were_sent_at_once(room: Classroom) -> None:
    """A race can't be repeated one after the other."""
    store_run(room, second=1.5)
    assert "at the same moment" in practice.replay(room, "first", "a-b").warning


def test_a_replay_without_a_run_or_a_listener_says_what_to_do(room: Classroom) -> None:
    """Each sentence names the command that helps."""
    with pytest.raises(NotFound, match="a-b, c-d"):
        practice.replay(room, "first", "nothing")
    with pytest.raises(UsageError, match="course check first"):
        practice.replay(room, "first", "a-b")
    store_run(room)
    with pytest.raises(UsageError, match="course run first"):
        practice.replay(room, "first", "a-b")
    with pytest.raises(UsageError, match="was not run yet"):  # it was skipped
        practice.replay(room, "first", "c-d")


PROGRAM = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
print("version {version}", os.environ["WEBHOOK_SECRET"], os.environ["MODE"])
print("to stderr", file=sys.stderr)
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()
"""


class Screen:
    """What `course run` would print."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.changed = threading.Condition()

    def __call__(self, stream: str, text: str) -> None:
        with self.changed:
            self.lines.append((stream, text))
            self.changed.notify_all()

    def wait(self, stream: str, part: str) -> None:
        """Wait until the stream holds the part."""

        def there() -> bool:
            return part in "".join(text for name, text in self.lines if name == stream)

        with self.changed:
            assert self.changed.wait_for(there, 30), self.lines


def running(room: Classroom, screen: Screen) -> Callable[[], None]:
    """Run the first exercise by hand; returns what stops it."""
    stop = threading.Event()
    thread = threading.Thread(
        target=practice.run_by_hand, args=(room, "first", "python", screen, stop), daemon=True
    )
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()

    return end


def test_a_program_runs_by_hand_and_again_after_a_save(room: Classroom) -> None:
    """It listens on its port with the practice secret, is started again on save, and is gone at the end."""
    main = workspace.exercise_folder(room, "first", "python") / "receiver.py"
    main.write_text(PROGRAM.replace("{version}", "one"))
    screen = Screen()
    end = running(room, screen)
    try:
        url = practice.practice_url(room, "first")
        screen.wait("course", f"Your program listens: {url.replace('127.0.0.1', 'localhost')}/webhook")
        screen.wait("stdout", f"version one {practice.practice_secret(room)} calm")
        screen.wait("stderr", "to stderr")
        with pytest.raises(UsageError, match="listens on port"):
            practice.run_by_hand(room, "first", "python", screen)
        main.write_text(PROGRAM.replace("{version}", "two"))
        screen.wait("stdout", "version two")
        main.write_text("raise SystemExit(3)")
        screen.wait("course", "Save a file and it starts again.")
        main.write_text(PROGRAM.replace("{version}", "three"))
        screen.wait("stdout", "version three")
    finally:
        end()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", practice.practice_port(room, "first"))) != 0
