"""A classroom with a tiny course, a runner that pretends, and a home of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.learning.classroom import Classroom
from tests.learning import tiny


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a new learner."""
    return Settings(home=tmp_path / "home", content=(), port=4747, database="", isolation="off")


@pytest.fixture
def runner() -> tiny.FakeRunner:
    """A runner that passes everything at once."""
    return tiny.FakeRunner()


@pytest.fixture
def classroom(settings: Settings, runner: tiny.FakeRunner, tmp_path: Path) -> Iterator[Classroom]:
    """A classroom with the tiny course."""
    course = tiny.course(tmp_path / "exercises")
    room = Classroom(settings, course=course, runner=runner, clock=tiny.Clock())
    yield room
    room.close()
