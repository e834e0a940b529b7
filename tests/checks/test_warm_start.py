"""A program that a waiting interpreter becomes can't tell it from an ordinary start."""

import json
import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.checks.processes import descendants
from app.checks.runner import Runner, RunResult
from app.checks.slot import Slot
from app.checks.waiting import wait_for
from tests.checks.programs import GOOD, SUITE, finished, order

MIRROR = (
    """
import inspect, json, os, resource, signal, socket, sys, threading

def read(path):
    with open(path) as file:
        return file.read()

status = dict(line.split(":", 1) for line in read("/proc/self/status").splitlines())
facts = {
    "names": sorted(globals()),
    "main": [repr(__spec__), repr(__package__), repr(__doc__), repr(__cached__), type(__loader__).__name__],
    "builtins": type(__builtins__).__name__,
    "file": __file__,
    "argv": sys.argv,
    "orig_argv": sys.orig_argv,
    "executable": sys.executable,
    "flags": repr(sys.flags),
    "path": sys.path,
    "stdio": [sys.stdout.line_buffering, sys.stdout.write_through, sys.stdout.encoding, sys.stderr.encoding],
    "input": sys.stdin.read(),
    "environment": {n: v for n, v in sorted(os.environ.items()) if n not in ("PORT", "WEBHOOK_SECRET")},
    "own": sorted(n for n in ("PORT", "WEBHOOK_SECRET") if n in os.environ),
    "inherited": sorted(os.popen("env").read().split()) if os.path.exists("/bin/sh") else [],
    "folder": os.getcwd(),
    "files": sorted(os.listdir(".")),
    "user": [os.getuid(), os.getgid(), os.getgroups(), os.umask(0o022)],
    "host": socket.gethostname() if os.getpid() < 10 else "",
    "threads": threading.active_count(),
    "limits": {n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith("RLIMIT_")},
    "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
    "blocked": [status[n].strip() for n in ("SigBlk", "SigIgn", "SigCgt", "CapEff", "CapBnd", "NoNewPrivs")],
    "descriptors": sorted(os.listdir("/proc/self/fd")),
    "links": [os.readlink(f"/proc/self/fd/{n}").partition(":")[0] for n in (0, 1, 2)],
    "processes": len([n for n in os.listdir("/proc") if n.isdigit()]) if os.getpid() < 10 else 0,
    "mounts": [line.split()[4:6] for line in read("/proc/self/mountinfo").splitlines() if os.getpid() < 10],
    "pid": os.getpid() if os.getpid() < 10 else 0,
}
print("SEEN " + json.dumps(facts), flush=True)
"""
    + GOOD
)


def result_of(runner: Runner, folder: Path, program: str, keeper: bool, **changes: object) -> RunResult:
    """Check a program in a slot that waited, with or without a keeper, for its files."""
    ordered = order(folder, program, **changes)  # type: ignore[arg-type]
    with closing(runner.prepare("python", keeper)) as slot:
        return runner.run(ordered, lambda event: None, slot=slot)


def seen_by(result: RunResult) -> dict[str, Any]:
    """Return what the mirror printed."""
    line = next(line for line in printed_by(result).splitlines() if line.startswith("SEEN "))
    return dict(json.loads(line.removeprefix("SEEN ")))


def test_a_program_sees_the_same_from_both_starts(runner: Runner, tmp_path: Path) -> None:
    """Names, paths, environment, descriptors, limits, signals, user, mounts: all as in an ordinary start."""
    ordinary, warm = (seen_by(result_of(runner, tmp_path, MIRROR, keeper)) for keeper in (False, True))
    if runner.level == "not isolated":  # there each slot has a folder of its own
        ordinary, warm = (json.loads(json.dumps(s).replace(s["folder"], "")) for s in (ordinary, warm))
        for seen in (ordinary, warm):
            for name in ("DATA_DIR", "HOLD_DIR"):
                del seen["environment"][name]
            seen["inherited"] = [line.partition("=")[0] for line in seen["inherited"]]
    assert {"PORT", "WEBHOOK_SECRET"} <= set(warm["own"])
    for name in ordinary:
        if name in ("inherited",):
            without = [
                [line for line in seen[name] if not line.startswith(("PORT=", "WEBHOOK_SECRET="))]
                for seen in (ordinary, warm)
            ]
            assert without[0] == without[1], name
        else:
            assert warm[name] == ordinary[name], name


