"""Runs in a slot that waited and runs by ordinary starts have to end alike."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.content.course import Mutant
from app.learning.verify import Trial, difference


def ended(verdict: str = "failed", **outcomes: str) -> Any:
    """A result with these outcomes."""
    events = [{"event": "check_finished", "check": c, "outcome": o} for c, o in outcomes.items()]
    return SimpleNamespace(events=events, verdict=verdict)


def trial(*may: str) -> Trial:
    """A mutant that may fail these checks."""
    mutant: Any = SimpleNamespace(spec=Mutant, may=may)
    exercise: Any = None
    return Trial(exercise, "python", "mutant", "some", 1, Path("none"), mutant if may else None)


def test_the_same_outcomes_are_no_difference() -> None:
    """Alike is alike."""
    assert difference(trial(), ended(a="failed", b="passed"), ended(a="failed", b="passed")) == ""


def test_a_check_that_ends_otherwise_is_named() -> None:
    """One outcome that differs, or is missing, is a finding."""
    assert "about b." in difference(trial(), ended(a="failed", b="passed"), ended(a="failed", b="failed"))
    assert "about b." in difference(trial(), ended(a="failed", b="passed"), ended(a="failed"))


def test_what_may_fail_or_not_is_left_aside() -> None:
    """A race that a mutant declares proves nothing about slots."""
    assert difference(trial("b"), ended(b="passed"), ended(b="failed")) == ""


def test_a_verdict_that_differs_is_named() -> None:
    """A fault on one side alone is a finding."""
    found = difference(trial(), ended("passed", a="passed"), ended("course_fault", a="passed"))
    assert "an ordinary start course_fault" in found
