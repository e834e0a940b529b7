"""Runners of both levels, made once for each worker; a machine without Node."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.checks import javascript
from app.checks.limits import Limits
from app.checks.runner import Runner
from tests.checks.javascript_machine import Machine
from tests.conftest import require

PATIENT = Limits(start_seconds=30.0, run_seconds=60.0)
"""What does end by itself ends long before, on a busy machine as well."""


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
    with Runner(data_folder, level, PATIENT) as made:
        assert made.level == request.param
        yield made


@pytest.fixture
def isolated(data_folder: Path) -> Iterator[Runner]:
    """A runner behind walls."""
    require("sandbox")
    with Runner(data_folder, limits=PATIENT) as made:
        assert made.level == "isolated"
        yield made


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without Node, without pip, without npm."""
    machine = Machine(tmp_path)
    machine.path.mkdir()
    monkeypatch.setenv("PATH", f"{machine.path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    find = javascript.which
    # The tests' own machine may have a Node and an npm in its system folders.
    monkeypatch.setattr(
        javascript, "which", lambda name: found if (found := find(name, path=str(machine.path))) else None
    )
    monkeypatch.setattr(javascript, "_wheel_of_this_environment", lambda: None)
    pip = machine.path / "pip"
    monkeypatch.setattr(javascript, "find_installer", lambda: (str(pip), "install") if pip.exists() else None)
    return machine
