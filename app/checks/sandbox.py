"""The two walls, as bubblewrap commands (Linux).

The outer wall gives grader and programs a network of their own, with nothing but its loopback. The
inner wall, fresh for each start of a program, is the one that holds: it sees a short list of files only.
"""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.checks.limits import LIMITS, MEGABYTE, Limits, limiting_command
from app.checks.toolchains import Toolchain

ISOLATED = "isolated"
NOT_ISOLATED = "not isolated"
NOBODY = 65534

PROGRAM, DATA, HOLD = "/program", "/data", "/hold"
"""Where a program finds its own files, $DATA_DIR and $HOLD_DIR inside the wall."""

SCRATCH = (("/dev/shm", 8 * MEGABYTE), ("/tmp", 16 * MEGABYTE))  # noqa: S108 - file systems inside the wall
"""The only other places a program can write to, with their sizes in bytes."""

PRLIMIT = "/usr/bin/prlimit"
"""Sets the limits inside the wall; part of util-linux."""

_SPACES = ("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")


@dataclass(frozen=True)
class Walls:
    """How programs of one run are walled in; `public` maps a host path to where nobody can reach it."""

    level: str
    bwrap: str
    folder: str
    as_root: bool
    public: tuple[tuple[str, str], ...] = ()

    @property
    def work(self) -> str:
        """The folder of the run's one sized file system."""
        return f"{self.folder}/work"

    def reachable(self, path: str) -> str:
        """Return the path under which the inner wall's user can read a host path."""
        return dict(self.public).get(path, path)


def running_as_root() -> bool:
    """Whether this process is root, whom resource limits do not bind and who cannot nest walls."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def build_walls(folder: Path, bwrap: str, tools: Toolchain) -> Walls:
    """Prepare a run's folder for the isolated level: mount points and a small /etc."""
    (folder / "work").mkdir()
    _write_etc(folder / "etc")
    as_root = running_as_root()
    if as_root:
        folder.chmod(0o711)
    public = _public_paths(folder, tools) if as_root else ()
    return Walls(ISOLATED, bwrap, str(folder), as_root, public)


