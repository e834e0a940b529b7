"""Serve the site on the loopback address and nowhere else."""

import contextlib
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from waitress.server import create_server

from app.errors import CourseError, UsageError
from app.learning.classroom import Classroom
from app.learning.history import question_problems
from app.learning.launch import make_token
from app.web.factory import create_app
from app.web.preview import add_preview

BODY_LIMIT = 1024 * 1024  # bytes


def say_link(link: str) -> None:
    """Print the link in words that a newcomer can follow."""
    print("The course is open. This link lets your browser in; it works once:", flush=True)
    print(f"  {link}", flush=True)
    print("Ctrl-C ends the course. Your progress is kept.", flush=True)


def say_problems(classroom: Classroom) -> None:
    """Print the questions whose stored answers belong to another question now (Q017); each page works on."""
    with contextlib.suppress(CourseError):  # what is wrong with the database the pages tell
        for problem in question_problems(classroom):
            print(problem, file=sys.stderr, flush=True)


def serve(
    classroom: Classroom,
    port: int,
    open_browser: bool,
    announce: Callable[[str], None] = say_link,
    preview: Path | None = None,
) -> None:
    """Serve until interrupted; announce the link that lets a browser in, once. Port 0 is any free one.

    With the file of a quiz as `preview` the site has the page that shows its key to the author.
    """
    listener = listen(port)  # first: where the port is taken nothing was started yet
    port = listener.getsockname()[1]
    app = create_app(classroom, port)
    if preview is not None:
        add_preview(app, preview)
    server = create_server(
        app,
        sockets=[listener],
        threads=16,  # a streaming run holds one thread
        channel_request_lookahead=5,  # notices a viewer who leaves
        max_request_body_size=2 * BODY_LIMIT,
        ident="",
    )
    link = f"http://127.0.0.1:{port}/enter?token={make_token(classroom)}"
    announce(link)
    if open_browser:
        webbrowser.open(link)
    say_problems(classroom)  # while the browser starts: its first page needs the database as well
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end in good order, as with Ctrl-C
    try:
        server.run()  # until Ctrl-C, which it takes itself
    finally:
        server.close()
        app.extensions["live_runs"].close()


def listen(port: int) -> socket.socket:
    """Take the port on 127.0.0.1, and on no other address."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            f"Port {port} is taken, perhaps by a course that already runs.",
            "Use that one, or choose another: `course serve --port N`.",
        ) from error
