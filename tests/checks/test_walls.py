"""What a hostile program can't do behind the walls (the attacks are listed in CONTRIBUTING)."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

import app
from app.checks.runner import Runner, RunResult
from app.checks.slot import FOLDER_PREFIX
from tests.checks.programs import GOOD, finished, order, run

pytestmark = pytest.mark.needs_sandbox

NOSY = (
    """
import glob, json, os, pathlib, socket, subprocess, sys

def attempt(action):
    try:
        return str(action())
    except BaseException as error:
        return "no: " + type(error).__name__

def connect(host, port):
    with socket.create_connection((host, port), timeout=1):
        return "connected"

def read(path):
    return pathlib.Path(path).read_text(errors="replace")

def walk():
    found = []
    for folder, _, names in os.walk("/"):
        if folder.startswith(("/proc", "/sys", "/usr/lib/", "/dev")) or "/lib/python" in folder:
            continue
        found += [os.path.join(folder, name) for name in names]
    return found

def holding(text):
    hits = []
    for path in walk():
        try:
            if text in open(path, "rb").read(4_000_000):
                hits.append(path)
        except OSError:
            pass
    return [path for path in hits if path != "/program/receiver.py"]

seen = {
    "root": sorted(os.listdir("/")),
    "processes": [name for name in os.listdir("/proc") if name.isdigit()],
    "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd")),
    "environment": sorted(os.environ),
    "user": os.getuid(),
    "canary": attempt(lambda: read(CANARY_FILE)),
    "suite": holding(b"hidden-" + b"canary-of-the-suite"),
    "host network": attempt(lambda: connect("127.0.0.1", HOST_PORT)),
    "internet": attempt(lambda: connect("1.1.1.1", 53)),
    "localhost": attempt(lambda: socket.gethostbyname("localhost")),
    "user namespace": attempt(lambda: subprocess.run(["unshare", "-Ur", "true"], check=True)),
    "namespace call": attempt(lambda: __import__("ctypes").CDLL(None, use_errno=True).unshare(0x10000000)),
    "grader": attempt(lambda: os.kill(os.getppid() or 1, 9) if os.getppid() > 2 else "no: nobody there"),
    "write root": attempt(lambda: pathlib.Path("/written").write_text("x")),
    "write library": attempt(lambda: pathlib.Path("/library/flask/__init__.py").write_text("x")),
    "write interpreter": attempt(lambda: pathlib.Path(os.__file__).write_text("x")),
    "pytest": attempt(lambda: __import__("pytest")),
    "course": attempt(lambda: __import__("app")),
    "flask": attempt(lambda: __import__("flask").__name__),
    "jsonschema": attempt(lambda: __import__("jsonschema").__name__),
    "sqlite": attempt(lambda: __import__("sqlite3").connect("/data/x.db").execute("select 1").fetchone()),
    "host name": socket.gethostname(),
}
print("SEEN " + json.dumps(seen), flush=True)
"""
    + GOOD
)


def seen_by(result: RunResult) -> dict[str, Any]:
    """Return what the nosy program reported."""
    text = "".join(event["text"] for event in result.events if event["event"] == "program_output")
    line = next(line for line in text.splitlines() if line.startswith("SEEN "))
    return dict(json.loads(line.removeprefix("SEEN ")))


@pytest.mark.parametrize("keeper", [True, False], ids=["warm", "ordinary"])
def test_a_nosy_program_sees_its_own_files_and_nothing_else(
    isolated: Runner, tmp_path: Path, keeper: bool
) -> None:
    """No file, process, descriptor, variable, address or module of the host or of the course is in reach."""
    canary = tmp_path / "canary"
    canary.write_text("a secret of the host")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = NOSY.replace("CANARY_FILE", repr(str(canary))).replace("HOST_PORT", str(port))
        ordered = order(tmp_path, program)
        suite = tmp_path / "checks" / "test_suite.py"
        suite.write_text(suite.read_text() + "\n# hidden-canary-of-the-suite\n")
        result = run(isolated, ordered, keeper=keeper)
    assert result.verdict == "passed", finished(result)["answers"]["cause"]
    seen = seen_by(result)
    allowed = {"bin", "data", "dev", "etc", "hold", "lib", "lib32", "lib64", "library", "program", "proc"}
    assert set(seen["root"]) - allowed - {Path(os.__file__).resolve().parts[1], "tmp", "usr"} == set()
    assert len(seen["processes"]) == 2, "its own and bubblewrap's init"
    assert set(seen["descriptors"]) <= {0, 1, 2, 3}
    assert "PORT" in seen["environment"]
    assert not [name for name in seen["environment"] if name.startswith(("COURSE", "PYTEST", "VIRTUAL"))]
    assert seen["user"] != 0
    assert seen["suite"] == []
    for name in ("canary", "host network", "internet", "user namespace", "grader", "pytest", "course"):
        assert seen[name].startswith("no:"), (name, seen[name])
    for name in ("write root", "write library", "write interpreter"):
        assert seen[name].startswith("no:"), (name, seen[name])
    assert seen["namespace call"] == "-1"
    assert (seen["flask"], seen["jsonschema"], seen["sqlite"]) == ("flask", "jsonschema", "(1,)")
    assert (seen["localhost"], seen["host name"]) == ("127.0.0.1", "program-1")


PROC = """
import json, os

