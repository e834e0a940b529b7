"""Launch tokens: who can read the home may enter the site; each token opens the door once."""

import contextlib
import hashlib
import os
import secrets
import time
from pathlib import Path

from app.learning.classroom import Classroom
from app.learning.files import private_bytes

FORGOTTEN_AFTER = 24 * 3600
"""Seconds after which an unused token is thrown away."""


def signing_key(classroom: Classroom) -> bytes:
    """Return the key of cookies and quiz tokens; a private file in the home, made on first use."""
    return private_bytes(classroom.settings.home / ".signing-key", lambda: secrets.token_bytes(32))


def make_token(classroom: Classroom) -> str:
    """Make a token for one entry, kept as a private file in the home."""
    folder = classroom.settings.home / ".launch"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(folder)
    token = secrets.token_urlsafe(32)
    os.close(os.open(_ticket(classroom, token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return token


def use_token(classroom: Classroom, token: str) -> bool:
    """Take the token; True exactly once, also when two ask at the same moment."""
    try:
        _ticket(classroom, token).unlink()  # the system lets one of several succeed
    except FileNotFoundError:
        return False
    return True


def _ticket(classroom: Classroom, token: str) -> Path:
    # Named by a hash: a list of the folder opens no door, and no token can name another file.
    name = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    return classroom.settings.home / ".launch" / name


def _forget_old(folder: Path) -> None:
    for ticket in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - ticket.stat().st_mtime > FORGOTTEN_AFTER:
                ticket.unlink()
