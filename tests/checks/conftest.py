"""Runners of both levels, made once for each worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.checks.limits import Limits
from app.checks.runner import Runner
from tests.conftest import require

SHORT = Limits(start_seconds=4.0, run_seconds=10.0)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is prepared once for a language."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(params=["isolated", "not isolated"])
def runner(request: pytest.FixtureRequest, data_folder: Path) -> Iterator[Runner]:
    """A runner of each level in turn."""
    if request.param == "isolated":
        require("sandbox")
    level = "auto" if request.param == "isolated" else "off"
    with Runner(data_folder, level, SHORT) as made:
        assert made.level == request.param
        yield made


@pytest.fixture
def isolated(data_folder: Path) -> Iterator[Runner]:
    """A runner behind walls."""
    require("sandbox")
    with Runner(data_folder, limits=SHORT) as made:
        assert made.level == "isolated"
        yield made
