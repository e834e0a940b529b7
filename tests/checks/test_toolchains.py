"""The folders of libraries that programs are given: made once, and removed when nobody uses them."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.checks.toolchains import KEPT_DAYS, python_library, sweep

LONG_AGO = time.time() - (KEPT_DAYS + 1) * 24 * 3600
has_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only /proc tells what is used")


def library(data: Path, name: str, used: float = LONG_AGO) -> Path:
    """Make a library with one file in it, last used at the given time."""
    folder = data / name
    folder.mkdir()
    (folder / "flask.py").touch()
    os.utime(folder, (used, used))
    return folder


def test_what_nobody_used_for_long_is_removed(tmp_path: Path) -> None:
    """Old libraries and drafts go; those used lately, and other folders, stay."""
    mine = os.urandom(8).hex()  # a part of a name that no other process has
    old, draft = library(tmp_path, f"python-{mine}-1"), library(tmp_path, f"python-draft-{mine}")
    fresh = library(tmp_path, f"python-{mine}-2", time.time() - 24 * 3600)
    other = library(tmp_path, "node-24")
    sweep(tmp_path)
    assert not old.exists()
    assert not draft.exists()
    assert (fresh / "flask.py").exists()
    assert (other / "flask.py").exists()


@has_proc
def test_what_a_process_uses_is_kept(tmp_path: Path) -> None:
    """A library in the environment of a process stays until that process ends, however old it is."""
    folder = library(tmp_path, f"python-{os.urandom(8).hex()}")  # a name that no other process has
    words = [sys.executable, "-c", "print('up', flush=True); input()"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        sweep(tmp_path)
        assert (folder / "flask.py").exists()
        process.communicate(b"\n")
    sweep(tmp_path)
    assert not folder.exists()


@pytest.mark.needs_sandbox
@has_proc
def test_what_is_shown_inside_a_wall_is_kept(tmp_path: Path) -> None:
    """A library that a wall shows stays as long as the wall stands."""
    folder = library(tmp_path, f"python-{os.urandom(8).hex()}")
    inside = ["sh", "-c", "echo up; read line"]
    words = ["bwrap", "--ro-bind", "/", "/", "--ro-bind", str(folder), "/mnt", "--", *inside]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        sweep(tmp_path)
        assert (folder / "flask.py").exists()
        process.communicate(b"\n")
    sweep(tmp_path)
    assert not folder.exists()


def test_each_use_is_noted(tmp_path: Path) -> None:
    """A library that is used again is as good as new, and making one removes the old ones."""
    old = library(tmp_path, f"python-{os.urandom(8).hex()}")
    used = python_library(tmp_path)
    assert not old.exists()
    os.utime(used, (LONG_AGO, LONG_AGO))
    assert python_library(tmp_path) == used
    sweep(tmp_path)
    assert (used / "flask").is_dir()
