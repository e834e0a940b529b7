"""What Linux tells about a tree of processes: who belongs to it, its memory, where it listens."""

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_LISTEN = "0A"


def descendants(root: int) -> list[int]:
    """Return the process `root` and all below it that are alive now."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children(pid))
    return found


def children(pid: int) -> list[int]:
    """Return the direct children of a process, of all its threads."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in _read(f"{task}/children").split()]
    except OSError:
        return found
    return found


def resident_bytes(root: int) -> int:
    """Return the resident memory of a whole tree, in bytes."""
    return sum(_resident(pid) for pid in descendants(root))


def _resident(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * _PAGE if len(fields) > 1 else 0


def listening_ports() -> frozenset[int]:
    """Return the TCP ports that somebody listens on in this network namespace."""
    lines = [*_read("/proc/self/net/tcp").splitlines()[1:], *_read("/proc/self/net/tcp6").splitlines()[1:]]
    fields = [line.split() for line in lines]
    return frozenset(int(f[1].rpartition(":")[2], 16) for f in fields if len(f) > 3 and f[3] == _LISTEN)


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
