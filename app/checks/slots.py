"""A few slots that wait for their run, so that a press of Check does not wait for theirs."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.checks.runner import Runner
from app.checks.slot import Slot
from app.errors import CourseError


class Slots:
    """Keeps up to `size` slots for each language that was asked for; 0 makes every run start cold.

    A slot that is in use counts as one of them: its replacement is started when its run is over, so that
    the two do not slow each other down.
    """

    def __init__(self, runner: Runner, size: int):
        self._runner = runner
        self._size = size
        self._changed = threading.Condition()
        self._waiting: dict[str, list[Slot]] = {}
        self._taken: dict[str, int] = {}
        self._closed = False
        self._thread: threading.Thread | None = None

    def warm(self, language: str) -> None:
        """Have slots for this language from now on; they are started in the background."""
        with self._changed:
            if self._size == 0 or self._closed:
                return
            self._waiting.setdefault(language, [])
            if self._thread is None:
                self._thread = threading.Thread(target=self._refill, name="warm slots", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @contextmanager
    def take(self, language: str) -> Iterator[Slot | None]:
        """Lend the slot that has waited longest, else one that starts now; it is used up at the end.

        None where something has to be fetched for the language first: the run does that, and tells of it.
        """
        waiting = slot = self._take(language)
        if slot is None and self._runner.is_ready(language):
            slot = self._runner.prepare(language)
        try:
            yield slot
        finally:
            if slot is not None:
                slot.close()
            if waiting is not None:
                self._give_back(language)
            self.warm(language)

    def close(self) -> None:
        """End every slot that waits, and start no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        for slot in [slot for slots in self._waiting.values() for slot in slots]:
            slot.close()
        self._waiting.clear()

    def _take(self, language: str) -> Slot | None:
        dead: list[Slot] = []
        with self._changed:
            waiting = self._waiting.get(language, [])
            while waiting and not waiting[0].is_alive:
                dead.append(waiting.pop(0))
            slot = waiting.pop(0) if waiting else None
            if slot is not None:
                self._taken[language] = self._taken.get(language, 0) + 1
        for each in dead:
            each.close()
        return slot

    def _give_back(self, language: str) -> None:
        with self._changed:
            self._taken[language] -= 1

    def _refill(self) -> None:
        # One thread for all: a slot does not outlive the thread that started it.
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._wanted() is not None)
                language = self._wanted()
                if self._closed or language is None:
                    return
            self._start(language)

    def _wanted(self) -> str | None:
        for language, waiting in self._waiting.items():
            if len(waiting) + self._taken.get(language, 0) < self._size:
                return language
        return None

    def _start(self, language: str) -> None:
        try:
            slot = self._runner.prepare(language) if self._runner.is_ready(language) else None
        except (CourseError, OSError) as error:
            slot = None
            logging.getLogger(__name__).warning("no slot for %s: %s", language, error)
        with self._changed:
            if slot is None:
                del self._waiting[language]  # until somebody asks for it again
            else:
                self._waiting[language].append(slot)
