"""The course's own content: without a mistake, every diagram drawn and told."""

import re

import pytest

from app.content.diagrams import Diagram, diagrams, diagrams_of_quiz, is_current, steps_of
from app.content.lint import lint
from app.content.loader import find_content, load_course
from app.content.markdown import render
from app.learning.practice import FIRST_PORT

COURSE = load_course(find_content())
IN_LESSONS = [diagram for lesson in COURSE.lessons for diagram in diagrams(lesson)]
IN_QUIZZES = [diagram for quiz in COURSE.quizzes for diagram in diagrams_of_quiz(quiz)]
DIAGRAMS = IN_LESSONS + IN_QUIZZES
PORT = re.compile(r"(?:localhost|127\.0\.0\.1):(\d+)")


def test_there_is_no_problem() -> None:
    """Lint finds neither an error nor a warning in the course's own files."""
    assert [str(problem) for problem in lint(COURSE)] == []


def test_every_lesson_has_what_it_needs() -> None:
    """Each lesson has a diagram, sources, a task to try, and a quiz of six questions or more."""
    for lesson in COURSE.lessons:
        assert diagrams(lesson), lesson.id
        assert lesson.sources, lesson.id
        assert "!!! try" in lesson.body, lesson.id
        quizzes = [quiz for quiz in COURSE.quizzes if quiz.lesson == lesson.id]
        assert quizzes, lesson.id
        assert all(len(quiz.questions) >= 6 for quiz in quizzes), lesson.id


def test_a_text_names_the_port_of_course_run() -> None:
    """A task names its own port; a lesson those of exercises that it links or runs."""
    port_of = {each.id: FIRST_PORT + each.number for each in COURSE.exercises}
    for exercise in COURSE.exercises:
        if exercise.kind == "server":
            assert set(map(int, PORT.findall(exercise.readme))) <= {port_of[exercise.id]}, exercise.id
    for lesson in COURSE.lessons:
        run = set(re.findall(r"(?:/exercises/|course run )([a-z-]+)", lesson.body))
        linked = {port for each, port in port_of.items() if each in run}
        assert set(map(int, PORT.findall(lesson.body))) <= linked, lesson.id


CORE = {
    "what-is-a-webhook",
    "first-delivery",
    "sending-by-hand",
    "secrets",
    "raw-bytes",
    "validating-and-routing",
    "at-least-once",
    "acknowledge-first",
    "when-work-fails",
    "operating",
}
OPTIONAL = {"poll-or-push"}


def test_the_core_path_is_the_whole_introduction() -> None:
    """Of the lessons and exercises that are there, these make the core path, and these stand beside it."""
    assert {lesson.id for lesson in COURSE.lessons if lesson.core} == CORE & {
        each.id for each in COURSE.lessons
    }
    exercises = {each.id for each in COURSE.exercises}
    assert {each.id for each in COURSE.exercises if each.optional} == OPTIONAL & exercises


each_diagram = pytest.mark.parametrize("diagram", DIAGRAMS, ids=[each.path.stem for each in DIAGRAMS])


@each_diagram
def test_diagram_is_current(diagram: Diagram) -> None:
    """The committed picture was drawn from the text in the lesson or quiz: else `course draw`."""
    assert is_current(diagram)


@each_diagram
def test_diagram_has_words(diagram: Diagram) -> None:
    """Who can't see the picture gets a title, a description and every step."""
    assert diagram.title
    assert diagram.description
    assert len(steps_of(diagram.source)) >= 2


def test_no_picture_is_left_over() -> None:
    """Each picture beside the lessons and quizzes belongs to a diagram, or is shown by a question."""
    (root,) = find_content()
    assert sorted((root / "lessons").glob("*.svg")) == sorted(each.path for each in IN_LESSONS)
    drawn = {each.path for each in IN_QUIZZES}
    shown = {quiz.path.parent / picture for quiz in COURSE.quizzes for picture in quiz.pictures}
    assert set((root / "quizzes").glob("*.svg")) - shown == drawn


def test_ids_are_for_ever() -> None:
    """Links, progress and answers hang on these ids: none of them may go away."""
    assert {step.id for step in COURSE.steps} >= {
        "what-is-a-webhook",
        "first-delivery",
        "secrets",
        "raw-bytes",
        "time-and-replay",
        "at-least-once",
        "first-endpoint",
        "hmac-by-hand",
        "send-by-hand",
        "verify-github",
        "verify-standard",
        "idempotent-effect",
        "polling-or-push",
        "one-delivery",
        "one-secret-two-sides",
        "who-sent-this",
        "just-now",
        "twice-is-normal",
        "webhook-basics",
    }


def test_pages_render_whole() -> None:
    """No lesson shows its own markup: every fence, tab and note was understood."""
    for lesson in COURSE.lessons:
        page = render(lesson.body, base=lesson.path).html
        for leftover in ("```", "!!! ", "=== ", "{#", "klzzwxh", "wzxhzdk"):
            assert leftover not in page, (lesson.id, leftover)
