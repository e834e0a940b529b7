"""Start one program: inside the inner wall, or with plain limits where there is no wall."""

import contextlib
import ctypes
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.checks.limits import LIMITS, Limits, plain_limits
from app.checks.processes import children, descendants
from app.checks.sandbox import (
    AS_NOBODY,
    DATA,
    HOLD,
    ISOLATED,
    NOBODY,
    PROGRAM,
    Rooms,
    Walls,
    by_hand_command,
    inner_command,
    outer_command,
)
from app.checks.toolchains import Toolchain
from app.errors import CourseFault

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: orphans below this process become its children, so that none gets away."""

_KEYCTL = {"x86_64": 250, "aarch64": 219}
_JOIN_SESSION_KEYRING = 1

_PLAIN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

_APPLY_LIMITS = (
    "import json,os,resource,sys\n"
    "for name, value in json.loads(sys.argv[1]):\n"
    "    hard = resource.getrlimit(name)[1]\n"
    "    value = value if hard == resource.RLIM_INFINITY else min(value, hard)\n"
    "    resource.setrlimit(name, (value, value))\n"
    "os.execvp(sys.argv[2], sys.argv[2:])\n"
)


@dataclass(frozen=True)
class Plan:
    """One start: the command, the host folders, and what its environment holds besides."""

    command: tuple[str, ...]
    rooms: Rooms
    environment: Mapping[str, str]
    host_name: str


@dataclass(frozen=True)
class Started:
    """A started program. `root` is the process above all of the program's own."""

    process: "subprocess.Popen[bytes]"
    root: int
    folder: str
    isolated: bool
    status: int | None = None  # bubblewrap's report, read to its end by nobody: it must stay open

    def become(self, walls: Walls, tools: Toolchain, plan: Plan) -> bool:
        """Let the keeper that waits here become the program of `plan`; False where it has ended."""
        stdin = self.process.stdin
        command = [tools.words.get(word, word) for word in plan.command]
        order = {"command": command, "environment": environment_of(walls, tools, plan)}
        if stdin is None or self.process.poll() is not None:
            return False
        try:
            stdin.write(json.dumps(order).encode())
            stdin.close()
        except BrokenPipeError:
            return False
        return True

    def close(self) -> None:
        """Free what an ended program leaves in this process."""
        if self.status is not None:
            os.close(self.status)

    def terminate(self) -> None:
        """Ask the program to end (SIGTERM)."""
        # bubblewrap's own init passes no signal on, so the program itself is asked.
        targets = children(self.root)[:1] if self.isolated else [self.root]
        for pid in targets:
            _signal(pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the program and all that it started, now."""
        if self.isolated:
            # The kernel ends the whole process namespace before its first process is gone.
            _signal(self.root, signal.SIGKILL)
            self.process.wait()
            return
        kill_tree(self.root)
        self.process.wait()


def leave_keyring() -> None:
    """Join an empty session keyring: the user's own would be open to every program started from here."""
    number = _KEYCTL.get(platform.machine())
    if sys.platform == "linux" and number is not None:
        ctypes.CDLL(None).syscall(number, _JOIN_SESSION_KEYRING, None)


def kill_tree(root: int) -> None:
    """End a process, its group, and all below it, where there is no wall that would do it."""
    below = descendants(root)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(root, signal.SIGKILL)
    for pid in below:
        with contextlib.suppress(PermissionError):
            _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def adopt_orphans() -> None:
    """Make this process the parent of whatever a program leaves behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def sweep_orphans(timeout: float = 3.0) -> None:
    """End whatever programs left behind; called when this process has ended all that it started itself.

    Looks until nothing is left: what forks faster than one look would be missed by it.
    """
    until = time.monotonic() + timeout
    while (left := children(os.getpid())) and time.monotonic() < until:
        for pid in (pid for child in left for pid in descendants(child)):
            _signal(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def launch(walls: Walls, tools: Toolchain, plan: Plan, limits: Limits = LIMITS) -> Started:
    """Start a program as the level of `walls` allows; raises CourseFault when the wall can't be built."""
    command = [tools.words.get(word, word) for word in plan.command]
    return _launch(walls, tools, plan, command, limits, subprocess.DEVNULL)


def launch_keeper(walls: Walls, tools: Toolchain, plan: Plan, limits: Limits = LIMITS) -> Started:
    """Start what waits in a program's place, in the same way; `become` turns it into the program."""
    command = [tools.words.get(word, word) for word in tools.keeper]
    return _launch(walls, tools, plan, command, limits, subprocess.PIPE)


def _launch(
    walls: Walls, tools: Toolchain, plan: Plan, command: list[str], limits: Limits, stdin: int
) -> Started:
    start = _launch_isolated if walls.level == ISOLATED else _launch_plainly
    return start(walls, tools, plan, command, limits, stdin)


def launch_by_hand(walls: Walls, tools: Toolchain, plan: Plan, limits: Limits = LIMITS) -> Started:
    """Start a program on the host's own loopback, for the learner to play with; ended by `kill`."""
    return _launch_without_grader(walls, tools, plan, by_hand_command(walls), limits)


def launch_alone(walls: Walls, tools: Toolchain, plan: Plan, limits: Limits = LIMITS) -> Started:
    """Start a program with no network but a loopback of its own, and with nobody to play with; as by hand."""
    around = [*outer_command(walls), *(AS_NOBODY if walls.as_root else ())] if walls.level == ISOLATED else []
    return _launch_without_grader(walls, tools, plan, around, limits)


def _launch_without_grader(
    walls: Walls, tools: Toolchain, plan: Plan, around: list[str], limits: Limits
) -> Started:
    command = [tools.words.get(word, word) for word in plan.command]
    if walls.level != ISOLATED:
        return _launch(walls, tools, plan, command, limits, subprocess.DEVNULL)
    with _unseen(inner_command(walls, tools, plan.rooms, plan.host_name, None, limits)) as (inner, options):
        process = subprocess.Popen(
            [*around, *inner, *command],
            env=_inside_environment(tools, plan),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(options,),
            start_new_session=True,
        )
    return Started(process, process.pid, PROGRAM, isolated=False)


def environment_of(walls: Walls, tools: Toolchain, plan: Plan) -> dict[str, str]:
    """Return the whole environment that a program is started with."""
    return _inside_environment(tools, plan) if walls.level == ISOLATED else _plain_environment(tools, plan)


def _inside_environment(tools: Toolchain, plan: Plan) -> dict[str, str]:
    environment = {**_PLAIN_ENVIRONMENT, "HOME": PROGRAM, **tools.environment, **plan.environment}
    return environment | {"DATA_DIR": DATA, "HOLD_DIR": HOLD}


def _launch_isolated(
    walls: Walls, tools: Toolchain, plan: Plan, command: list[str], limits: Limits, stdin: int
) -> Started:
    status_read, status_write = os.pipe()
    inner = inner_command(walls, tools, plan.rooms, plan.host_name, status_write, limits)
    user = NOBODY if walls.as_root else None
    with _unseen(inner) as (words, options):
        process = subprocess.Popen(
            [*words, *command],
            env=_inside_environment(tools, plan),
            cwd="/",
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(status_write, options),
            user=user,
            group=user,
            extra_groups=[] if walls.as_root else None,
        )
    os.close(status_write)
    root = _child_pid(status_read, process)
    return Started(process, root, PROGRAM, isolated=True, status=status_read)


@contextlib.contextmanager
def _unseen(words: list[str]) -> Iterator[tuple[list[str], int]]:
    """Give bubblewrap its options on a pipe: a program can read its command line, and they name the host."""
    end = words.index("--")
    read, write = os.pipe()
    try:
        with os.fdopen(write, "wb") as pipe:
            pipe.write(b"".join(os.fsencode(word) + b"\0" for word in words[1:end]))
        yield [words[0], "--args", str(read), *words[end:]], read
    finally:
        os.close(read)


def _child_pid(status: int, process: "subprocess.Popen[bytes]") -> int:
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(status, 1)
        if not piece:
            said = process.stderr.read().decode(errors="replace").strip() if process.stderr else ""
            raise CourseFault("The wall around the program could not be built.", said)
        line += piece
    return int(json.loads(line)["child-pid"])


def _without_wall(tools: Toolchain, program: str) -> dict[str, str]:
    """Put beside the program's folder what a wall would show there; returns the variables that name it."""
    # Deeper places are the system's own, which needs no wall to be seen.
    moved = {inside: host for host, inside in tools.shown if inside != host and inside.count("/") == 1}
    for inside, host in moved.items():
        with contextlib.suppress(FileExistsError):
            Path(program).with_name(inside.lstrip("/")).symlink_to(host)
    return {name: moved[value] for name, value in tools.environment.items() if value in moved}


def _plain_environment(tools: Toolchain, plan: Plan) -> dict[str, str]:
    environment = {**_PLAIN_ENVIRONMENT, "PATH": os.environ.get("PATH", ""), "HOME": plan.rooms.program}
    environment |= {**tools.environment, **plan.environment}
    environment |= {"DATA_DIR": plan.rooms.data, "HOLD_DIR": plan.rooms.hold}
    return environment | _without_wall(tools, plan.rooms.program)


def _launch_plainly(
    walls: Walls, tools: Toolchain, plan: Plan, command: list[str], limits: Limits, stdin: int
) -> Started:
    pairs = json.dumps(plain_limits(limits))
    hosts = {inside: host for host, inside in tools.shown}
    process = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            _APPLY_LIMITS,
            pairs,
            *(hosts.get(word, word) for word in command),
        ],
        env=_plain_environment(tools, plan),
        cwd=plan.rooms.program,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return Started(process, process.pid, plan.rooms.program, isolated=False)
