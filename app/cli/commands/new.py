"""course new: begin a lesson, an exercise or a quiz, from files that lint and verify as they are."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.place import one_of, short
from app.cli.screen import Screen
from app.config import read_settings
from app.errors import UsageError

if TYPE_CHECKING:
    from app.content.course import Course

Steps = tuple[tuple[str, str], ...]  # what to type or to open, and what for


@click.group("new")
def command() -> None:
    """Write the files of a new item, right as they are, and say what to do with them.

    They go into the checkout, or into the first folder of COURSE_CONTENT where there is no checkout.
    """


@command.command("lesson")
@click.argument("item_id", metavar="ID")
def lesson(item_id: str) -> None:
    """Begin the lesson ID, after the last one: prose, a diagram, code that a test runs."""
    desk = open_desk()
    file = desk.write("lesson", item_id)
    desk.tell_next(
        (file, "write it; the sections show what a lesson has"),
        (f"course draw {item_id}", "draws its diagrams when you changed them"),
        ("course lint", "finds mistakes"),
        (f"course show {item_id}", "reads it as a learner does"),
        (f"course new exercise ID --lesson {item_id}", "begins its exercise"),
    )


@command.command("exercise")
@click.argument("item_id", metavar="ID")
@click.option("--lesson", "lesson_id", metavar="LESSON", help="The lesson it belongs to, else the last one.")
def exercise(item_id: str, lesson_id: str | None) -> None:
    """Begin the exercise ID, after the last one: task, starter, solution, suite, mutants, hints."""
    desk = open_desk()
    lessons = [lesson.id for lesson in desk.course.lessons]
    if not lessons:
        raise UsageError("There is no lesson that it could belong to.", "Begin one: course new lesson ID")
    chosen = lessons[-1] if lesson_id is None else one_of("lesson", lesson_id, lessons)
    folder = desk.write("exercise", item_id, LESSON=chosen)
    desk.tell_next(
        (f"{folder}/README.md", "say what the program has to do; the suite asks for nothing else"),
        (f"{folder}/checks/", "one function for each check in exercise.yaml"),
        (f"{folder}/mutants/", "ten known mistakes or more, each caught by the checks that it names"),
        ("course lint", "finds mistakes"),
        (f"course verify {item_id}", "proves that the suite judges rightly"),
        (f"course check {item_id}", "checks it as a learner does"),
    )


@command.command("quiz")
@click.argument("item_id", metavar="ID")
@click.option(
    "--lesson", "lesson_id", metavar="LESSON", help="The lesson it stands after, else the last one."
)
def quiz(item_id: str, lesson_id: str | None) -> None:
    """Begin the quiz ID with one question that lint finds nothing about."""
    desk = open_desk()
    lessons = [lesson.id for lesson in desk.course.lessons]
    if not lessons:
        raise UsageError("There is no lesson that it could stand after.", "Begin one: course new lesson ID")
    chosen = lessons[-1] if lesson_id is None else one_of("lesson", lesson_id, lessons)
    order = 1 + max((quiz.order for quiz in desk.course.quizzes if quiz.lesson == chosen), default=0)
    file = desk.write("quiz", item_id, LESSON=chosen, ORDER=str(min(order, 999)))
    desk.help_editors()
    desk.tell_next(
        (file, "write the question over the one that stands there"),
        (f"course preview {item_id}", "shows it with every answer and every mistake while you write"),
        (f"course lint {desk.root / file}", "finds mistakes, with their lines"),
        (f"course quiz {item_id}", "asks it as a learner sees it"),
    )


@dataclass(frozen=True)
class Desk:
    """Where an author writes: the folder that new content goes into, the course so far, the screen."""

    root: Path
    course: "Course"
    screen: Screen

    def write(self, kind: str, item_id: str, **words: str) -> str:
        """Write the skeleton of a kind, name each file, and give the item's own, such as lessons/05-a.md."""
        from app.content.skeleton import new_item

        made = new_item(kind, item_id, self.course, self.root, words)
        for path in made:
            self.screen.pair("made", short(path), style="path", width=6, indent=0)
        named = next(path for path in made if path.suffix != ".svg")
        return "/".join(named.relative_to(self.root).parts[:2])

    def help_editors(self) -> None:
        """Put the schema of this version beside the quizzes, so that editors complete and check them."""
        from app.content.schema import put_schema

        made = put_schema(self.root / "quizzes")
        if made is not None:
            self.screen.pair("made", short(made), style="path", width=6, indent=0)

    def tell_next(self, *steps: tuple[str, str]) -> None:
        """Say what to do next, in order."""
        self.screen.gap()
        self.screen.say(("Next", "strong"))
        for what, why in steps:
            self.screen.command(what)
            self.screen.say((why, "quiet"), indent=6)


def open_desk() -> Desk:
    """Find where to write; UsageError where there is neither a checkout nor a folder in COURSE_CONTENT."""
    from app.content.loader import find_content, folder_to_write, load_course

    folders = find_content(read_settings(os.environ).content)
    root = folder_to_write(folders)
    if root is None:
        advice = "Name a folder of your own: COURSE_CONTENT=~/my-webhook-content course new ..."
        raise UsageError("There is no folder to write into.", advice)
    root.mkdir(parents=True, exist_ok=True)
    return Desk(root, load_course(folders), Screen())
