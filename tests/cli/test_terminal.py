"""A real terminal: colours, lines that are taken back, and a learner who wants none of it."""

import os
import re
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="a terminal of this kind is on POSIX only")

SHOW = """
from app.cli.check_view import CheckView
from app.cli.screen import Screen
from tests.cli.events import ended, finished, started
view = CheckView(Screen(), "Say hello", ("Answer",))
running = {"event": "check_started", "check": "a"}
for event in (started("a"), running, finished("a", "passed"), ended("passed")):
    view.report(event)
"""


def on_a_terminal(**changes: str) -> str:
    """Run SHOW on a pseudo terminal and return every byte that arrived there."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **changes}
    environment.pop("CI", None)
    with subprocess.Popen([sys.executable, "-c", SHOW], stdout=theirs, env=environment):
        os.close(theirs)
        return _everything(ours)


def _everything(descriptor: int) -> str:
    pieces = []
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while True:
            try:
                piece = stream.read(4096)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            pieces.append(piece)
    return b"".join(pieces).decode()


def test_a_running_check_is_shown_and_taken_back() -> None:
    """The line of the running check is erased before its result is written."""
    text = on_a_terminal()
    running, erased, result = text.find("· Title of a ..."), text.find("\r\x1b[2K"), text.find("✓")
    assert 0 < running < erased < result


def test_colour_is_used_where_it_is_wanted() -> None:
    """On a terminal a pass is green."""
    assert "\x1b[32m✓" in on_a_terminal()


def test_no_color_is_obeyed() -> None:
    """With NO_COLOR set no colour is sent."""
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_a_terminal(NO_COLOR="1"))


def test_a_dumb_terminal_gets_plain_text() -> None:
    """Where the terminal knows no sequences, none is sent."""
    assert "\x1b" not in on_a_terminal(TERM="dumb")
