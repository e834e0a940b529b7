"""course why, and what a check says of it."""

from tests.cli.conftest import Learner
from tests.cli.tiny_course import PROGRAM, SOLUTION

SILENT = PROGRAM.format(print_it="pass", status=204)


def test_before_a_check_there_is_nothing_to_say(learner: Learner) -> None:
    """Who has not checked yet is told how."""
    result = learner.types("why", "greet")
    assert result.exit_code == 0
    assert "course check greet" in result.output


def test_asked_for_at_first_then_unasked(learner: Learner) -> None:
    """The first failure names the command; the second shows the story by itself, behind the evidence."""
    learner.writes(SILENT)
    first = learner.types("check", "greet").output
    assert "course why" in first
    assert "What might this be?" not in first
    asked = learner.types("why", "greet").output
    assert "What might this be?" in asked
    assert "answers and prints nothing" in asked
    assert "likely, not certain" in " ".join(asked.split())
    second = learner.types("check", "greet").output
    assert second.index("Not yet") < second.index("What might this be?") < second.index("your file")
    assert "course why" not in second


def test_a_pass_needs_no_story(learner: Learner) -> None:
    """After a pass there is nothing to explain."""
    learner.writes(SOLUTION)
    learner.types("check", "greet")
    assert "The last check passed." in learner.types("why", "greet").output


def test_a_failure_that_looks_like_nothing_known(learner: Learner) -> None:
    """Where nothing is known, it says so and names the hints."""
    learner.writes("raise SystemExit(3)")
    assert "course why" not in learner.types("check", "greet").output
    result = learner.types("why", "greet").output
    assert "No known mistake looks like this." in result
    assert "course hint greet" in result
