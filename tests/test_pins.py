"""What a clone is set up with: every package in one known version, and CI that does what README says."""

import importlib.metadata
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def test_every_package_is_pinned() -> None:
    """constraints.txt names one version of every package, which the oldest Python takes, and no place."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, re.MULTILINE))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = installed_for([*project["dependencies"], *project["optional-dependencies"]["test"]])
    assert {name: pinned.get(name) for name in installed} == installed
    assert "://" not in text
    assert " @ " not in text
    needs = {name: importlib.metadata.metadata(name).get("Requires-Python", "") for name in installed}
    assert {name: need for name, need in needs.items() if "3.11.0" not in SpecifierSet(need)} == {}


def installed_for(requirements: list[str]) -> dict[str, str]:
    """Return name and version of every installed package that the requirements lead to."""
    found: dict[str, str] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        distribution = importlib.metadata.distribution(name)
        found[name] = distribution.version
        extras = ("", *requirement.extras)
        for needed in map(Requirement, distribution.requires or ()):
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(needed)
    return found


def test_the_lock_of_the_lesson_packages_names_no_registry() -> None:
    """The npm lock holds a hash for each package, and not the place that one machine took it from."""
    lock = json.loads((ROOT / "tests/node/package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)


def test_ci_runs_the_command_of_the_readme() -> None:
    """.ci/run is a program that installs the sandbox and the browser, then runs what README says."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text(encoding="utf-8")
    assert text.splitlines()[-1] == "CI=true python3 -m app test"
    assert {"bubblewrap", "chromium"} <= set(re.findall(r"\w+", text))