def _write_etc(folder: Path) -> None:
    folder.mkdir()
    user = NOBODY if running_as_root() else os.getuid()
    group = NOBODY if running_as_root() else os.getgid()
    (folder / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
    (folder / "passwd").write_text(f"learner:x:{user}:{group}:learner:{PROGRAM}:/bin/sh\n")
    (folder / "group").write_text(f"learner:x:{group}:\n")
    if Path("/etc/ld.so.cache").is_file():
        shutil.copy("/etc/ld.so.cache", folder / "ld.so.cache")


def _public_paths(folder: Path, tools: Toolchain) -> tuple[tuple[str, str], ...]:
    # Root's own folders are closed to nobody, so what is needed is bound to a path that is open.
    pairs = []
    for number, (host, _) in enumerate(tools.shown):
        point = folder / f"public-{number}"
        point.mkdir() if Path(host).is_dir() else point.touch()
        pairs.append((host, str(point)))
    return tuple(pairs)


def outer_command(walls: Walls, limits: Limits = LIMITS) -> list[str]:
    """Return the words to put before the grader's command."""
    words = [walls.bwrap, "--die-with-parent", "--unshare-net", "--dev-bind", "/", "/"]
    words += ["--size", str(limits.disk), "--perms", "0777", "--tmpfs", walls.work]
    return [*words, *_public_mounts(walls), "--"]


def by_hand_command(walls: Walls) -> list[str]:
    """Return the words to put before the inner wall of a program that the learner runs by hand.

    It stays in the host's network, so that `curl` reaches it.
    """
    if not walls.as_root:
        return []
    return [
        walls.bwrap,
        "--die-with-parent",
        "--dev-bind",
        "/",
        "/",
        *_public_mounts(walls),
        "--",
        *AS_NOBODY,
    ]


def _public_mounts(walls: Walls) -> list[str]:
    return [word for host, point in walls.public for word in ("--bind", host, point)]


@dataclass(frozen=True)
class Rooms:
    """The host folders of one start: the program's files, what survives, what holds it."""

    program: str
    data: str
    hold: str


def inner_command(
    walls: Walls, tools: Toolchain, rooms: Rooms, host_name: str, status: int | None, limits: Limits = LIMITS
) -> list[str]:
    """Return the words to put before the program's command; `status` is the pipe bubblewrap reports to."""
    words = [walls.bwrap, *_SPACES, "--disable-userns", "--die-with-parent", "--new-session"]
    words += ["--cap-drop", "ALL", "--hostname", host_name]
    if status is not None:
        words += ["--json-status-fd", str(status)]
    words += ["--ro-bind", PRLIMIT, PRLIMIT]
    words += system_mounts()
    words += ["--ro-bind", f"{walls.folder}/etc", "/etc"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for folder, size in SCRATCH:
        words += ["--size", str(size), "--tmpfs", folder]
    # After the scratch folders: a tool may live below /tmp, where a checkout is made in a hurry.
    for host, inside in tools.shown:
        words += ["--ro-bind", walls.reachable(host), inside]
    for folder in tools.covered:
        words += ["--tmpfs", folder, "--remount-ro", folder]
    words += [
        "--bind",
        rooms.program,
        PROGRAM,
        "--bind",
        walls.reachable(rooms.data),
        DATA,
        "--bind",
        rooms.hold,
        HOLD,
    ]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", PROGRAM, "--"]
    return words + limiting_command(PRLIMIT, limits)


def system_mounts() -> list[str]:
    """Show the system's shared libraries, and of the folders above them only what leads there."""
    words: list[str] = []
    for name in library_folders():
        words += ["--ro-bind-try", name, name]
    for name in ("/lib", "/lib64", "/lib32"):
        if Path(name).is_symlink():
            words += ["--symlink", str(Path(name).readlink()), name]
    return words


def library_folders() -> list[str]:
    """Return the folders of the system's shared libraries that the wall shows."""
    triplet = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"
    roots = [root for root in ("/usr/lib", "/lib") if not Path(root).is_symlink()]
    narrow = [f"{root}/{triplet}" for root in roots if Path(f"{root}/{triplet}").is_dir()]
    wide = [root for root in ("/usr/lib64", "/lib64") if Path(root).is_dir() and not Path(root).is_symlink()]
    return (narrow or roots) + wide


def probe(isolation: str) -> tuple[str, str]:
    """Find out, by doing it, whether walls can be nested here; returns the level and bubblewrap's path."""
    bwrap = shutil.which("bwrap") if sys.platform == "linux" else None
    if isolation == "off" or bwrap is None or not Path(PRLIMIT).is_file() or not _nests(bwrap):
        return NOT_ISOLATED, ""
    return ISOLATED, bwrap


def _nests(bwrap: str) -> bool:
    tools = Toolchain(shown=(("/usr/bin/true", "/usr/bin/true"),), covered=(), words={})
    with tempfile.TemporaryDirectory(prefix=f"webhook-course-{os.getpid()}-") as name:
        walls = build_walls(Path(name), bwrap, tools)
        drop = AS_NOBODY if walls.as_root else ()
        inner = [bwrap, *_SPACES, "--disable-userns", "--cap-drop", "ALL", *system_mounts()]
        inner += ["--ro-bind", PRLIMIT, PRLIMIT, "--ro-bind", "/usr/bin/true", "/usr/bin/true"]
        inner += ["--proc", "/proc", "--dev", "/dev", "--"]
        inner += [*limiting_command(PRLIMIT, LIMITS), "/usr/bin/true"]
        try:
            done = subprocess.run(
                [*outer_command(walls), *drop, *inner], capture_output=True, timeout=5, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


AS_NOBODY = ("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--")
"""Runs the command after it as nobody."""
