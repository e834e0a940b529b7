"""The example in CONTRIBUTING is right: laid over the course, it lints, verifies and can be used."""

import re
from pathlib import Path

import pytest

from app.config import read_settings
from app.content.lint import lint
from app.learning.classroom import Classroom, open_classroom
from app.learning.progress import step_states
from app.learning.quizzes import answer, open_attempt
from app.learning.running import check
from app.learning.scenarios import play
from app.learning.verify import verify

ROOT = Path(__file__).resolve().parents[2]
FILES = re.compile(r"^`([a-z]+/[^`]+)`:\n\n(`{3,4})\w*\n(.*?\n)\2$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """A classroom with the example laid over the course by COURSE_CONTENT."""
    overlay = tmp_path / "mine"
    for name, _, text in FILES.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        path = overlay / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return open_classroom(
        read_settings({"COURSE_HOME": str(tmp_path / "home"), "COURSE_CONTENT": str(overlay)})
    )


def test_the_example_has_no_problem(classroom: Classroom) -> None:
    """The three items are there, after ours, and lint says nothing about them."""
    steps = [step.id for step in classroom.course.steps]
    assert steps[-3:] == ["say-it-back", "echo-id", "echo-quiz"]
    assert lint(classroom.course) == ()


def test_the_example_verifies(classroom: Classroom) -> None:
    """Its starter fails, its solution passes, its mutant is caught."""
    assert verify(classroom, ["echo-id"], lambda tried: None, runs_of_solution=1) == ()


def test_the_example_can_be_watched(classroom: Classroom) -> None:
    """Its scenario plays against the program with which one begins."""
    result = play(classroom, "same-again")
    (finished,) = [event for event in result.events if event["event"] == "scenario_finished"]
    assert [exchange["from"] for exchange in finished["exchanges"]] == ["provider", "provider", "stranger"]


def test_the_example_can_be_worked_through(classroom: Classroom) -> None:
    """A learner fails with the starter, passes with the solution and answers the question."""
    exercise = classroom.course.exercise("echo-id")
    assert check(classroom, "echo-id", "python").verdict == "failed"
    assert check(classroom, "echo-id", "python", folder=exercise.solutions("python")[0]).verdict == "passed"
    attempt = open_attempt(classroom, "echo-quiz")
    question = attempt.questions[0]
    right = [choice.token for choice in question.choices if choice.text.startswith("The status")]
    assert answer(classroom, attempt.id, question.token, right).correct
    states = {state.step.id: state.state for state in step_states(classroom)}
    assert states["echo-quiz"] == "done"
