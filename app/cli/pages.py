"""The pages of the course on the terminal: lesson, exercise, quiz."""

from typing import TYPE_CHECKING

from app.cli.blocks import section_of
from app.cli.place import find_place, short
from app.cli.reading import Reader
from app.cli.scenario_view import show_commands
from app.cli.screen import Screen
from app.cli.steps import open_command
from app.errors import NotFound
from app.learning.classroom import Classroom

if TYPE_CHECKING:
    from app.content.course import Exercise, Lesson


def show_lesson(screen: Screen, classroom: Classroom, lesson_id: str, section: str) -> None:
    """Write a lesson, or one section of it; a lesson shown whole counts as read."""
    from app.content.diagrams import steps_of
    from app.learning.progress import mark_read

    lesson = classroom.course.lesson(lesson_id)
    reader = Reader(screen, steps_of)
    if section:
        text = section_of(lesson.body, section)
        if text is None:
            raise NotFound(
                f"{lesson_id} has no section {section!r}.", f"`course show {lesson_id}` shows it whole."
            )
        reader.read(text)
        return
    screen.title(f"Lesson {lesson.number}: {lesson.title}", f"{lesson.minutes} min")
    reader.read(lesson.summary)
    if lesson.objectives:
        screen.gap()
        screen.say("After this lesson you can", indent=0)
        for objective in lesson.objectives:
            screen.pair(screen.marks.dot, objective, width=2)
    reader.read(lesson.body)
    _show_sources(screen, lesson)
    mark_read(classroom, lesson_id)
    _show_following(screen, classroom, lesson_id)


def _show_sources(screen: Screen, lesson: "Lesson") -> None:
    if not lesson.sources:
        return
    screen.gap()
    screen.say(("Sources", "strong"))
    for source in lesson.sources:
        screen.pair(screen.marks.dot, f"{source.title} {source.url}", width=2)


def _show_following(screen: Screen, classroom: Classroom, step_id: str) -> None:
    """Name the step after this one on its way."""
    from app.learning.progress import step_states
    from app.learning.ways import following

    after = following(step_states(classroom), step_id)
    screen.gap()
    if after is not None:
        screen.say(("next  ", "label"), (open_command(after), "command"), f"   {after.title}")


def show_exercise(screen: Screen, classroom: Classroom, exercise_id: str) -> None:
    """Write the task, how far each part is, where the files are, and what to type."""
    from app.content.diagrams import steps_of
    from app.learning.progress import work_on
    from app.learning.workspace import about_to_carry, exercise_folder

    place = find_place(classroom, exercise_id)
    exercise = place.exercise
    before = about_to_carry(classroom, exercise.id, place.language)
    folder = exercise_folder(classroom, exercise.id, place.language)
    work_on(classroom, exercise.id)
    screen.title(
        f"Exercise {exercise.number}: {exercise.title}",
        f"{place.language}, {exercise.minutes} min{', optional' if exercise.optional else ''}",
    )
    Reader(screen, steps_of).read(exercise.readme)
    _show_tasks(screen, classroom, exercise, place.language)
    screen.gap()
    for label, text in (
        ("your file", short(folder / exercise.language(place.language).main)),
        ("try it", f"course run {exercise.id}"),
        ("check it", f"course check {exercise.id}"),
        ("stuck", f"course hint {exercise.id}"),
        ("lesson", f"course show {exercise.lesson}"),
    ):
        screen.pair(label, text, width=11, indent=0, style="path" if label == "your file" else "command")
    if before is not None:
        screen.pair("begun from", f"your own program, with which you passed {before.id}", width=11, indent=0)
    scenarios = classroom.course.scenarios_of(exercise.id)
    if scenarios:
        screen.gap()
        screen.say(("To watch", "strong"))
        show_commands(screen, scenarios)


def _show_tasks(screen: Screen, classroom: Classroom, exercise: "Exercise", language: str) -> None:
    """Write each task and each of its checks with the outcome of the last run."""
    outcomes = _last_outcomes(classroom, exercise.id, language)
    screen.gap()
    screen.say(("What is checked", "strong"))
    marks = screen.marks
    signs = {
        "passed": (marks.passed, "good"),
        "failed": (marks.failed, "bad"),
        "error": (marks.failed, "bad"),
    }
    for number, task in enumerate(exercise.tasks, start=1):
        checks = [check for check in exercise.checks if check.task == number]
        done = bool(checks) and all(outcomes.get(check.id) == "passed" for check in checks)
        screen.say((marks.passed if done else " ", "good"), f" {number}  {task}")
        for check in checks:
            sign = signs.get(outcomes.get(check.id, ""), (marks.dot, "quiet"))
            screen.say(sign, f" {check.title}", indent=5)


def _last_outcomes(classroom: Classroom, exercise_id: str, language: str) -> dict[str, str]:
    from app.learning.running import last_run

    run = last_run(classroom, exercise_id, language)
    if run is None:
        return {}
    return {event["check"]: event["outcome"] for event in run.events if event["event"] == "check_finished"}


def show_quiz(screen: Screen, classroom: Classroom, quiz_id: str) -> None:
    """Write what a quiz is about and how to take it; the questions are asked by `course quiz`."""
    from app.learning.progress import step_states

    quiz = classroom.course.quiz(quiz_id)
    asked = quiz.asked
    screen.title(f"Quiz: {quiz.title}", f"{asked} {'question' if asked == 1 else 'questions'}")
    for objective in quiz.objectives.values():
        screen.pair(screen.marks.dot, objective, width=2)
    state = next(state for state in step_states(classroom) if state.step.id == quiz_id)
    if state.detail:
        screen.say((state.detail, "quiet"))
    screen.gap()
    for label, text in (("take it", f"course quiz {quiz_id}"), ("lesson", f"course show {quiz.lesson}")):
        if quiz.lesson or label == "take it":
            screen.pair(label, text, width=9, indent=0, style="command")
