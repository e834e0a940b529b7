"""`python3 -m app`: set-up, and what it leaves behind when it ends early."""

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import set_up

ROOT = Path(__file__).resolve().parent.parent
OLD_SYNTAX = ("app/__init__.py", "app/__main__.py")
NOWHERE = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_NO_CACHE_DIR": "1",
}
AS_ANOTHER = "import runpy, sys; {}; sys.argv[:] = ['app']; runpy.run_module('app', run_name='__main__')"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with what set-up reads, under a name that shells and old tools stumble over."""
    root = tmp_path / "webhook course – Übung $1"
    (root / "app").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "set_up.py"):
        shutil.copy(ROOT / "app" / name, root / "app" / name)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def silent_registry() -> Iterator[socket.socket]:
    """Return a listening socket that takes connections and never answers them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


def start(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the clone."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env={**os.environ, **NOWHERE, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pretend_finished(clone: Path, testing: bool) -> None:
    """Put an environment into the clone whose Python prints what it is given."""
    folder = set_up.scripts(clone)
    folder.mkdir(parents=True)
    for name in ("python", "course", *set_up.TEST_SCRIPTS):
        (folder / name).write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    set_up.write_stamp(clone, testing)


@pytest.mark.parametrize("name", OLD_SYNTAX)
def test_an_old_python_can_read_the_first_files(name: str) -> None:
    """What runs before the version is known is syntax of Python 3.4, and evaluates no newer annotation."""
    tree = ast.parse((ROOT / name).read_text(encoding="ascii"), feature_version=(3, 4))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Starred, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, too_new)]
    annotations = [
        node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation
    ]
    assert all(isinstance(annotation, ast.Constant | ast.Name) for annotation in annotations)


@pytest.mark.parametrize("name", [*OLD_SYNTAX, "app/set_up.py"])
def test_set_up_needs_nothing_but_the_standard_library(name: str) -> None:
    """Nothing is imported at the top that a bare Python lacks."""
    body = ast.parse((ROOT / name).read_text(encoding="utf-8")).body
    plain = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module or "" for node in body if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in plain | named} <= sys.stdlib_module_names


def test_an_old_python_gets_one_sentence(clone: Path) -> None:
    """An old Python is told what is needed, in one line without a traceback."""
    done = start(clone, "-c", AS_ANOTHER.format("sys.version_info = (3, 8, 18, 'final', 0)"))
    assert done.returncode == 3
    assert re.fullmatch(r"The course needs Python 3\.11 or newer, .+\n", done.stderr)


@pytest.mark.parametrize(
    "arguments", [[], ["check", "first-endpoint", "--dir", "my folder/Ü", "$HOME"], ["--help"]]
)
def test_a_second_start_is_the_command_line(clone: Path, arguments: list[str]) -> None:
    """With a finished environment the arguments go to `course` as they are, and nothing is printed."""
    pretend_finished(clone, testing=False)
    done = start(clone, "-m", "app", *arguments)
    assert done.stdout.splitlines() == ["-m", "app.cli", *arguments]
    assert (done.returncode, done.stderr) == (0, "")


def test_the_test_command_runs_the_steps(clone: Path) -> None:
    """`test` goes to the steps in tests/, with the arguments for pytest."""
    pretend_finished(clone, testing=True)
    assert start(clone, "-m", "app", "test", "-k", "a b").stdout.splitlines() == ["-m", "tests", "-k", "a b"]


def test_an_environment_for_the_tests_serves_the_course(clone: Path) -> None:
    """What the tests need holds what the course needs, and not the other way round."""
    pretend_finished(clone, testing=True)
    assert set_up.is_ready(clone, testing=False)
    set_up.write_stamp(clone, testing=False)
    assert not set_up.is_ready(clone, testing=True)


@pytest.mark.parametrize(
    "change", ["pyproject.toml", "constraints.txt", "python", "folder", "stamp", "course", "node"]
)
def test_a_change_of_what_set_up_depends_on_sets_up_again(
    clone: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pins, the package, the Python, the folder, Node, a lost stamp or command: each makes .venv stale."""
    pretend_finished(clone, testing=False)
    assert set_up.is_ready(clone, testing=False)
    stamp = clone / ".venv" / set_up.STAMP
    if change.endswith((".toml", ".txt")):
        with (clone / change).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    elif change in ("python", "folder"):
        stamp.write_text(json.dumps({**set_up.read_stamp(clone), change: "another"}), encoding="utf-8")
    elif change == "node":
        there = shutil.which("node")
        monkeypatch.setattr(set_up.shutil, "which", lambda name, path=None: None if there else name)
    else:
        (stamp if change == "stamp" else set_up.scripts(clone) / change).unlink()
    assert not set_up.is_ready(clone, testing=False)


def test_a_python_without_ensurepip_names_the_package(clone: Path) -> None:
    """Debian's Python without python3-venv gets one line that says what to install, and no .venv."""
    done = start(clone, "-c", AS_ANOTHER.format("sys.modules['ensurepip'] = None"))
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].endswith("apt install python3-venv")
    assert "Traceback" not in done.stderr
    assert not (clone / ".venv").exists()


