"""The learner's program run by hand: the inner wall's files and limits, but the host's loopback."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.checks.deaths import Death, death_of
from app.checks.launching import Plan, Started, launch_by_hand, leave_keyring
from app.checks.limits import LIMITS, MEGABYTE
from app.checks.noticing import wait_for_exit
from app.checks.output import Watcher
from app.checks.sandbox import ISOLATED, NOBODY, Rooms, Walls, build_walls, probe
from app.checks.slot import FOLDER_PREFIX
from app.checks.snapshot import take_snapshot, write_snapshot
from app.checks.toolchains import Toolchain, toolchain
from app.checks.waiting import wait_for
from app.provider import wire

# Someone plays with it for hours, so what it prints and computes in all is not bounded as in a check.
_LIMITS = replace(LIMITS, output=1024 * MEGABYTE, cpu_seconds=3600)


@dataclass(frozen=True)
class HandPlan:
    """What to run: the command, the learner's folder, the given files, where $DATA_DIR is kept, the port.

    `data_folder` is the machine's folder for what the course prepares once.
    """

    command: tuple[str, ...]
    folder: Path
    support: Path | None
    language: str
    data: Path
    port: int
    env: Mapping[str, str]
    data_folder: Path
    isolation: str = "auto"


class ByHand:
    """Starts and stops the program of a plan; each start gets a fresh copy of the learner's files."""

    def __init__(self, plan: HandPlan, output: Callable[[str, str], None]):
        self._plan = plan
        self._output = output
        self._folder: Path | None = None
        self._started: Started | None = None
        self._watcher: Watcher | None = None

    def start(self, timeout: float = LIMITS.start_seconds) -> Death | None:
        """Start the program and wait until it listens; returns how it ended where it did not come to that."""
        self.stop()
        leave_keyring()
        plan = self._plan
        self._folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))
        walls, tools = self._walls(self._folder)
        rooms = self._rooms(self._folder, walls)
        environment = {**plan.env, "PORT": str(plan.port)}
        self._started = launch_by_hand(
            walls, tools, Plan(plan.command, rooms, environment, "practice"), _LIMITS
        )
        self._watcher = Watcher(self._started, _LIMITS, self._output)
        wait_for(lambda: not self.running or wire.accepts_connections(plan.port), timeout)
        return None if self.running else self.ended()

    def _walls(self, folder: Path) -> tuple[Walls, Toolchain]:
        tools = toolchain(self._plan.language, self._plan.data_folder)
        level, bwrap = probe(self._plan.isolation)
        self._plan.data.mkdir(parents=True, exist_ok=True)
        if level != ISOLATED:
            return Walls(level, "", str(folder), as_root=False), tools
        walls = build_walls(folder, bwrap, tools)
        if not walls.as_root:
            return walls, tools
        point = folder / "data"
        point.mkdir()
        self._plan.data.chmod(0o777)
        return replace(walls, public=(*walls.public, (str(self._plan.data), str(point)))), tools

    def _rooms(self, folder: Path, walls: Walls) -> Rooms:
        program, hold = folder / "program", folder / "hold"
        program.mkdir()
        hold.mkdir()
        write_snapshot(take_snapshot(self._plan.folder), self._plan.support, program)
        if walls.as_root:
            for path in [program, hold, *program.rglob("*")]:
                shutil.chown(path, NOBODY, NOBODY)
        return Rooms(str(program), str(self._plan.data), str(hold))

    @property
    def running(self) -> bool:
        """Whether the program is alive."""
        return self._started is not None and self._started.process.poll() is None

    def ended(self) -> Death | None:
        """Return how the program ended by itself, or None while it runs."""
        if self._started is None or self.running:
            return None
        if self._watcher is not None:
            self._watcher.join()
        return death_of(self._started.process.returncode, self._watcher.reason if self._watcher else "")

    def stop(self) -> None:
        """End the program and remove its copy; $DATA_DIR stays. May be called at any time."""
        if self._started is not None:
            self._started.terminate()
            wait_for_exit(self._started.process, 0.5)
            self._started.kill()
            # Behind a wall the program itself is gone a moment later, and the next start needs its port:
            # nothing tells of that, so it is asked.
            wait_for(lambda: not wire.accepts_connections(self._plan.port), 2.0)
        if self._watcher is not None:
            self._watcher.join()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._started, self._watcher, self._folder = None, None, None
