"""Being told of an end, a file and a cancellation, instead of looking again and again."""

import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.checks import noticing
from app.checks.cancel import Cancel
from app.checks.noticing import wait_for_exit, wait_in_folder
from app.checks.printed import Printed


@pytest.fixture(params=["told", "asked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways: where the system tells, and where it does not."""
    if request.param == "asked":
        monkeypatch.setattr(noticing, "sys", SimpleNamespace(platform="elsewhere"))
        monkeypatch.setattr(noticing, "open_end", lambda process: None)


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that ends when its standard input does."""
    command = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process


@pytest.mark.usefixtures("way")
def test_the_end_of_a_process_is_waited_for(child: "subprocess.Popen[bytes]") -> None:
    """One that runs is still there when the time is over; one that has ended is seen, also a second time."""
    assert not wait_for_exit(child, 0.01)
    assert child.stdin is not None
    threading.Timer(0.01, child.stdin.close).start()
    assert wait_for_exit(child, 20)
    assert child.returncode == 0
    assert wait_for_exit(child, 0)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("how", ["made", "moved there"])
def test_a_file_that_appears_is_noticed(tmp_path: Path, how: str) -> None:
    """A condition on a folder's files is looked at when one comes; files that say nothing change nothing."""
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.touch()
    wanted = folder / "wanted"

    def come() -> None:
        (folder / "other").touch()
        if how == "made":
            wanted.touch()
        else:
            elsewhere.rename(wanted)

    assert not wait_in_folder(folder, wanted.exists, 0.01)
    threading.Timer(0.01, come).start()
    assert wait_in_folder(folder, wanted.exists, 20)
    assert wait_in_folder(folder, wanted.exists, 0), "what is there already is not waited for"


@pytest.mark.usefixtures("way")
def test_a_folder_that_is_gone_is_waited_for_in_vain(tmp_path: Path) -> None:
    """A program can't break the wait by taking the folder away."""
    assert not wait_in_folder(tmp_path / "gone", (tmp_path / "gone" / "file").exists, 0.01)


def test_waiting_leaves_no_descriptor(tmp_path: Path, child: "subprocess.Popen[bytes]") -> None:
    """However it ends."""
    before = len(list(Path("/proc/self/fd").glob("*")))
    for _ in range(3):
        wait_in_folder(tmp_path, lambda: False, 0.001)
        wait_in_folder(tmp_path / "gone", lambda: False, 0.001)
        wait_for_exit(child, 0.001)
        with Cancel().waking():
            pass
    after = len(list(Path("/proc/self/fd").glob("*")))
    assert after == before


def test_a_cancellation_wakes_whoever_waits() -> None:
    """Before, while and again: each waiting place sees it on its own descriptor."""
    cancel = Cancel()
    with cancel.waking() as one, cancel.waking() as other:
        assert not select.select([one, other], [], [], 0)[0]
        threading.Timer(0.01, cancel.end, ["Enough."]).start()
        assert select.select([one], [], [], 20)[0] == [one]
        assert select.select([other], [], [], 20)[0] == [other]
    with cancel.waking() as late:
        assert select.select([late], [], [], 0)[0] == [late]
    cancel.end("Too late.")
    assert cancel.reason == "Enough."


def test_nobody_waits_for_the_words_of_a_program_that_has_ended() -> None:
    """An end wakes who waits for more; the next start is waited for again."""
    printed = Printed()
    printed.add("stdout", "one")
    threading.Timer(0.01, printed.end).start()
    printed.wait_for_more(1, 20)
    assert printed.since(0) == {"stdout": "one", "stderr": ""}
    place = printed.begin()
    threading.Timer(0.01, printed.add, ["stderr", "two"]).start()
    printed.wait_for_more(place, 20)
    assert printed.since(place) == {"stdout": "", "stderr": "two"}
