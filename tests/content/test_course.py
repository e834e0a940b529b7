"""The course as a whole: its steps, which of them are core, and the pages it rests on."""

from pathlib import Path

from app.content.course import NOT_OPENED
from app.content.loader import load_course
from tests.content.samples import LESSON, MANIFEST, write_course, write_exercise, write_lesson

CORE = LESSON.replace("minutes: 5", "minutes: 5\ncore: true")


def test_the_steps_of_a_core_lesson_are_core(tmp_path: Path) -> None:
    """Its exercises and quizzes are as well; the steps of other lessons are not."""
    write_course(tmp_path)
    assert [step.core for step in load_course([tmp_path]).steps] == [False, False, False]
    write_lesson(tmp_path, CORE)
    assert [step.core for step in load_course([tmp_path]).steps] == [True, True, True]


def test_an_exercise_can_be_optional(tmp_path: Path) -> None:
    """It stands on the core path as its lesson does, and says that nobody has to do it."""
    write_course(tmp_path)
    write_lesson(tmp_path, CORE)
    write_exercise(tmp_path, MANIFEST.replace("kind:", "optional: true\nkind:"))
    steps = {step.kind: (step.core, step.optional) for step in load_course([tmp_path]).steps}
    assert steps == {"lesson": (True, False), "exercise": (True, True), "quiz": (True, False)}


def test_each_source_is_listed_once(tmp_path: Path) -> None:
    """By title, with every lesson that names it, and the last day on which anybody read it."""
    write_course(tmp_path)
    more = '  - {title: Another, url: "https://example.org/b", read: not opened}\n---\nHello'
    second = LESSON.replace("---\nHello", more).replace("id: greeting", "id: farewell")
    write_lesson(tmp_path, second.replace("2026-01-31", "2026-02-01"), "02-farewell.md")
    third = second.replace("id: farewell", "id: silence").replace("2026-01-31", NOT_OPENED)
    write_lesson(tmp_path, third, "03-silence.md")
    listed = [
        (each.title, each.read, [lesson.id for lesson in each.lessons])
        for each in load_course([tmp_path]).sources
    ]
    assert listed == [
        ("A page", "2026-02-01", ["greeting", "farewell", "silence"]),
        ("Another", NOT_OPENED, ["farewell", "silence"]),
    ]
