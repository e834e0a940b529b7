"""Shell scripts: the system's own programs, with bash, curl and openssl. Nothing is fetched for them."""

import shutil
import sys
from pathlib import Path

from app.checks.toolchains import Toolchain
from app.errors import CourseFault

NEEDED = ("bash", "curl", "openssl")
INSTALL = "Install it with your system's packages, on Debian and Ubuntu: sudo apt install curl openssl"

_SYSTEM = ("/usr/bin", "/bin")
_OWN = (*NEEDED, "awk")
"""Shown one by one besides: they may live elsewhere, and awk is a link through /etc, which the wall hides."""


def missing() -> list[str]:
    """Return what a script needs and this machine lacks."""
    return [name for name in NEEDED if _find(name) is None]


def require() -> None:
    """Raise CourseFault where something is missing."""
    if lacking := missing():
        says = f"A shell script needs {', '.join(NEEDED)}, and there is no {' and no '.join(lacking)} here."
        raise CourseFault(says, INSTALL)


def shell_toolchain() -> Toolchain:
    """Show the system's programs; CourseFault where one that is needed is missing."""
    require()
    folders = [folder for folder in _SYSTEM if sys.platform == "linux" and Path(folder).is_dir()]
    shown = [(str(Path(folder).resolve()), folder) for folder in folders]
    if shown:
        shown += [(str(path), f"/usr/local/bin/{name}") for name in _OWN if (path := _find(name))]
    return Toolchain(shown=tuple(shown), covered=(), words={})


def _find(name: str) -> Path | None:
    """Find a program, the system's own before any other: that one's libraries are shown, too."""
    found = shutil.which(name, path=":".join(_SYSTEM)) or shutil.which(name)
    return Path(found).resolve() if found else None