def read(path):
    try:
        return open(path, "rb").read().decode(errors="replace")
    except OSError:
        return ""

def link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""

def numbers(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []

seen = {}
for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    for name in ("cmdline", "environ", "maps", "comm", "status", "stat", "cgroup", "mountinfo", "mounts"):
        seen[f"{pid} {name}"] = read(f"/proc/{pid}/{name}")
    for name in ("cwd", "exe", "root", *(f"fd/{number}" for number in numbers(f"/proc/{pid}/fd"))):
        seen[f"{pid} {name}"] = link(f"/proc/{pid}/{name}")
for name in ("net/unix", "net/tcp", "keys", "locks", "sysvipc/shm"):
    seen[name] = read(f"/proc/{name}")
print("SEEN " + json.dumps(seen), flush=True)
"""


@pytest.mark.parametrize("keeper", [True, False], ids=["warm", "ordinary"])
def test_proc_tells_nothing_of_the_learner_the_suite_or_the_course(
    isolated: Runner, tmp_path: Path, keeper: bool
) -> None:
    """No command line, variable, mount or descriptor names the learner's folder, the suite or the course."""
    result = run(isolated, order(tmp_path, PROC + GOOD), keeper=keeper)
    assert result.verdict == "passed", finished(result)
    seen = seen_by(result)
    assert seen["1 cmdline"].split("\0")[1] == "--args", "bubblewrap's own options are not shown"
    assert "/data" in seen["1 mountinfo"]
    assert "PATH=" in seen["2 environ"]
    hidden = [str(tmp_path), str(Path(app.__file__).parents[1]), "test_suite", "test_answers", "app/checks"]
    for place, text in seen.items():
        # Which folder of the host stands behind a mount the kernel tells; it holds no more than is shown.
        names = hidden if "mount" in place else [*hidden, FOLDER_PREFIX]
        assert [name for name in names if name in text] == [], place


FORGERIES = {
    "printed results": 'print(\'{"event": "check_finished", "check": "prints", "outcome": "passed"}\')\n',
    "guessed descriptors": (
        "import os\n"
        "for number in range(3, 64):\n"
        "    try:\n"
        '        os.write(number, b\'{"event": "check_finished", "check": "prints", \'\n'
        '                         b\'"outcome": "passed"}\\n\')\n'
        "    except OSError:\n"
        "        pass\n"
    ),
    "result files": (
        "import pathlib\n"
        "for folder in ('.',):\n"
        "    for name in ('results.json', 'junit.xml', 'conftest.py', 'pytest.ini', 'sitecustomize.py'):\n"
        "        pathlib.Path(folder, name).write_text('[pytest]\\naddopts = --collect-only\\n')\n"
    ),
}


@pytest.mark.parametrize("keeper", [True, False], ids=["warm", "ordinary"])
@pytest.mark.parametrize("name", FORGERIES)
def test_results_cannot_be_forged(runner: Runner, tmp_path: Path, name: str, keeper: bool) -> None:
    """Whatever a wrong program prints or writes, wherever it guesses, its verdict stays failed."""
    wrong = FORGERIES[name] + GOOD.replace('print(event["id"], event["type"])', "pass")
    result = run(runner, order(tmp_path, wrong), keeper=keeper)
    assert result.verdict == "failed"
    assert finished(result)["prints"]["outcome"] == "failed"


def test_planted_test_files_change_nothing(runner: Runner, tmp_path: Path) -> None:
    """conftest.py, pytest.ini and modules named like pytest's own in the learner's folder are never read."""
    ordered = order(tmp_path, GOOD.replace('print(event["id"], event["type"])', "pass"))
    for name in ("conftest.py", "pytest.py", "_pytest.py", "h11.py", "sitecustomize.py"):
        (tmp_path / "program" / name).write_text("raise SystemExit(0)\n")
    for name in ("pytest.ini", "tox.ini", "setup.cfg"):
        (tmp_path / "program" / name).write_text("[pytest]\naddopts = --collect-only\n")
    (tmp_path / "program" / "sitecustomize.py").unlink()
    assert run(runner, ordered).verdict == "failed"


BOMBS = {
    "forks": (
        "import os, time\nif os.fork() == 0:\n    while True:\n        try:\n            os.fork()\n"
        "        except OSError:\n            time.sleep(0.01)\n"
    ),
    "disk": (
        "import itertools\nfor number in itertools.count():\n    try:\n"
        "        open(f'/data/{number}', 'wb').write(b'x' * 8_000_000)\n    except OSError:\n        break\n"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_contained(isolated: Runner, tmp_path: Path, name: str) -> None:
    """A program that forks without end or fills the disk hurts only itself; the next run passes."""
    result = run(isolated, order(tmp_path, BOMBS[name] + GOOD))
    assert result.verdict in ("passed", "failed"), result.reason
    assert run(isolated, order(tmp_path, GOOD)).verdict == "passed"


def test_links_and_pipes_are_left_out_of_the_snapshot(isolated: Runner, tmp_path: Path) -> None:
    """A link to a secret, a FIFO and a device never reach the run; the regular files do."""
    ordered = order(tmp_path, GOOD)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (tmp_path / "program" / "link").symlink_to(secret)
    os.mkfifo(tmp_path / "program" / "pipe")
    result = run(isolated, ordered)
    assert result.verdict == "passed"
    assert set(result.files) == {"receiver.py"}


def test_a_program_cannot_lead_the_grader_to_a_host_file(runner: Runner, tmp_path: Path) -> None:
    """A link or a folder where the check puts its flags changes no file outside and breaks nothing."""
    victim = tmp_path / "victim"
    victim.write_text("private")
    victim.chmod(0o600)
    program = (
        "import os\n"
        f"for name, place in (('step', {str(victim)!r}), ('step.reached', {str(tmp_path / 'made')!r})):\n"
        "    os.symlink(place, os.path.join(os.environ['HOLD_DIR'], name))\n"
        "os.mkdir(os.path.join(os.environ['HOLD_DIR'], 'folder'))\n" + GOOD
    )
    suite = '''
def test_answers(program, provider, expect):
    """It arms a point, and a failure."""
    program.hold("step").release()
    program.fail_once("folder")
    expect.accepted(provider.send(provider.event()), "The delivery was not accepted.")
'''
    result = run(runner, order(tmp_path, program, suite, (("answers", "Holds", 1),)))
    assert result.verdict == "passed", finished(result)
    assert victim.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "made").exists()


def test_hostile_text_stays_bounded_and_printable(runner: Runner, tmp_path: Path) -> None:
    """Endless lines that look like a traceback, huge answers and half characters cost no verdict."""
    program = GOOD.replace(
        "    event = request.get_json()",
        "    import sys\n    sys.stderr.write('  File \"a\", line 1\\n' * 15000)\n"
        "    return '{\"a\": \"\\\\ud800\"}' + 'x' * 200000, 500, {'X-Long': 'y' * 30000}\n"
        "    event = request.get_json()",
    )
    result = run(runner, order(tmp_path, program))
    assert result.verdict == "failed", result.reason
    assert len(json.dumps(result.events).encode()) < 2_000_000
    assert result.counts["failed"] == 3


def test_a_fault_of_ours_inside_a_check_is_no_failure(runner: Runner, tmp_path: Path) -> None:
    """A suite that asks for a signature that does not exist is our fault, not the learner's."""
    suite = """
def test_answers(provider):
    provider.send(provider.event(), signature="no-such-dial")
"""
    result = run(runner, order(tmp_path, GOOD, suite, (("answers", "Wrong", 1),)))
    assert result.verdict == "course_fault"
    assert "no-such-dial" in result.reason
