"""The folders of a run, and its first start: prepared before anybody knows what will run there."""

import os
import shutil
from pathlib import Path

from app.checks.holding import remove
from app.checks.job import Stage
from app.checks.launching import Plan, Started, launch_keeper
from app.checks.sandbox import DATA, ISOLATED, NOBODY, Rooms, Walls
from app.errors import CourseFault

FIRST = 1
"""The number of the start that is prepared."""


def make_work(walls: Walls) -> None:
    """Make the folders of a run: one for $DATA_DIR, one for the hold points, one for the starts."""
    for name in ("data", "hold", "starts"):
        folder = Path(walls.work) / name
        folder.mkdir(parents=True)
        _hand_over(folder, walls)


def make_rooms(walls: Walls, number: int, files: str | None = None) -> Rooms:
    """Make the folders of one start, with a copy of the files where they are known."""
    work = Path(walls.work)
    folder = work / "starts" / str(number)
    folder.mkdir(exist_ok=True)
    if files is not None:
        shutil.copytree(files, folder, dirs_exist_ok=True)
    _hand_over(folder, walls)
    return Rooms(str(folder), str(work / "data"), str(work / "hold"))


def give_file(walls: Walls, name: str, content: bytes) -> str:
    """Put a file into $DATA_DIR; returns its path as a program sees it. No link there is followed."""
    file = Path(walls.work) / "data" / name
    remove(file)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644), "wb") as out:
        out.write(content)
    return f"{DATA}/{name}" if walls.level == ISOLATED else str(file)


def host_name(number: int) -> str:
    """Return the host name of a start; each has its own."""
    return f"program-{number}"


def _hand_over(folder: Path, walls: Walls) -> None:
    """Give a folder to the user as whom the program runs."""
    folder.chmod(0o777)
    if not walls.as_root:
        return
    for path in [folder, *folder.rglob("*")]:
        shutil.chown(path, NOBODY, NOBODY)


class Spare:
    """The wall of the first start, in which the language's keeper waits; used once, or ended."""

    def __init__(self, stage: Stage):
        self._stage = stage
        self._started: Started | None = None
        if stage.tools.keeper:
            plan = Plan((), make_rooms(stage.walls, FIRST), {}, host_name(FIRST))
            try:
                self._started = launch_keeper(stage.walls, stage.tools, plan, stage.limits)
            except (CourseFault, OSError):
                self._started = None  # the ordinary start meets the same fault, and tells it

    def become(self, plan: Plan) -> Started | None:
        """Turn the keeper into the program of `plan`; None where an ordinary start has to do it."""
        started, self._started = self._started, None
        if started is None:
            return None
        if plan.host_name == host_name(FIRST) and started.become(self._stage.walls, self._stage.tools, plan):
            return started
        _end(started)
        return None

    def end(self) -> None:
        """End what was not used."""
        started, self._started = self._started, None
        if started is not None:
            _end(started)


def _end(started: Started) -> None:
    started.kill()
    for stream in (started.process.stdin, started.process.stdout, started.process.stderr):
        if stream is not None:
            stream.close()
    started.close()
