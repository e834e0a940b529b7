"""course run, course replay and course serve."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.commands.run import Output
from app.cli.replay_view import show_replay
from app.cli.screen import Screen
from tests.cli.conftest import Learner
from tests.cli.events import exchange
from tests.cli.tiny_course import SOLUTION


def test_output_is_passed_on_in_pieces(capsys: pytest.CaptureFixture[str]) -> None:
    """Half lines come as they are; the course's own lines begin at the left."""
    output = Output(Screen())
    for stream, text in (("stdout", "one "), ("stdout", "line\n"), ("stderr", "half"), ("course", "Saved.")):
        output.report(stream, text)
    assert capsys.readouterr().out == "one line\nhalf\nSaved.\n"


def test_live_output_can_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """What the program prints by hand is as harmless as in a check."""
    Output(Screen()).report("stdout", "\x1b[2J[red]x[/red]\x07\u202e\n")
    text = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[red]x[/red]" in text


def test_a_program_runs_until_an_interrupt(learner: Learner) -> None:
    """run says where the program listens, and Ctrl-C ends both, with exit code 0."""
    learner.writes(SOLUTION)
    code = (
        "from app.content import loader; from app.cli import main; from pathlib import Path; "
        f"loader.find_content = lambda folders: (Path({str(learner.content)!r}),); main(prog_name='course')"
    )
    words = [sys.executable, "-c", code, "run", "greet"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    with process.stdout as stream:
        told = next(line for line in stream if "http://" in line)
        process.send_signal(signal.SIGINT)
        rest = stream.read()
    assert process.wait(timeout=120) == 0
    assert "/webhook" in told
    assert "Stopped." in rest


def test_a_replay_shows_then_and_now(capsys: pytest.CaptureFixture[str]) -> None:
    """Each delivery stands with the answer in the check and the answer now, and the warning comes last."""
    answer = SimpleNamespace(described="HTTP 204 \x1b[2J", body=b"")
    replay: Any = SimpleNamespace(
        deliveries=(SimpleNamespace(exchange=exchange(), answer=answer),), warning="It was also killed."
    )
    show_replay(Screen(), replay)
    assert capsys.readouterr().out.splitlines() == [
        "1 request sent again",
        "",
        "1. POST /webhook, 14 bytes",
        "  in check  500 Because: {}",
        "  now       HTTP 204 \\x1b[2J",
        "",
        "It was also killed.",
    ]


@pytest.mark.parametrize(
    ("words", "port", "opens"),
    [((), 4747, True), (("serve",), 4747, True), (("serve", "--port", "5001", "--no-browser"), 5001, False)],
)
def test_the_pages_are_what_course_alone_opens(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], port: int, opens: bool
) -> None:
    """course is course serve; the port and the browser can be chosen."""
    calls = []
    monkeypatch.setattr(
        "app.web.serve", lambda classroom, *rest: calls.append((classroom.settings.home, *rest))
    )
    assert learner.types(*words).exit_code == 0
    assert calls == [(Path(learner.home), port, opens)]