ENDS = {
    "error": "import flask\ndef f():\n    raise KeyError('x')\ntry:\n    f()\nfinally:\n    print('end')\n",
    "chained": "import flask\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError('other')\n",
    "syntax": "import flask\ndef broken(:\n    pass\n",
    "exit code": "import flask, sys\nsys.exit(3)\n",
    "exit text": "import flask\nraise SystemExit('told')\n",
    "own hook": "import flask, sys\nsys.excepthook = lambda *found: print(found[1])\nraise ValueError(1)\n",
    "at exit": "import atexit, flask\natexit.register(print, 'bye')\n",
    "thread": (
        "import flask, threading\nthreading.Thread(target=print, args='x').start()\nraise ValueError(1)\n"
    ),
    "signal": "import flask, os\nos.kill(os.getpid(), 11)\n",
    "hard exit": "import flask, os\nprint('said')\nos._exit(7)\n",
    "warning": "import flask\nprint(1 is 1)\n",
    "missing": "import flask, nothing_of_that_name\n",
}


@pytest.mark.parametrize("name", ENDS)
def test_a_program_ends_alike_from_both_starts(isolated: Runner, tmp_path: Path, name: str) -> None:
    """Exit code, signal, sentence, traceback and every printed word are those of an ordinary start."""
    told = []
    for keeper in (False, True):
        result = result_of(isolated, tmp_path, ENDS[name], keeper)
        check = finished(result)["answers"]
        ended = next(event for event in result.events if event["event"] == "program_exited")
        printed = {
            stream: "".join(
                e["text"] for e in result.events if e["event"] == "program_output" and e["stream"] == stream
            )
            for stream in ("stdout", "stderr")
        }
        told.append((printed, check["cause"], check["traceback"], ended["code"], ended["signal"]))
    assert told[0] == told[1]
    assert "keeper" not in str(told[1])
    assert "<string>" not in str(told[1])


SHADOWS = {
    "flask.py": "raise SystemExit('my own flask')\n",
    "json.py": "raise SystemExit('my own json')\n",
    "jinja2.py": "raise SystemExit('my own jinja2')\n",
}


@pytest.mark.parametrize("name", SHADOWS)
def test_a_file_named_like_a_loaded_module_is_imported_as_at_home(
    isolated: Runner, tmp_path: Path, name: str
) -> None:
    """The learner's own flask.py wins over the one that waits in memory."""
    ordered = order(tmp_path, GOOD)
    (tmp_path / "program" / name).write_text(SHADOWS[name])
    with closing(isolated.prepare("python")) as slot:
        check = finished(isolated.run(ordered, lambda event: None, slot=slot))["answers"]
    assert check["outcome"] == "failed"
    assert "my own" in json.dumps(check["output"])


def test_a_program_without_flask_starts_in_the_ordinary_way(isolated: Runner, tmp_path: Path) -> None:
    """What it did not import is not there, although the one that waited had it."""
    program = "import sys\nprint('LOADED', 'flask' in sys.modules, flush=True)\n"
    result = result_of(isolated, tmp_path, program.replace("'flask'", "'fla' + 'sk'"), keeper=True)
    assert "LOADED False" in printed_by(result)


def test_a_keeper_that_died_costs_nothing(isolated: Runner, tmp_path: Path) -> None:
    """Where the one that waits is gone, the program is started in the ordinary way."""
    with closing(isolated.prepare("python")) as slot:
        assert wait_for(lambda: waiting_interpreters(slot) != [], 60)
        for pid in waiting_interpreters(slot):
            os.kill(pid, signal.SIGKILL)
        assert wait_for(lambda: waiting_interpreters(slot) == [], 60)
        result = isolated.run(order(tmp_path, GOOD), lambda event: None, slot=slot)
    assert result.verdict == "passed", result.reason


def test_only_the_first_start_is_a_warm_one(isolated: Runner, tmp_path: Path) -> None:
    """A restart is a fresh wall with a name of its own, and judges alike."""
    program = "import socket\nprint('HOST', socket.gethostname())\n" + GOOD
    suite = SUITE.replace("def test_again(provider, expect):", "def test_again(provider, program, expect):")
    suite = suite.replace(
        '    """A second delivery is accepted."""',
        '    """A second delivery is accepted."""\n    program.restart()',
    )
    result = result_of(isolated, tmp_path, program, True, suite=suite)
    assert result.verdict == "passed", result.reason
    assert "HOST program-1" in printed_by(result)
    assert "HOST program-2" in printed_by(result)


def printed_by(result: RunResult) -> str:
    """Return all that a program printed."""
    return "".join(event["text"] for event in result.events if event["event"] == "program_output")


def waiting_interpreters(slot: Slot) -> list[int]:
    """Return the processes of the keeper behind the walls of a slot."""
    found = []
    for pid in descendants(slot._process.pid):
        try:
            words = (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"-c" in words and b"python" in words[0]:
            found.append(pid)
    return found
