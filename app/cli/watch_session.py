"""The exercise that `course watch` watches, and the deeds of its menu."""

import threading
from typing import TYPE_CHECKING

from app.checks.cancel import Cancel
from app.cli.check_view import CheckView, sentence
from app.cli.checking import CheckOrder, show_check
from app.cli.exchange_view import show_exchange
from app.cli.group import COURSE_FAULT, INTERRUPTED, WRONG_USAGE
from app.cli.inbox import Inbox
from app.cli.place import Place
from app.cli.screen import Screen
from app.cli.watching import SAVED
from app.errors import CourseError, CourseFault
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.content.course import Exercise

MENU = (
    ("n", "next"),
    ("h", "hint"),
    ("f", "failing exchange"),
    ("l", "list"),
    ("a", "check all"),
    ("q", "quit"),
)


class Session:
    """Checks one exercise again and again; `code` is the exit code of its last whole check."""

    def __init__(
        self, classroom: Classroom, place: Place, screen: Screen, inbox: Inbox, stop: Cancel
    ) -> None:
        self.place = place
        self.code = INTERRUPTED
        self._classroom = classroom
        self._screen = screen
        self._inbox = inbox
        self.stop = stop
        self._view: CheckView | None = None
        self._watching = threading.Event()

    def begin(self) -> None:
        """Watch the files of the exercise, and no longer those of another one."""
        from app.learning.saves import watch_saves
        from app.learning.workspace import exercise_folder

        self._watching.set()
        self._watching = threading.Event()
        self.folder = exercise_folder(self._classroom, self.place.exercise.id, self.place.language)
        # The folder above: starting over puts another folder in the place of this one.
        watch_saves(self.folder.parent, self._watching, lambda: self._inbox.put(SAVED))

    def close(self) -> None:
        """Watch no longer."""
        self._watching.set()

    def fingerprint(self) -> str:
        """Tell what stands on disk."""
        from app.learning.saves import fingerprint

        return fingerprint(self.folder)

    def check(self) -> None:
        """Check as `course check` does; what goes wrong is said, and the next save may mend it."""
        exercise, slots = self.place.exercise, self._classroom.slots
        self._view = CheckView(self._screen, exercise.title, exercise.tasks)
        try:
            with slots.take(self.place.language) as slot:
                order = CheckOrder(self._classroom, self.place, None, None, None, slot)
                code = show_check(order, self._view, self.stop)
        except CourseError as error:
            self._screen.say((str(error), "bad"))
            code = COURSE_FAULT if isinstance(error, CourseFault) else WRONG_USAGE
        if code != INTERRUPTED:
            self.code = code

    def show_menu(self) -> None:
        """Say which keys there are, on a line that the next output replaces."""
        dot = f"  {self._screen.marks.dot}  "
        line = dot.join(f"{key} {word}" for key, word in MENU)
        if len(line) < self._screen.console.width:
            self._screen.passing(line)
        else:
            self._screen.say((line, "quiet"))

    def next(self) -> bool:
        """Go on to the next exercise of the course; False, and a word, after the last."""
        from app.learning.progress import language_of

        after = self._exercise_after()
        if after is None:
            self._screen.say(("That was the last exercise. `course next` says what is left.", "quiet"))
            return False
        self.place = Place(after, language_of(self._classroom, after.id))
        self.begin()
        self._screen.gap()
        self._screen.command(f"course show {after.id}", "the task")
        self._screen.command(f"course show {after.lesson}", "its lesson")
        self._screen.gap()
        return True

    def _exercise_after(self) -> "Exercise | None":
        """Find the next exercise on the same way through the course."""
        from app.learning.progress import step_states
        from app.learning.ways import following

        states = step_states(self._classroom)
        step = following(states, self.place.exercise.id)
        while step is not None and step.kind not in ("exercise", "finish"):
            step = following(states, step.id)
        return None if step is None or step.kind == "finish" else self._classroom.exercise(step.id)

    def hint(self) -> None:
        """Open one more hint."""
        from app.cli.commands.hint import show_hints
        from app.learning.hints import open_hint

        fresh = open_hint(self._classroom, self.place.exercise.id)
        show_hints(self._screen, self._classroom, self.place.exercise, is_last=fresh is None)

    def failing_exchange(self) -> None:
        """Show the exchange of the first failure whole."""
        failures = self._view.failures if self._view is not None else []
        if not failures:
            self._screen.say(("The last check has no failure.", "quiet"))
            return
        show_exchange(self._screen, failures[0])

    def list(self) -> None:
        """Show the course."""
        from app.cli.commands.list import show_list

        show_list(self._screen, self._classroom)

    def check_all(self) -> None:
        """Check every exercise that was begun, one line each."""
        from app.learning.progress import step_states

        for state in step_states(self._classroom):
            if state.step.kind == "exercise" and state.state != "new" and not self.stop.is_set():
                self._check_in_short(state.step.id)

    def _check_in_short(self, exercise_id: str) -> None:
        from app.learning import running
        from app.learning.progress import language_of

        title = self._classroom.exercise(exercise_id).title
        self._screen.passing(f"{title} ...")
        try:
            language = language_of(self._classroom, exercise_id)
            with self._classroom.slots.take(language) as slot:
                result = running.check(self._classroom, exercise_id, language, cancel=self.stop, slot=slot)
        except CourseError as error:
            self._screen.say((f"{title}: {error}", "bad"))
            return
        style = "good" if result.verdict == "passed" else "bad"
        self._screen.say(f"{title}: ", (sentence(result.verdict, dict(result.counts)), style))
