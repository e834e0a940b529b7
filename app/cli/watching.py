"""What `course watch` does: it checks on save, and does what a key asks for in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.checks.cancel import Cancel
from app.cli.inbox import Inbox

SAVED = "saved"
WOKEN = "woken"
"""Messages beside the keys, which are single characters."""


@dataclass
class Watching:
    """One check after another, never two at once; all that happens meanwhile waits its turn.

    `fingerprint` tells what stands on disk; `check` runs a check and shows it; `keys` are the deeds of the
    menu; `rest` says that it is the learner's turn.
    """

    inbox: Inbox
    stop: Cancel
    fingerprint: Callable[[], str]
    check: Callable[[], None]
    keys: Mapping[str, Callable[[], None]]
    rest: Callable[[], None]
    checked: str = ""

    def go_on(self) -> None:
        """Check now, then after each save, until it is stopped."""
        self.check_now()
        while not self.stop.is_set():
            self.rest()
            self.take(self.inbox.get())

    def take(self, message: str) -> None:
        """Deal with one save or one key."""
        if self.stop.is_set():
            return
        if message == SAVED:
            # Several saves during a run are one: the first message checks what all of them left.
            if self.fingerprint() != self.checked:
                self.check_now()
        elif message in self.keys:
            self.keys[message]()

    def check_now(self) -> None:
        """Check what stands on disk."""
        # Read before the run copies the files: a save in between is checked once more, and never missed.
        self.checked = self.fingerprint()
        self.check()

    def press(self, key: str) -> None:
        """Take a key, from whatever thread; q ends a run at once."""
        if key in ("q", "Q"):
            self.stop.set()
        self.inbox.put(key.lower())
