"""A fetch of Node or Express that fails, is interrupted, killed or done twice leaves nothing half made."""

import threading
from pathlib import Path

import pytest

from app.checks import javascript
from app.checks.toolchains import is_ready
from app.checks.waiting import wait_for
from app.errors import CourseFault
from tests.checks.javascript_machine import OFFLINE, Machine

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


def test_an_interrupted_fetch_leaves_nothing_and_can_be_repeated(machine: Machine) -> None:
    """A cancelled run ends pip and all that it started, and removes its draft."""
    cancel = threading.Event()
    machine.has_pip(f"echo $$ > {machine.root}/pid; exec sleep 600")
    machine.has_npm()

    def interrupt() -> None:
        assert wait_for((machine.root / "pid").exists, 60)
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
    assert wait_for(lambda: any(says.startswith("Another course") for says, _ in machine.said), 60)
    (machine.root / "go").touch()
    for thread in threads:
        thread.join()
    assert (len(machine.calls("pip")), len(machine.calls("npm"))) == (1, 1)
    assert is_ready("javascript", machine.data)
