"""Copy a learner's files for one run: regular files only, no links, bounded in size and number."""

import base64
import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.checks.refusals import is_full, refused
from app.errors import UsageError

FILE_BYTES = 256 * 1024
FILE_COUNT = 64
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "venv", "env"})


@dataclass(frozen=True)
class Snapshot:
    """The files of a run by their relative path, and one hash over all of them."""

    files: Mapping[str, bytes]
    code_hash: str

    def encoded(self) -> dict[str, str]:
        """Return the files in base64, for storing."""
        return {name: base64.b64encode(content).decode("ascii") for name, content in self.files.items()}


def take_snapshot(folder: Path) -> Snapshot:
    """Read a folder's files. Raises UsageError when it is no folder, or too much to copy."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder.", "Name the folder that holds your program.")
    files: dict[str, bytes] = {}
    for path in _regular_files(folder):
        if len(files) >= FILE_COUNT:
            raise UsageError(f"{folder} holds more than {FILE_COUNT} files.", "Keep only the program in it.")
        # An editor's swap file may be gone between the look and the read.
        with contextlib.suppress(FileNotFoundError):
            files[_name(path, folder)] = _read(path)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{len(name.encode())}:{name}:{len(files[name])}:".encode() + files[name])
    return Snapshot(dict(sorted(files.items())), digest.hexdigest())


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
        raise UsageError(f"The name of the file {shown} is no text.", "Rename it, or take it away.") from None
    return name


def _regular_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and name[0] != ".")
        for name in sorted(names):
            path = Path(root, name)
            with contextlib.suppress(FileNotFoundError):
                if stat.S_ISREG(path.lstat().st_mode):
                    found.append(path)
    return found


def _read(path: Path) -> bytes:
    # O_NOFOLLOW: the file may be replaced by a link between the look and the read.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UsageError(
            f"{path.name} can't be read: {error.strerror}.", "Mend that, or take it away."
        ) from error
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        too_large = f"{path.name} is larger than {FILE_BYTES // 1024} KiB."
        raise UsageError(too_large, "Keep only the program in the folder.")
    return content


def write_snapshot(snapshot: Snapshot, support: Path | None, target: Path) -> None:
    """Write the files into a new folder; files of the course's own `support` folder replace the learner's."""
    given = take_snapshot(support).files if support is not None else {}
    for name, content in {**snapshot.files, **given}.items():
        path = target / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            if is_full(error):
                raise refused(error) from error
            advice = "A given file and one of yours are in each other's way: rename yours."
            raise UsageError(f"{name} can't be put in its place: {error.strerror}.", advice) from error
