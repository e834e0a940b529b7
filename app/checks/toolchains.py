"""What a language needs inside the wall: files to show read-only, the interpreter, the environment."""

import hashlib
import os
import re
import shutil
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import CourseFault

if TYPE_CHECKING:
    from importlib.metadata import Distribution

LANGUAGES = ("python", "javascript", "shell")
"""The languages whose programs can be run."""

GIVEN = ("Flask", "jsonschema")
"""The distributions that a learner's Python program may import, with all that they need."""

KEPT_DAYS = 30
"""A library that was not used for so long is removed when another one is made."""


@dataclass(frozen=True)
class Toolchain:
    """Read-only (host, inside) paths, folders to cover with emptiness, words to replace, environment."""

    shown: tuple[tuple[str, str], ...]
    covered: tuple[str, ...]
    words: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    keeper: tuple[str, ...] = ()
    """The command of what waits in a program's place and becomes it; nothing where there is none."""


def toolchain(language: str, data_folder: Path) -> Toolchain:
    """Return what a language needs; `data_folder` keeps what is prepared once for all homes.

    Nothing is fetched here: CourseFault where `make_ready` has to come first.
    """
    if language == "python":
        return python_toolchain(python_library(data_folder))
    _require_known(language)
    if language == "shell":
        from app.checks.shell import shell_toolchain

        return shell_toolchain()
    from app.checks.javascript import javascript_toolchain

    return javascript_toolchain(data_folder)


def is_ready(language: str, data_folder: Path) -> bool:
    """Whether `toolchain` can be used without fetching anything first."""
    if language == "python":
        return True
    _require_known(language)
    if language == "shell":
        from app.checks.shell import missing

        return not missing()
    from app.checks.javascript import look

    return look(data_folder).ready


def make_ready(
    language: str, data_folder: Path, say: Callable[[str, str], None], cancel: threading.Event | None = None
) -> None:
    """Fetch what a language needs, once for all homes; CourseFault where that can't be.

    say(sentence, note) tells of it: a sentence that stays, or a note on how far it is. May take minutes.
    """
    if is_ready(language, data_folder):
        return
    from app.checks import javascript, shell

    if language == "shell":
        shell.require()
    else:
        javascript.make_ready(data_folder, say, cancel or threading.Event())


def _require_known(language: str) -> None:
    if language not in LANGUAGES:
        raise CourseFault(
            f"This course cannot run programs in {language} yet.", f"Choose one of: {', '.join(LANGUAGES)}."
        )


def python_toolchain(library: Path) -> Toolchain:
    """Show the base interpreter wherever it lives, and the library; never the course's own environment."""
    executable = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    # In a virtual environment the defaults point into it, and so at the course itself.
    base = {"installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    standard, platform = (Path(sysconfig.get_path(n, vars=base)).resolve() for n in ("stdlib", "platstdlib"))
    paths = {str(executable), str(standard), str(platform)}
    shared = Path(sysconfig.get_config_var("LIBDIR") or "") / str(sysconfig.get_config_var("LDLIBRARY") or "")
    if shared.suffix != ".a" and shared.is_file():
        paths |= {str(path) for path in shared.parent.glob("libpython*.so*")}
    packages = [
        folder / name for folder in {standard, platform} for name in ("site-packages", "dist-packages")
    ]
    return Toolchain(
        shown=(*((path, path) for path in sorted(paths)), (str(library), "/library")),
        covered=tuple(str(folder) for folder in packages if folder.is_dir()),
        words={"python": str(executable)},
        environment={"PYTHONPATH": "/library", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        keeper=("python", "-c", Path(__file__).with_name("keeper.py").read_text(encoding="utf-8")),
    )


def python_library(data_folder: Path) -> Path:
    """Return the folder with Flask, jsonschema and what they need; it is made on first use."""
    packages = Path(sysconfig.get_path("purelib"))
    # Installing or upgrading a package changes the folder's time, which is cheaper to ask than versions are.
    made_from = f"{sys.version}\n{packages}\n{packages.stat().st_mtime_ns}"
    target = data_folder / f"python-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}"
    if not target.is_dir():
        _build(target, _closure(GIVEN))
        sweep(data_folder)
    with suppress(OSError):
        os.utime(target)  # its time says when it was used last
    return target


def sweep(data_folder: Path) -> None:
    """Remove the libraries that nobody has used for `KEPT_DAYS` days and no process uses now."""
    too_old = time.time() - KEPT_DAYS * 24 * 3600
    for folder in data_folder.glob("python-*"):
        with suppress(OSError):  # another process removes it as well
            if folder.stat().st_mtime < too_old and not _in_use(folder):
                draft = folder.rename(folder.with_name(f"python-draft-{os.getpid()}-{folder.name}"))
                shutil.rmtree(draft)  # nobody meets a half of it


def _in_use(folder: Path) -> bool:
    """Tell whether a process has it, shown inside a wall or in its environment; never known without /proc."""
    name = folder.name.encode()
    for facts in ("mountinfo", "environ"):
        for path in Path("/proc").glob(f"[0-9]*/{facts}"):
            with suppress(OSError):  # the process is gone, or another user's
                if name in path.read_bytes():
                    return True
    return False


def _closure(names: tuple[str, ...]) -> list["Distribution"]:
    # Imported where it is needed: it takes longer than the start of the grader can wait.
    from importlib.metadata import PackageNotFoundError, distribution

    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue
        waiting += [_requirement(line) for line in found[name].requires or () if "extra ==" not in line]
    return list(found.values())


def _requirement(line: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", line)
    return match.group(0) if match else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _build(target: Path, distributions: list["Distribution"]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="python-draft-", dir=target.parent))
    scratch.chmod(0o755)
    for distribution in distributions:
        _copy_files(distribution, scratch)
    try:
        scratch.rename(target)
    except OSError:
        # Another process was quicker; both made the same.
        shutil.rmtree(scratch)


def _copy_files(distribution: "Distribution", target: Path) -> None:
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if file.parts[0] == ".." or not source.is_file():
            continue
        copy = target.joinpath(*file.parts)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy)
