"""Which process owns a run, and whether it still lives."""

import os
import platform
import sys
from pathlib import Path


def this_process() -> str:
    """Name this process so that another one with the same number, later, is not taken for it."""
    return f"{platform.node()}/{os.getpid()}/{_started(os.getpid())}"


def is_alive(owner: str) -> bool:
    """Tell whether the owner still runs; one on another machine is taken for alive."""
    try:
        node, number, started = owner.rsplit("/", 2)
        pid = int(number)
    except ValueError:
        return False
    if node != platform.node():
        return True
    return _runs(pid) and _started(pid) == started


def _started(pid: int) -> str:
    """The moment the process began, in the kernel's ticks; empty where the system does not tell."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *rest = facts.rpartition(")")[2].split()
    return "gone" if state in "ZX" else rest[18]  # a zombie only waits to be counted


def _runs(pid: int) -> bool:
    if sys.platform == "win32":  # there os.kill would end the process instead of asking
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _runs_on_windows(pid: int) -> bool:
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes

    may_query, still_active = 0x1000, 259
    handle = ctypes.windll.kernel32.OpenProcess(may_query, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
    ctypes.windll.kernel32.CloseHandle(handle)
    return code.value == still_active
