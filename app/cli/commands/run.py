"""course run: the learner's program on a fixed port, started again on each save."""

import click

from app.cli.clean import clean
from app.cli.interrupt import stopping_on_interrupt
from app.cli.place import Place, classroom_of_environment, find_place
from app.cli.screen import Screen
from app.learning.classroom import Classroom


@click.command("run")
@click.argument("exercise", required=False)
@click.option("--language", help="The language to run; it is remembered.")
def command(exercise: str | None, language: str | None) -> None:
    """Run your program of EXERCISE on its own port, so that curl and `course replay` reach it.

    Its output is shown as it comes, and it starts again when you save a file. Ctrl-C ends it.
    """
    from app.learning.practice import run_by_hand
    from app.learning.progress import remember_language

    with classroom_of_environment() as classroom:
        place = find_place(classroom, exercise, language)
        if language is not None:
            remember_language(classroom, place.exercise.id, place.language)
        output = Output(Screen())
        _introduce(output.screen, classroom, place)
        with stopping_on_interrupt() as stop:
            run_by_hand(classroom, place.exercise.id, place.language, output.report, stop)
        output.report("course", "Stopped.")


def _introduce(screen: Screen, classroom: Classroom, place: Place) -> None:
    from app.learning.practice import practice_secrets

    screen.title(place.exercise.title, f"{place.language}; a save starts it again, Ctrl-C ends it")
    for name, value in practice_secrets(classroom, place.exercise.id).items():
        screen.pair(name, value, style="path", width=len(name) + 1, indent=0)


class Output:
    """Writes what a program prints as it comes, and the course's own lines apart from it."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.at_start = True

    def report(self, stream: str, text: str) -> None:
        """Write a piece of output; pieces need not be whole lines."""
        if not text:
            return
        if stream == "progress":
            self.screen.progress("", text)
            return
        if stream == "course":
            self._begin_line()
            self.screen.say((text.rstrip("\n"), "quiet"))
            return
        self.screen.take_back()
        safe = clean(text)
        self.screen.console.out(safe, end="", style="red" if stream == "stderr" else None, highlight=False)
        self.screen.console.file.flush()
        self.at_start = safe.endswith("\n")

    def _begin_line(self) -> None:
        if not self.at_start:
            self.screen.gap()
        self.at_start = True
