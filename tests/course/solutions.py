"""Solutions of exercises as plain processes: started as their manifest says, with a fixed clock."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.checks.waiting import wait_for
from app.content.course import Exercise
from app.content.exercise_file import load_exercise
from app.provider import wire
from app.provider.exchange import Request
from app.provider.secrets import is_fresh

EXERCISES = Path(__file__).parents[2] / "exercises"
CLOCK = Path(__file__).parent / "fixed_clock"


@dataclass(frozen=True)
class Solution:
    """One right program of an exercise."""

    exercise: Exercise
    language: str
    folder: Path

    @property
    def label(self) -> str:
        """What a test report calls it."""
        return f"{self.exercise.id}-{self.folder.name}"

    def command(self, node: Path | None) -> list[str]:
        """Return what starts it in its folder; `node` runs JavaScript."""
        _, *rest = self.exercise.language(self.language).run
        if self.language == "python":
            return [sys.executable, *rest]
        return [str(node), "--import", str(CLOCK / "clock.mjs"), *rest]


def solutions(exercise_id: str) -> list[Solution]:
    """Return every solution of an exercise, in all its languages."""
    folder = next(EXERCISES.glob(f"[0-9]*-{exercise_id}"))
    exercise, problems = load_exercise(folder)
    assert exercise is not None, problems
    found = sorted((folder / "solution").iterdir())
    return [Solution(exercise, path.name.partition("-")[0], path) for path in found if path.is_dir()]


@dataclass(frozen=True)
class Running:
    """A solution that runs."""

    port: int
    path: str

    def post(self, headers: tuple[tuple[str, str], ...], body: bytes) -> int | None:
        """Deliver; return the status, or None where there was no whole answer."""
        outcome = wire.send(Request("POST", self.path, headers, body), self.port, 60.0)
        return outcome.response.status if outcome.response else None


@contextmanager
def running(
    solution: Solution,
    secret: str,
    now: float,
    work: Path,
    node: Path | None,
    modules: Path | None,
    path: str = "",
) -> Iterator[Running]:
    """Start a solution with a clock that says `now`; it is killed at the end.

    Each of its secrets is `secret`, and deliveries go to `path`, else to that of its manifest.
    """
    folder = work / "program"
    shutil.copytree(solution.folder, folder)
    support = solution.exercise.folder / "support" / solution.language
    if support.is_dir():
        shutil.copytree(support, folder, dirs_exist_ok=True)
    if modules is not None:
        (folder / "node_modules").symlink_to(modules, target_is_directory=True)
    (work / "data").mkdir()
    port, log = wire.free_port(), work / "log"
    declared = {name: _filled(value, secret) for name, value in solution.exercise.env.items()}
    environment = {**_environment(port, work, now), **declared}
    with log.open("wb") as output:
        process = subprocess.Popen(
            solution.command(node),
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_for(lambda: process.poll() is not None or wire.accepts_connections(port), 30)
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        yield Running(port, path or solution.exercise.provider.path)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # some have workers in processes of their own
        process.wait()


def _filled(value: str, secret: str) -> str:
    if value in ("downstream", "provider"):
        return "http://127.0.0.1:1"  # a service that is away: nobody listens on that port
    return secret if is_fresh(value) else value


def _environment(port: int, work: Path, now: float) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(CLOCK),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "PORT": str(port),
        "DATA_DIR": str(work / "data"),
        "HOLD_DIR": str(work),
        "FIXED_NOW": str(now),
    }
