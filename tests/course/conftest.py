"""What the tests of the course's content share."""

from pathlib import Path

import pytest

from tests.course.lesson_code import Fence, Machine, MachineFor


@pytest.fixture
def machine_for(request: pytest.FixtureRequest, tmp_path: Path) -> MachineFor:
    """Return what runs a sample; Node is asked for only where the sample is JavaScript."""

    def choose(fence: Fence) -> Machine:
        if fence.language != "javascript":
            return Machine(None, None, tmp_path)
        return Machine(request.getfixturevalue("node"), request.getfixturevalue("node_modules"), tmp_path)

    return choose
