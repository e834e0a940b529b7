"""Writing files whole or not at all, and reading only what is plainly a file."""

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from app.errors import UsageError

MAX_FILES = 64
MAX_BYTES = 256 * 1024
SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules"})

_PART = re.compile(r"\w(?:[\w .-]*[\w-])?", re.ASCII)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def version_of(data: bytes) -> str:
    """Return the version of a file that holds these bytes."""
    return hashlib.sha256(data).hexdigest()


def check_name(name: str) -> None:
    """Refuse a file name that could leave its folder, hide, or mean something to a system."""
    parts = name.split("/")
    if len(name) <= 200 and len(parts) <= 4 and all(_PART.fullmatch(part) for part in parts):
        return
    raise UsageError(
        f"{name!r} is no name for a file here.", "Use letters, digits, dots and dashes, as in receiver.py."
    )


def is_good_name(name: str) -> bool:
    """Tell whether `check_name` accepts the name."""
    try:
        check_name(name)
    except UsageError:
        return False
    return True


def list_files(folder: Path) -> tuple[str, ...]:
    """Return the names of the plain files below the folder, sorted; links and hidden files left out."""
    names = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in SKIPPED_FOLDERS)
        for file in files:
            path = Path(parent, file)
            name = path.relative_to(folder).as_posix()
            if is_good_name(name) and _is_plain(path):
                names.append(name)
    return tuple(sorted(names)[:MAX_FILES])


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:  # an editor's passing file: gone between the look and this one
        return False


def read_plain(path: Path) -> bytes | None:
    """Return what a plain file of bearable size holds; None for a link, a pipe, a folder, or nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_LINKS)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(MAX_BYTES + 1)
    return data if len(data) <= MAX_BYTES else None


def write_whole(path: Path, data: bytes, *, workroom: Path, mode: int = 0o644) -> None:
    """Replace a file in one step, on the disk before this returns; `workroom` is on the same disk."""
    draft = workroom / f".saving-{secrets.token_hex(8)}"
    try:
        _write_through(draft, data, mode)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def unusable_home(folder: Path, error: OSError) -> UsageError:
    """Return the error for a home that can't be written to."""
    return UsageError(
        f"The folder {folder} can't be used: {error.strerror}.",
        "Set COURSE_HOME to a folder that you may write to.",
    )


def private_bytes(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; made once, readable by its owner alone, also when two ask at once.

    Raises UsageError where the home can't be written to.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise unusable_home(path.parent, error) from error
    try:
        return _make_private(path, make)
    except OSError as error:
        raise unusable_home(path.parent, error) from error


def _make_private(path: Path, make: Callable[[], bytes]) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.parent / f".saving-{secrets.token_hex(8)}"
    try:
        _write_through(draft, make(), 0o600)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, this never replaces what another process made
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(path.parent)
    return path.read_bytes()


def flush_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_through(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
