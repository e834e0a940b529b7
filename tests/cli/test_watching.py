"""course watch: what a save and a key do, without a terminal and without a process."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.checks.cancel import Cancel
from app.cli.exchange_view import show_exchange
from app.cli.inbox import Inbox
from app.cli.place import classroom_of_environment, find_place
from app.cli.screen import Screen
from app.cli.watch_session import Session
from app.cli.watching import SAVED, WOKEN, Watching
from app.learning.saves import fingerprint, watch_saves
from tests.cli.conftest import Learner
from tests.cli.events import body, exchange, finished
from tests.cli.tiny_course import SOLUTION, write_chain


class Desk:
    """A disk, a learner's hands, and a list of what was done."""

    def __init__(self, *messages: str) -> None:
        self.disk = "one"
        self.done: list[str] = []
        self.stop = Cancel()
        self.inbox = Inbox()
        self.meanwhile: Callable[[], None] = lambda: None
        self.resting = 0
        self.watching = Watching(
            self.inbox,
            self.stop,
            lambda: self.disk,
            self.check,
            {"l": lambda: self.done.append("list")},
            self.rest,
        )
        for message in messages:
            self.inbox.put(message)

    def watch(self) -> None:
        """Watch until it is stopped."""
        with self.inbox:
            self.watching.go_on()

    def check(self) -> None:
        """Pretend to check; what a test wants to happen meanwhile happens, once."""
        self.done.append(f"check {self.disk}")
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()

    def rest(self) -> None:
        """Stop when nothing is left to do."""
        self.resting += 1
        if self.inbox.empty():
            self.watching.press("q")

    def save(self, text: str) -> None:
        """Save, and tell of it."""
        self.disk = text
        self.inbox.put(SAVED)


def test_it_checks_first_and_after_each_save() -> None:
    """One check at the beginning, one for what was saved."""
    desk = Desk()
    desk.meanwhile = lambda: desk.save("two")
    desk.watch()
    assert desk.done == ["check one", "check two"]


def test_many_saves_during_a_run_are_one_more_run() -> None:
    """Never two at once, and never one for each: the next run checks what all of them left."""
    desk = Desk()

    def saves() -> None:
        for text in ("two", "three", "four"):
            desk.save(text)

    desk.meanwhile = saves
    desk.watch()
    assert desk.done == ["check one", "check four"]


def test_a_change_that_a_check_would_not_see_is_none() -> None:
    """A message without a change, as an editor's own files cause, starts nothing."""
    desk = Desk(SAVED, SAVED)
    desk.watch()
    assert desk.done == ["check one"]


def test_keys_wait_for_the_run_and_unknown_ones_do_nothing() -> None:
    """A key of the menu is obeyed after the run, large or small; others are not."""
    desk = Desk()

    def keys() -> None:
        for key in ("L", "x", "\n"):
            desk.watching.press(key)

    desk.meanwhile = keys
    desk.watch()
    assert desk.done == ["check one", "list"]


def test_q_ends_a_run_at_once_and_starts_no_other() -> None:
    """It is the run's own cancel; what came before it is dropped."""
    desk = Desk()

    def quit_now() -> None:
        desk.save("two")
        desk.watching.press("q")
        assert desk.stop.is_set()

    desk.meanwhile = quit_now
    desk.watch()
    assert desk.done == ["check one"]


def test_a_signal_wakes_it() -> None:
    """Ctrl-C while nothing happens ends it."""
    desk = Desk()

    def interrupted() -> None:
        desk.stop.set()
        desk.inbox.put(WOKEN)

    desk.watching.rest = interrupted
    desk.watch()
    assert desk.done == ["check one"]


def test_a_fingerprint_is_of_what_a_check_copies(tmp_path: Path) -> None:
    """A save changes it; what an editor or Python leaves behind, and folders left out, do not."""
    main = tmp_path / "receiver.py"
    main.write_text("one")
    first = fingerprint(tmp_path)
    for name in (".receiver.py.swp", "receiver.py~", "#receiver.py#", "venv/x.py", "__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert fingerprint(tmp_path) == first
    main.write_text("two!")
    second = fingerprint(tmp_path)
    assert second != first
    (tmp_path / "more.py").touch()
    assert fingerprint(tmp_path) != second


def test_what_can_not_be_checked_has_a_fingerprint(tmp_path: Path) -> None:
    """A file too large, or no folder at all, is a state like others: mending it is a change."""
    (tmp_path / "receiver.py").write_bytes(b"x" * 300_000)
    large = fingerprint(tmp_path)
    assert "larger than" in large
    (tmp_path / "receiver.py").write_text("one")
    assert fingerprint(tmp_path) != large
    assert "not a folder" in fingerprint(tmp_path / "nothing")


def test_a_save_is_noticed_and_an_editors_own_file_is_not(tmp_path: Path) -> None:
    """The thread tells of a save, and ends when it is stopped."""
    stop, told = threading.Event(), threading.Event()
    thread = watch_saves(tmp_path, stop, told.set)
    for number in range(200):  # the first ones may come before it listens
        (tmp_path / "receiver.py").write_text(str(number))
        if told.wait(0.1):
            break
    assert told.is_set()
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_the_failing_exchange_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The one that the failure names, with every header and line; harmless as everywhere."""
    shown, other = (
        exchange(text="\n".join(f"line {n}" for n in range(50)) + "\x1b[2J"),
        exchange(text="other"),
    )
    shown["id"], other["id"] = 1, 2
    shown["request"]["body"] = body("a\nb")
    failure = finished("a", exchanges=[shown, other])
    failure["cause"] = {**failure["cause"], "exchange": 1}
    show_exchange(Screen(), failure)
    text = capsys.readouterr().out
    assert "line 0" in text
    assert "line 49\\x1b[2J" in text
    assert "Content-Type: application/json" in text
    assert "other" not in text
    show_exchange(Screen(), finished("a", exchanges=[]))
    assert "Nothing was sent" in capsys.readouterr().out


def test_without_a_terminal_it_just_watches(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piped, it checks and watches without a menu; its exit code is that of the last check."""
    learner.writes(SOLUTION)
    rounds = []

    def only_once(self: Watching) -> None:
        rounds.append(self.inbox)
        self.check_now()

    monkeypatch.setattr(Watching, "go_on", only_once)
    result = learner.types("watch", "greet")
    assert result.exit_code == 0
    assert "Passed: all 2 checks." in result.output
    assert "q quit" not in result.output
    assert len(rounds) == 1


def test_a_wrong_exercise_is_exit_code_2(learner: Learner) -> None:
    """As for every command."""
    assert learner.types("watch", "nothing").exit_code == 2


@pytest.mark.parametrize("is_optional", [False, True])
def test_next_is_the_next_exercise_on_the_way(learner: Learner, is_optional: bool) -> None:
    """An optional one is passed over; behind the last one stays what is watched."""
    manifest = write_chain(learner.content) / "exercises" / "02-greet-again" / "exercise.yaml"
    if is_optional:
        manifest.write_text(manifest.read_text().replace("kind:", "optional: true\nkind:"))
    with classroom_of_environment() as classroom, Inbox() as inbox:
        session = Session(classroom, find_place(classroom, "greet"), Screen(), inbox, Cancel())
        with contextlib.closing(session):
            session.begin()
            assert session.next() is not is_optional
            assert session.place.exercise.id == ("greet" if is_optional else "greet-again")
            assert not session.next()
