"""Set-up: an environment in .venv that holds the package and what it needs. Standard library only.

The stamp, a file in .venv, tells what set-up made it from. It is written last and goes first, so that an
environment without one is unfinished, whatever ended its set-up, and is made anew.
"""

import hashlib
import importlib.util
import json
import os
import platform
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

ENVIRONMENT = ".venv"
STAMP = "set-up.json"
INPUTS = ("pyproject.toml", "constraints.txt")
TEST_SCRIPTS = ("lint-imports", "mypy", "pytest", "ruff")
UNREACHABLE = ("Retrying (Retry(", "HTTP error 5", "ConnectionError", "ReadTimeout")
# Habits of the user's own pip that would put packages elsewhere, or hide what pip does.
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PIP_DRY_RUN", "PIP_PREFIX", "PIP_QUIET", "PIP_ROOT", "PIP_TARGET")
PIP = {
    "PIP_BUILD_CONSTRAINT": "constraints.txt",  # pins of what builds the package, for newer pips
    "PIP_CONSTRAINT": "constraints.txt",  # and for older ones
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_RETRIES": "2",  # pip says that it tries again, which tells a silent registry from a wrong pin
    "PIP_USER": "0",
}


class SetUpError(Exception):
    """Why set-up ended early, in words for the person who started it."""


def checkout() -> Path | None:
    """Return the folder of the clone this package is run from, None if it is installed."""
    root = Path(__file__).resolve().parent.parent
    return root if all((root / name).is_file() for name in INPUTS) else None


def is_ready(root: Path, testing: bool) -> bool:
    """Whether .venv is finished and holds what the files of the checkout ask for."""
    stamp = read_stamp(root)
    testing_too = testing or stamp.get("testing") is True  # what the tests need holds what the course needs
    return stamp == describe(root, testing_too) and _scripts_exist(root, testing)


def describe(root: Path, testing: bool) -> dict[str, object]:
    """Return all that set-up depends on, as the stamp holds it."""
    inputs = [(root / name).read_bytes() for name in INPUTS]
    inputs.append(b"node" if shutil.which("node") else b"no node")
    digest = hashlib.sha256(b"\0".join(inputs)).hexdigest()
    return {**_origin(root), "inputs": digest, "testing": testing}


