"""The Classroom: course, store, runner and clock, each built on first use from the settings."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.config import Settings, data_folder
from app.errors import CourseError

if TYPE_CHECKING:
    from app.checks.runner import Runner
    from app.checks.slots import Slots
    from app.content.course import Course, Exercise
    from app.store.attempts import Attempts
    from app.store.store import Store


class Classroom:
    """Everything that a use case needs, handed in as one argument."""

    def __init__(
        self,
        settings: Settings,
        *,
        course: "Course | None" = None,
        runner: "Runner | None" = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock or (lambda: datetime.now(UTC))
        self.saving = threading.Lock()
        self._building = threading.RLock()
        self._store_building = threading.RLock()  # its own: it is opened beside a run that starts
        self._course = course
        self._runner = runner
        self._slots: Slots | None = None
        self._store: Store | None = None
        self._settled: Course | None = None  # the course whose keys the stored answers were scored by

    @property
    def now(self) -> str:
        """The time as it is stored: ISO 8601 in UTC, with microseconds, so that it sorts."""
        return self.clock().astimezone(UTC).isoformat(timespec="microseconds")

    @property
    def course(self) -> "Course":
        """All lessons, exercises and quizzes; loaded on first use."""
        with self._building:
            if self._course is None:
                from app.content.loader import find_content, load_course

                folders = find_content(self.settings.content)
                self._course = load_course(folders, self.settings.home / ".compiled")
            return self._course

    def read_anew(self) -> None:
        """Read the course again when it is asked for next, because its files have changed."""
        with self._building:
            self._course = None

    @property
    def runner(self) -> "Runner":
        """What runs checks; made on first use."""
        with self._building:
            if self._runner is None:
                from app.checks.runner import Runner

                self._runner = Runner(data_folder(os.environ), self.settings.isolation)
            return self._runner

    @property
    def slots(self) -> "Slots":
        """Runs started in advance, for what checks again and again; made on first use."""
        with self._building:
            if self._slots is None:
                from app.checks.slots import Slots

                self._slots = Slots(self.runner, self.settings.slots)
            return self._slots

    @property
    def store(self) -> "Store":
        """The database; opened on first use, because its library takes half a second to import."""
        with self._store_building:
            if self._store is None:
                self._store = _open_store(self.settings, self.clock())
            return self._store

    @property
    def attempts(self) -> "Attempts":
        """Every attempt at a quiz, its answers scored by the keys of this course."""
        course, attempts = self.course, self.store.attempts
        with self._building:
            if self._settled is not course:
                from app.learning.rescoring import settle

                settle(attempts, course, self.now)
                self._settled = course
        return attempts

    def exercise(self, exercise_id: str) -> "Exercise":
        """Find one exercise without loading the others where that is possible; NotFound if there is none."""
        if self._course is None:
            alone = self._exercise_alone(exercise_id)
            if alone is not None:
                return alone
        return self.course.exercise(exercise_id)

    def close(self) -> None:
        """Stop what was started and close what was opened."""
        if self._slots is not None:
            self._slots.close()
        if self._runner is not None:
            self._runner.close()
        if self._store is not None:
            self._store.close()

    def _exercise_alone(self, exercise_id: str) -> "Exercise | None":
        from app.content.loader import exercise_folder, find_content, load_exercise

        folder = exercise_folder(find_content(self.settings.content), exercise_id)
        exercise = load_exercise(folder)[0] if folder is not None else None
        return exercise if exercise is not None and exercise.id == exercise_id else None


def open_classroom(settings: Settings) -> Classroom:
    """Make the Classroom of these settings; nothing is loaded before it is used."""
    return Classroom(settings)


def _open_store(settings: Settings, now: datetime) -> "Store":
    from app.learning.ends import close_abandoned
    from app.store.store import open_store

    try:
        store = open_store(settings.database, settings.home)
    except OSError as error:
        raise CourseError(
            f"The folder {settings.home} can't be used: {error.strerror}.",
            "Set COURSE_HOME to a folder that you may write to.",
        ) from error
    close_abandoned(store, now)
    return store
