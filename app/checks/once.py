"""Run a short program to its end behind the walls, and give what it printed; it has no network."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.checks.deaths import death_of, sentence
from app.checks.launching import Plan, launch_alone, leave_keyring
from app.checks.limits import LIMITS
from app.checks.noticing import wait_for_exit
from app.checks.output import Watcher
from app.checks.sandbox import ISOLATED, NOBODY, Rooms, Walls, build_walls, probe
from app.checks.slot import FOLDER_PREFIX
from app.checks.toolchains import Toolchain, toolchain

SECONDS = 10.0
_COMMANDS = {"python": ("main.py", "python"), "javascript": ("main.mjs", "node")}


@dataclass(frozen=True)
class Ran:
    """What a program printed, and in `stopped` why it had to be stopped; empty where it ended by itself."""

    printed: str
    complained: str  # what went to standard error
    stopped: str = ""


def run_once(code: str, language: str, data_folder: Path, isolation: str = "auto", seed: int = 1) -> Ran:
    """Run a program text; another `seed` gives another order of Python's sets, so that chance is seen."""
    leave_keyring()
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER_PREFIX}{os.getpid()}-") as name:
        folder = Path(name)
        file, word = _COMMANDS[language]
        walls, tools = _walls(folder, language, data_folder, isolation)
        rooms = _rooms(folder, walls, file, code)
        plan = Plan((word, file), rooms, {"PYTHONHASHSEED": str(seed)}, "question")
        return _run(walls, tools, plan)


def _run(walls: Walls, tools: Toolchain, plan: Plan) -> Ran:
    said: dict[str, str] = {"stdout": "", "stderr": ""}

    def take(stream: str, text: str) -> None:
        said[stream] += text

    started = launch_alone(walls, tools, plan, LIMITS)
    watcher = Watcher(started, LIMITS, take)
    try:
        ended = wait_for_exit(started.process, SECONDS)
    finally:
        started.kill()
        watcher.join()
        started.close()
    stopped = "" if ended else f"It did not end within {SECONDS:g} seconds."
    if watcher.reason:
        stopped = sentence(death_of(started.process.returncode, watcher.reason))
    return Ran(said["stdout"], said["stderr"], stopped)


def _walls(folder: Path, language: str, data_folder: Path, isolation: str) -> tuple[Walls, Toolchain]:
    tools = toolchain(language, data_folder)
    level, bwrap = probe(isolation)
    if level != ISOLATED:
        return Walls(level, "", str(folder), as_root=False), tools
    return build_walls(folder, bwrap, tools), tools


def _rooms(folder: Path, walls: Walls, file: str, code: str) -> Rooms:
    rooms = [folder / name for name in ("program", "data", "hold")]
    for room in rooms:
        room.mkdir()
    (rooms[0] / file).write_text(code, encoding="utf-8")
    if walls.as_root:
        for path in (*rooms, rooms[0] / file):
            shutil.chown(path, NOBODY, NOBODY)
    return Rooms(*map(str, rooms))
