"""Damaged files: whatever happens to a file, loading and lint answer with problems."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.content.lint import lint
from app.content.loader import load_course
from tests.content.samples import LESSON, MANIFEST, MUTANTS, QUIZ, write_exercise, write_lesson, write_quiz

SHORT = ["[]", "{}", "[x]", "-", "|", "'", "&a", "*a", "404", "true", "é", "[[[", "null", "/etc", "../x"]
VALUES = ("", "\t", "- x", "{x: y}", '"\\0"', '"\\e["', *SHORT)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """A file with some lines lost, doubled, indented or given another value."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(min_value=0, max_value=3))):
        at = draw(st.integers(min_value=0, max_value=len(lines) - 1))
        key = lines[at].split(":")[0]
        value = draw(st.sampled_from(VALUES))
        changed = draw(st.sampled_from([[], [lines[at]] * 2, [f" {lines[at]}"], [f"{key}: {value}"]]))
        lines[at : at + 1] = changed
        lines = lines or [""]
    return "\n".join(lines)


@settings(max_examples=60)
@given(damaged(LESSON), damaged(QUIZ), damaged(MANIFEST), damaged(MUTANTS))
def test_damage_is_a_problem(lesson: str, quiz: str, manifest: str, mutants: str) -> None:
    """A file either loads or is reported at a line of its own; nothing is raised."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_lesson(root, lesson)
        write_quiz(root, quiz)
        write_exercise(root, manifest, mutants)
        course = load_course([root])
        problems = lint(course)
        loaded = {step.kind for step in course.steps}
        for kind, place in (("lesson", "lessons/"), ("exercise", "exercises/"), ("quiz", "quizzes/")):
            errors = [problem for problem in problems if problem.level == "error"]
            assert kind in loaded or any(problem.path.startswith(place) for problem in errors)
        for problem in problems:
            file = root / problem.path
            if file.is_file():
                assert 1 <= problem.line <= len(file.read_text(encoding="utf-8").split("\n"))
            assert problem.message.endswith((".", "`", ")", "]", "?")), problem
