"""Single keys of a real terminal, and the terminal's own mode given back whatever happens."""

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

try:
    import termios
    import tty
except ImportError:  # Windows: there `course watch` watches without a menu
    termios = tty = None  # type: ignore[assignment]

Take = Callable[[str], None]
SUSPEND = "\x1a"
"""What a terminal sends for Ctrl-Z where that is a key like any other."""


@contextlib.contextmanager
def reading_keys(take: Take) -> Iterator[bool]:
    """Call `take` with each key that is pressed; False, and no keys, where there is no terminal for it.

    `take` is called by another thread. The terminal is put back at the end of the block, and while the
    program is suspended.
    """
    if termios is None or not _in_front():
        yield False
        return
    keyboard = _Keyboard(sys.stdin.fileno(), take)
    keyboard.begin()
    try:
        yield True
    finally:
        keyboard.end()


def _in_front() -> bool:
    """Tell whether standard input and output are a terminal that listens to this program."""
    try:
        both = sys.stdin.isatty() and sys.stdout.isatty()
        return both and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


class _Keyboard:
    def __init__(self, terminal: int, take: Take) -> None:
        self._terminal = terminal
        self._take = take
        self._before = termios.tcgetattr(terminal)
        self._end, self._ended = os.pipe()
        self._thread = threading.Thread(target=self._read, name="keys", daemon=True)
        self._suspending: object = None

    def begin(self) -> None:
        self._suspending = signal.signal(signal.SIGTSTP, self._suspend)
        self._take_terminal()
        self._thread.start()

    def end(self) -> None:
        self._restore()
        signal.signal(signal.SIGTSTP, self._suspending)  # type: ignore[arg-type]
        os.close(self._ended)  # its other end becomes readable: the thread ends
        self._thread.join()
        os.close(self._end)

    def _take_terminal(self) -> None:
        """Get keys at once and unseen. Ctrl-C still is a signal, Ctrl-Z is a key.

        As a signal Ctrl-Z goes to every process of this group, also to one that is just started. Stopped
        before its own program begins, that holds the thread which starts it, and so the whole from stopping.
        """
        tty.setcbreak(self._terminal)
        mode = termios.tcgetattr(self._terminal)
        mode[6][termios.VSUSP] = bytes([os.fpathconf(self._terminal, "PC_VDISABLE") & 0xFF])
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, mode)

    def _restore(self) -> None:
        with contextlib.suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Give the shell its terminal back, stop, and take the keys again when the program goes on."""
        self._restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # stands still here until SIGCONT
        signal.signal(signal.SIGTSTP, self._suspend)
        if _in_front():
            self._take_terminal()
        self._take("")  # no key: only the menu is shown again

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._terminal, self._end], [], [])
            if self._end in ready:
                return
            try:
                typed = os.read(self._terminal, 64)
            except OSError:
                typed = b""
            if not typed:
                return  # the terminal is gone; its end comes as a signal
            if not typed.startswith(b"\x1b"):  # arrows and the like mean nothing here
                for key in typed.decode(errors="ignore"):
                    self._press(key)

    def _press(self, key: str) -> None:
        if key == SUSPEND:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTSTP)
        else:
            self._take(key)
