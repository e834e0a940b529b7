"""The limits of a learner's program, and how they are set on a process."""

import resource
import sys
from dataclasses import dataclass, replace

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one start of a program may use; times in seconds, sizes in bytes."""

    start_seconds: float = 8.0
    run_seconds: float = 25.0
    cpu_seconds: int = 20
    memory: int = 512 * MEGABYTE
    # Node and threads reserve far more address space than they use.
    address_space: int = 4096 * MEGABYTE
    processes: int = 64
    open_files: int = 256
    file_size: int = 16 * MEGABYTE
    output: int = 1 * MEGABYTE
    disk: int = 64 * MEGABYTE


LIMITS = Limits()


def patient(limits: Limits) -> Limits:
    """Return limits for a proof on a busy machine: a start has twice the time, a run three times."""
    start, run = 2 * limits.start_seconds, 3 * limits.run_seconds
    return replace(limits, start_seconds=start, run_seconds=run)


def plain_limits(limits: Limits) -> list[tuple[int, int]]:
    """Return (resource, value) pairs for setrlimit where there is no wall.

    Processes are missing: that limit counts all processes of a user, so it only fits inside a wall.
    """
    pairs = [
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ]
    if sys.platform == "linux":
        pairs.append((resource.RLIMIT_AS, limits.address_space))
    return pairs


def limiting_command(prlimit: str, limits: Limits) -> list[str]:
    """Return the words that set the limits inside the wall, to put before the program's command.

    Inside, because a process limit set before the user namespace exists would count all runs together.
    """
    return [
        prlimit,
        f"--cpu={limits.cpu_seconds}",
        f"--fsize={limits.file_size}",
        f"--nofile={limits.open_files}",
        "--core=0",
        f"--as={limits.address_space}",
        f"--nproc={limits.processes}",
        "--",
    ]