def test_an_unreachable_registry_leaves_nothing_behind(clone: Path) -> None:
    """One line says that the registry does not answer, names no host, and the new .venv is gone."""
    done = start(clone, "-m", "app", PIP_INDEX_URL="http://127.0.0.1:1/simple")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("Set-up ended early. The package registry does not answer")
    assert "127.0.0.1" not in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in clone.iterdir()) == ["app", "constraints.txt", "pyproject.toml"]


def test_an_update_that_cannot_start_keeps_the_environment_that_works(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline, a new pin is reported, and the environment from before stays as it was, stamp included."""
    pretend_finished(clone, testing=False)
    stamp = set_up.read_stamp(clone)
    failing = "#!/bin/sh\necho 'WARNING: Retrying (Retry(total=1))'; exit 1\n"
    (set_up.scripts(clone) / "python").write_text(failing, encoding="utf-8")
    with (clone / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write("# a new pin\n")
    with pytest.raises(set_up.SetUpError, match="registry does not answer"):
        set_up.set_up(clone, testing=False)
    assert set_up.read_stamp(clone) == stamp


def test_an_update_that_breaks_off_leaves_no_environment(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once pip has begun to change an environment, a failure removes it: the next start makes a whole one."""
    pretend_finished(clone, testing=False)
    failing = "#!/bin/sh\necho 'Installing collected packages: flask'; echo 'ERROR: odd thing'; exit 1\n"
    (set_up.scripts(clone) / "python").write_text(failing, encoding="utf-8")
    with (clone / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write("# a new pin\n")
    with pytest.raises(set_up.SetUpError, match="odd thing"):
        set_up.set_up(clone, testing=False)
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_set_up_leaves_nothing_behind(
    clone: Path, silent_registry: socket.socket, number: signal.Signals
) -> None:
    """Ctrl-C, a plain kill and a closed terminal end set-up at once, with one line and without .venv."""
    index = f"http://127.0.0.1:{silent_registry.getsockname()[1]}/simple"
    with subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=clone,
        env={**os.environ, **NOWHERE, "PIP_INDEX_URL": index},
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        connection, _ = silent_registry.accept()
        assert (clone / ".venv").exists()
        started.send_signal(number)
        _, said = started.communicate(timeout=30)
        connection.close()
    assert started.returncode == 130
    assert said.splitlines()[-1] == "Stopped. The next start sets up again."
    assert "Traceback" not in said
    assert not (clone / ".venv").exists()


def test_two_starts_set_up_once(clone: Path) -> None:
    """The second of two starts waits for the first, and then finds the work done."""
    pretend_finished(clone, testing=False)
    (clone / ".venv" / set_up.STAMP).unlink()
    hold = "from app import set_up as s\nwith s._alone(s.checkout()): print('held', flush=True); input()"
    wait = "from app import set_up; set_up.set_up(set_up.checkout(), False)"
    with in_the_clone(clone, hold) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with in_the_clone(clone, wait) as waiter:
            assert waiter.stdout is not None
            assert "waiting" in waiter.stdout.readline()
            set_up.write_stamp(clone, testing=False)
            holder.communicate("done\n", timeout=30)
            assert waiter.communicate(timeout=30) == ("", None)
    assert waiter.returncode == 0


def in_the_clone(clone: Path, code: str) -> subprocess.Popen[str]:
    """Start code in the clone, with its output and its errors in one pipe."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen([sys.executable, "-c", code], cwd=clone, text=True, **pipes)


def test_the_path_line_works_in_any_folder(clone: Path) -> None:
    """The printed line puts `course` on the PATH, also from a folder whose name a shell would read."""
    pretend_finished(clone, testing=False)
    line = set_up.path_line(set_up.scripts(clone))
    done = subprocess.run(
        ["sh", "-c", f"{line}; command -v course"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(set_up.scripts(clone) / "course")
