"""Fetch something once, by the tool made for it: whole or not at all, with news of how far it is."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.errors import CourseFault

Say = Callable[[str, str], None]
"""Takes a sentence that stays, and a note on how far it is that the next one replaces."""

LOOK_SECONDS = 0.3
MEGABYTE = 1024 * 1024
_DRAFT = ".getting-"

_UNREACHABLE = (
    "Retrying (Retry(", "HTTP error 5", "ConnectionError", "ReadTimeout", "Failed to fetch", "dns error",
    "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "FETCH_ERROR",
)  # fmt: skip
_FULL = ("No space left on device", "ENOSPC", "Disk quota exceeded")

# Habits of the user's own tools that would put things elsewhere, or hide what they do.
_UNWANTED = (
    "NODE_OPTIONS", "NODE_PATH", "PIP_DRY_RUN", "PIP_PREFIX", "PIP_QUIET", "PIP_ROOT", "PIP_TARGET",
    "PYTHONHOME", "PYTHONPATH", "npm_config_global", "npm_config_prefix",
    "npm_config_offline", "npm_config_dry_run",
)  # fmt: skip
_SETTINGS = {
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_COMPILE": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_RETRIES": "2",
    "PIP_USER": "0",
}


@dataclass(frozen=True)
class Fetch:
    """What to fetch: where it goes, the command that puts it into a draft folder, its size, what else helps.

    `megabytes` is how much comes over the network, 0 where that is too little to tell.
    """

    name: str
    target: Path
    command: Callable[[Path], list[str]]
    megabytes: int
    advice: str


def find_installer() -> tuple[str, ...] | None:
    """Return the words that install a wheel into a folder: pip's, else uv's, or None."""
    from importlib.util import find_spec

    if find_spec("pip") is not None:
        return (sys.executable, "-I", "-m", "pip", "install")
    uv = shutil.which("uv")
    return (uv, "pip", "install", "--python", sys.executable) if uv else None


@contextlib.contextmanager
def alone(data_folder: Path, say: Say, cancel: threading.Event) -> Iterator[None]:
    """Hold the right to fetch into a folder; what a killed process left half made there is removed."""
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        lock = (data_folder / "fetching.lock").open("w")
    except OSError as error:
        raise CourseFault(
            f"Nothing can be kept in {data_folder}: {error.strerror}.",
            "Set XDG_DATA_HOME to a folder that you may write to.",
        ) from error
    with lock:
        while not _locked(lock.fileno()):
            say("Another course is getting it. Waiting for that.", "")
            if cancel.wait(LOOK_SECONDS):
                raise CourseFault("The fetching was cancelled.")
        for leftover in data_folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def fetch(wanted: Fetch, say: Say, cancel: threading.Event) -> None:
    """Run the command into a draft folder, then rename that; CourseFault says why nothing came of it."""
    scratch = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=wanted.target.parent))
    try:
        draft = scratch / "draft"
        for folder in (draft, scratch / "tmp"):
            folder.mkdir()
        output = _run(wanted, draft, scratch, say, cancel)
        if output is not None:
            raise CourseFault(f"{wanted.name} could not be fetched: {_reason(output)}", wanted.advice)
        draft.chmod(0o755)
        draft.rename(wanted.target)
    except OSError as error:
        raise CourseFault(f"{wanted.name} could not be fetched: {error.strerror}.", wanted.advice) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(wanted: Fetch, draft: Path, scratch: Path, say: Say, cancel: threading.Event) -> str | None:
    """Run the command to its end; returns None when it went well, else what it printed."""
    log = scratch / "log"
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    with log.open("wb") as output:
        process = subprocess.Popen(
            wanted.command(draft),
            cwd=scratch,
            env={**kept, **_SETTINGS, "TMPDIR": str(scratch / "tmp")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o022,  # a program runs as another user where the course runs as root
        )
    try:
        while not _ended(process):
            if cancel.is_set():
                raise CourseFault("The fetching was cancelled.")
            if wanted.megabytes:
                say("", _how_far(wanted, scratch))
    finally:
        _end(process)
    return None if process.returncode == 0 else log.read_text(errors="replace")


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _how_far(wanted: Fetch, scratch: Path) -> str:
    # Not asked of the tool: each version tells its progress in another way, or not at all.
    megabytes = _size(scratch) // MEGABYTE
    if megabytes > wanted.megabytes:
        return f"{wanted.name}: unpacking"
    return f"{wanted.name}: {megabytes} of about {wanted.megabytes} MB"


def _size(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(parent, file)).st_size  # noqa: PTH118 - thousands of files
    return total


def _reason(output: str) -> str:
    if any(sign in output for sign in _FULL):
        return "the disk is full."
    if any(sign in output for sign in _UNREACHABLE):
        return "the package registry does not answer. Check the network (or its proxy)."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "its installer ended without a word."


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