def read_stamp(root: Path) -> dict[str, object]:
    """Return what .venv was made from, an empty dict if it is unfinished or not ours."""
    try:
        stamp = json.loads((root / ENVIRONMENT / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(root: Path, testing: bool) -> None:
    """Declare .venv finished."""
    (root / ENVIRONMENT / STAMP).write_text(json.dumps(describe(root, testing)), encoding="utf-8")


def set_up(root: Path, testing: bool) -> None:
    """Make .venv or bring it up to date; if that fails leave the one that worked, or none."""
    with _interruptible(), _alone(root):
        if is_ready(root, testing):
            return  # another start did it while this one waited
        started, stamp = time.monotonic(), read_stamp(root)
        usable = _origin(root).items() <= stamp.items() and _scripts_exist(root, False)
        testing = testing or (usable and stamp.get("testing") is True)
        say(f"Setting up the course, once. Everything goes to {root / ENVIRONMENT}")
        try:
            if not usable:
                _make_environment(root)
            _install(root, testing)
        except BaseException:
            if not (root / ENVIRONMENT / STAMP).exists():
                remove_environment(root)
            raise
        write_stamp(root, testing)
        say(f"Done in {time.monotonic() - started:.0f} s. To type `course` instead of `python3 -m app`:")
        say("  " + path_line(scripts(root)))


def path_line(folder: Path) -> str:
    """Return the line that puts `course` on the PATH of the terminal into which it is pasted."""
    if os.name == "nt":
        return f'$env:Path = "{folder};" + $env:Path'
    return f'export PATH={shlex.quote(str(folder))}:"$PATH"'


def scripts(root: Path) -> Path:
    """Return the folder in .venv that holds `python` and `course`."""
    return root / ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


def remove_environment(root: Path) -> None:
    """Remove .venv, the stamp first."""
    folder = root / ENVIRONMENT
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        (folder / STAMP).unlink(missing_ok=True)
        shutil.rmtree(folder)


def say(text: str) -> None:
    """Print for a person: on standard error, since standard output belongs to the command."""
    print(text, file=sys.stderr, flush=True)


def _origin(root: Path) -> dict[str, object]:
    """Return what an environment cannot change once it is made."""
    return {
        "python": platform.python_version(),
        "executable": os.path.realpath(_python()),
        "folder": str(root),
    }


def _python() -> str:
    # Started from inside an environment, set-up uses the Python that this environment was made with.
    return getattr(sys, "_base_executable", None) or sys.executable


def _scripts_exist(root: Path, testing: bool) -> bool:
    # Another tool that tends .venv may have taken away what this one installed.
    names = ("python", "course") + (TEST_SCRIPTS if testing else ())
    return all(shutil.which(name, path=str(scripts(root))) for name in names)


def _make_environment(root: Path) -> None:
    if not all(spec and spec.origin for spec in map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise SetUpError(
            "This Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"
        )
    remove_environment(root)
    title = f"environment (Python {platform.python_version()})"
    code, output = _run(title, [_python(), "-I", "-m", "venv", ENVIRONMENT], root, lambda line: "")
    if code:
        raise SetUpError(f"Making the environment failed:\n{output.strip()}")


def _install(root: Path, testing: bool) -> None:
    pins = (root / "constraints.txt").read_text(encoding="utf-8").partition("# The course\n")[2]
    total = (pins if testing else pins.partition("\n\n")[0]).count("==")
    found = set()

    def hear(line: str) -> str:
        if line.startswith("Installing collected packages"):
            (root / ENVIRONMENT / STAMP).unlink(missing_ok=True)  # from here on it is neither old nor new
            return "installing"
        if not line.startswith(("Collecting ", "Processing ")):
            return ""
        found.add(line.split()[1])
        return f"found {len(found)} of about {total}"

    what = ".[test]" if testing else "."
    pip = [str(scripts(root) / "python"), "-I", "-m", "pip"]
    code, output = _run("packages", [*pip, "install", "-c", "constraints.txt", "-e", what], root, hear)
    if code:
        raise SetUpError(_why_pip_failed(output))


def _why_pip_failed(output: str) -> str:
    if "No space left on device" in output:
        return "The disk is full."
    if any(sign in output for sign in UNREACHABLE):
        return "The package registry does not answer: check the network (or its proxy), then start again."
    return "pip said:\n" + "\n".join(output.strip().splitlines()[-15:])


def _run(title: str, command: list[str], root: Path, hear: Callable[[str], str]) -> tuple[int, str]:
    """Run one step with a line on the screen that lives; return the exit code and what it printed."""
    started, note, output = time.monotonic(), "", ""
    if not sys.stderr.isatty():
        say(f"  {title} ...")
    lines: queue.Queue[str | None] = queue.Queue()
    child = subprocess.Popen(
        command,
        cwd=root,
        env={name: value for name, value in os.environ.items() if name not in UNWANTED} | PIP,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        close_fds=False,  # a step that outlives us, were we killed, goes on holding the lock
    )
    assert child.stdout is not None
    threading.Thread(target=_read, args=(child.stdout, lines), daemon=True).start()
    try:
        while (line := _next(lines)) is not None:
            output += line
            note = hear(line) or note
            _show(f"  {title:<28} {time.monotonic() - started:>5.1f} s  {note}")
        code = child.wait()
    except BaseException:
        _kill(child)
        raise
    _show(f"  {title:<28} {time.monotonic() - started:>5.1f} s", last=True)
    return code, output


def _read(stream: IO[bytes], lines: queue.Queue[str | None]) -> None:
    with stream:
        for line in stream:
            lines.put(line.decode("utf-8", "replace"))
    lines.put(None)


def _next(lines: queue.Queue[str | None]) -> str | None:
    """Return the next line, an empty one if none comes within a fifth of a second, None at the end."""
    try:
        return lines.get(timeout=0.2)
    except queue.Empty:
        return ""


def _kill(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the right to set up this folder; the lock is on a file that is there anyway."""
    with (root / "pyproject.toml").open("rb") as file:
        os.set_inheritable(file.fileno(), True)
        if not _lock(file.fileno()):
            say("Another start is setting up this folder; waiting for it.")
            while not _lock(file.fileno()):
                time.sleep(0.2)
        yield


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # beyond the text, which others have to read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks
    return True


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a closed terminal and a plain kill end set-up as Ctrl-C does: tidied."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(text: str, last: bool = False) -> None:
    """Print a line that is rewritten as it changes; on what is no terminal, only at the end."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width), end="\n" if last else "", file=sys.stderr, flush=True)
    elif last:
        say(text)
