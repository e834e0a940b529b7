"""course watch in a real terminal: saves, keys, Ctrl-C, and the terminal given back as it was."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.checks.leftovers import processes_with
from tests.cli.conftest import Learner
from tests.cli.tiny_course import SOLUTION

pty = pytest.importorskip("pty", reason="a terminal of this kind is on POSIX only")
termios = pytest.importorskip("termios", reason="a terminal of this kind is on POSIX only")

PATIENCE = 60.0
TAKE_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
START = (
    "from app.content import loader; from app.cli import main; from pathlib import Path; "
    "loader.find_content = lambda folders: (Path({content!r}),); main(prog_name='course')"
)


SHELL = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
# Both sides give the terminal to the new program, as shells do: it must have it before it looks.
first = "import os, signal; os.tcsetpgrp(0, os.getpgrp()); signal.signal(signal.SIGTTOU, signal.SIG_DFL); "
words = [sys.executable, "-c", first + sys.argv[1], "watch", "greet"]
watch = subprocess.Popen(words, process_group=0)
os.tcsetpgrp(0, watch.pid)
os.waitpid(watch.pid, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
print("stopped, echo", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
input()
os.tcsetpgrp(0, watch.pid)
os.kill(watch.pid, signal.SIGCONT)
sys.exit(watch.wait())
"""
"""What a shell does with Ctrl-Z and fg."""


class Terminal:
    """A terminal with `course watch` in it; everything that was written to it is kept."""

    def __init__(self, content: Path, in_shell: bool) -> None:
        self._ours, self.theirs = pty.openpty()
        self.mode = termios.tcgetattr(self.theirs)
        self.text = ""
        self._news = threading.Condition()
        start = START.format(content=str(content))
        code = [TAKE_TERMINAL + SHELL, start] if in_shell else [TAKE_TERMINAL + start, "watch", "greet"]
        words = [sys.executable, "-c", *code]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        ends: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), self.theirs)
        self.process = subprocess.Popen(words, env=environment, start_new_session=True, **ends)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._ours, 4096)
            except OSError:
                piece = b""
            with self._news:
                self.text += piece.decode(errors="replace")
                self._news.notify_all()
            if not piece:
                return

    def see(self, pattern: str) -> str:
        """Wait until what was written holds the pattern, and forget all up to there."""
        with self._news:
            assert self._news.wait_for(lambda: re.search(pattern, self.text), PATIENCE), self.text
            found = re.search(pattern, self.text)
            assert found is not None
            before, self.text = self.text[: found.end()], self.text[found.end() :]
        return before

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def end(self) -> None:
        """End whatever a test that failed has left in the terminal."""
        if self.process.poll() is None:
            with suppress(OSError):
                os.killpg(os.tcgetpgrp(self._ours), signal.SIGKILL)
            self.process.kill()
            self.process.wait()
            os.close(self.theirs)
            self._reader.join()
            os.close(self._ours)

    def close(self) -> int:
        """Wait for the end and return the exit code."""
        code = self.process.wait(PATIENCE)
        assert termios.tcgetattr(self.theirs) == self.mode, "the terminal was not given back as it was"
        os.close(self.theirs)
        self._reader.join()
        os.close(self._ours)
        return code


@pytest.fixture
def terminal(learner: Learner, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """A learner with the starter, who watches it, in a shell if the test asks for one."""
    terminal = Terminal(learner.content, in_shell=getattr(request, "param", False))
    yield terminal
    terminal.end()


def test_a_save_is_checked_and_keys_do_what_the_menu_says(learner: Learner, terminal: Terminal) -> None:
    """A failure, its exchange, a hint, a save, a pass, the list, all checks, and out with exit code 0."""
    terminal.see("Not yet: 0 of 2")
    terminal.see("q quit")
    assert not termios.tcgetattr(terminal.theirs)[3] & termios.ECHO
    terminal.type("f")
    terminal.see(r"> POST /webhook(.|\n)*< 500")
    terminal.type("h")
    terminal.see("First hint")
    learner.writes(SOLUTION)
    terminal.see("Passed: all 2 checks")
    terminal.type("la")
    terminal.see("1 of 3 done")
    terminal.see("Say hello: .*Passed: all 2 checks")
    terminal.type("n")
    terminal.see("That was the last exercise")
    terminal.type("q")
    assert terminal.close() == 0


HANGS = "import subprocess, sys, time\nprint('up', flush=True)\n" + (
    "subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)', '{mark}'])\n"
)


@pytest.mark.parametrize("way", ["\x03", "q", "SIGTERM"], ids=["ctrl-c", "q", "sigterm"])
def test_the_end_in_mid_run_leaves_nothing(learner: Learner, terminal: Terminal, way: str) -> None:
    """However it is ended, the program's processes are gone, and the last verdict is the exit code."""
    terminal.see("q quit")
    mark = f"hanging-{os.urandom(8).hex()}"
    learner.writes(HANGS.replace("{mark}", mark))
    terminal.see("starting your program")
    for _ in range(2000):
        if processes_with(mark):
            break
        terminal.process.poll()
        threading.Event().wait(0.01)
    assert processes_with(mark)
    if way == "SIGTERM":
        terminal.process.send_signal(signal.SIGTERM)
    else:
        terminal.type(way)
    assert terminal.close() == 1
    assert processes_with(mark) == []


@pytest.mark.parametrize("terminal", [True], indirect=True, ids=["shell"])
def test_a_suspended_watch_gives_the_terminal_back_and_takes_it_again(terminal: Terminal) -> None:
    """After Ctrl-Z the shell has its own mode; after fg the keys work as before."""
    terminal.see("q quit")
    terminal.type("\x1a")
    terminal.see("stopped, echo True")
    terminal.type("\n")
    terminal.see("q quit")
    terminal.type("l")
    terminal.see("of 3 done")
    terminal.type("q")
    assert terminal.close() == 1


BEING_STARTED = """
import subprocess
code = "import time; print(chr(10) + 'begun', flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code])
print("the child is", child.pid, flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the state of a process is read from /proc")
def test_ctrl_z_stops_no_process_that_is_being_started(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that has no group of its own yet goes on: else it could not begin, nor this program stop."""
    code = f"import sys; exec({BEING_STARTED!r}); "
    monkeypatch.setattr(
        sys.modules[__name__],
        "SHELL",
        SHELL.replace("first + sys.argv[1]", f"first + {code!r} + sys.argv[1]"),
    )
    terminal = Terminal(learner.content, in_shell=True)
    child = int(re.findall(r"child is (\d+)", terminal.see(r"child is \d+\D"))[0])
    try:
        terminal.see("begun")
        terminal.see("q quit")
        terminal.type("\x1a")
        terminal.see("stopped, echo True")
        assert Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "T"
        terminal.type("\n")
        terminal.see("q quit")
        terminal.type("q")
    finally:
        os.kill(child, signal.SIGKILL)  # it holds the terminal open, whose end `close` waits for
    try:
        assert terminal.close() == 1
    finally:
        terminal.end()


CRASH = "from app.cli.watch_session import Session; Session.list = lambda self: 1 / 0; "


def test_a_crash_gives_the_terminal_back(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours in a deed of the menu ends with 3, and the terminal is as it was."""
    monkeypatch.setattr(sys.modules[__name__], "TAKE_TERMINAL", TAKE_TERMINAL + CRASH)
    terminal = Terminal(learner.content, in_shell=False)
    terminal.see("q quit")
    terminal.type("l")
    terminal.see("This is a mistake in the course")
    assert terminal.close() == 3
