"""The inbox of the main thread: messages in order, and no signal missed."""

import signal
import threading
from types import FrameType

import pytest

from app.cli.inbox import Inbox

USER_SIGNAL = getattr(signal, "SIGUSR1", None)


def test_messages_come_in_their_order() -> None:
    """Those left before and those left by a thread meanwhile."""
    with Inbox() as inbox:
        inbox.put("a")
        inbox.put("b")
        assert [inbox.get(), inbox.get()] == ["a", "b"]
        assert inbox.empty()
        thread = threading.Thread(target=inbox.put, args=("c",))
        thread.start()
        assert inbox.get() == "c"
        thread.join()


def test_more_messages_than_the_bell_holds() -> None:
    """Nothing waits and nothing is lost when nobody takes them for a long time."""
    with Inbox() as inbox:
        numbers = [str(number) for number in range(20_000)]
        for number in numbers:
            inbox.put(number)
        assert [inbox.get() for _ in numbers] == numbers


def test_a_message_after_the_end_is_no_error() -> None:
    """A thread that still tells of a save when the command is over does no harm."""
    with Inbox() as inbox:
        pass
    inbox.put("late")


@pytest.mark.skipif(USER_SIGNAL is None, reason="signals to a thread are on POSIX only")
def test_a_signal_that_another_thread_received_is_heard() -> None:
    """Its handler runs in the main thread at once, though that one waits and was not interrupted."""
    assert USER_SIGNAL is not None
    handled, waiting = threading.Event(), threading.Event()
    with Inbox() as inbox:

        def handler(number: int, frame: FrameType | None) -> None:
            handled.set()
            inbox.put("signal")

        def receive() -> None:
            waiting.wait()
            signal.pthread_kill(threading.get_ident(), USER_SIGNAL)
            handled.wait(120)
            inbox.put("too late")

        before = signal.signal(USER_SIGNAL, handler)
        thread = threading.Thread(target=receive)
        try:
            thread.start()
            waiting.set()
            assert [inbox.get(), inbox.get()] == ["signal", "too late"]
        finally:
            signal.signal(USER_SIGNAL, before)
            thread.join()


def test_the_earlier_waker_is_put_back() -> None:
    """At the end of the block signals ring where they rang before."""
    with Inbox() as outer:
        with Inbox():
            pass
        assert signal.set_wakeup_fd(-1) == outer._rope.fileno()
    assert signal.set_wakeup_fd(-1) == -1
