"""What the grader is told on its standard input: one JSON object."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.checks.limits import Limits
from app.checks.sandbox import Walls
from app.checks.toolchains import Toolchain


@dataclass(frozen=True)
class Job:
    """One check run, as the grader sees it: folders, commands and the declared checks, no content models."""

    checks_folder: str
    declared: tuple[str, ...]
    titles: Mapping[str, str]
    only: str | None
    lesson: str
    command: tuple[str, ...]
    files: str
    environment: Mapping[str, str]
    scheme: str
    secret: str
    path: str
    seed: int
    walls: Walls
    tools: Toolchain
    limits: Limits
    kind: str = "server"  # or `command`: run by the suite, once for each `program.run`
    scenario: Mapping[str, Any] | None = None  # a script to play instead of a suite


@dataclass(frozen=True)
class Stage:
    """What the grader is told before its job: where programs will run, and how."""

    walls: Walls
    tools: Toolchain
    limits: Limits


def to_line(job: Job | Stage) -> bytes:
    """Write a job or a stage as one line."""
    return json.dumps(asdict(job)).encode("ascii") + b"\n"


def from_line(line: bytes) -> Job:
    """Read a job that `to_line` wrote."""
    data: dict[str, Any] = json.loads(line)
    stage = _stage(data)
    data["declared"], data["command"] = tuple(data["declared"]), tuple(data["command"])
    return Job(**{**data, "walls": stage.walls, "tools": stage.tools, "limits": stage.limits})


def stage_from_line(line: bytes) -> Stage:
    """Read a stage that `to_line` wrote."""
    return _stage(json.loads(line))


def _stage(data: dict[str, Any]) -> Stage:
    walls, tools, limits = dict(data["walls"]), dict(data["tools"]), data["limits"]
    walls["public"] = tuple((host, point) for host, point in walls["public"])
    tools["shown"] = tuple((host, inside) for host, inside in tools["shown"])
    tools["covered"], tools["keeper"] = tuple(tools["covered"]), tuple(tools["keeper"])
    return Stage(Walls(**walls), Toolchain(**tools), Limits(**limits))
