"""SIGKILL in the middle of saving a file."""

import random
import subprocess
import sys
import time
from pathlib import Path

from app.learning.files import read_plain

WRITER = """
import sys
from pathlib import Path
from app.learning.files import write_whole

path, size = Path(sys.argv[1]), 200_000
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_whole(path, bytes([letter]) * size, workroom=path.parent.parent)
"""

SECONDS_IN_ALL = 3.0


def test_a_killed_save_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """At whatever moment the writer is killed, the file is whole and never empty or mixed."""
    moment = random.Random(20260102)  # noqa: S311 - a repeatable choice of moments
    folder = tmp_path / "python"
    folder.mkdir()
    path = folder / "receiver.py"
    path.write_bytes(b"b" * 200_000)
    whole = {b"a" * 200_000, b"b" * 200_000}
    began, seen, rounds = time.monotonic(), set(), 0
    while seen != whole or (rounds < 20 and time.monotonic() - began < SECONDS_IN_ALL):
        rounds += 1
        kill_after(path, moment.uniform(0.0, 0.05))
        content = read_plain(path)
        assert content in whole
        seen.add(content)
        assert rounds < 200, "the writer must have written, or this proves nothing"
    assert [each.name for each in folder.iterdir()] == ["receiver.py"]


def kill_after(path: Path, seconds: float) -> None:
    """Let a writer save for some time, then kill it."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        try:
            writer.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            writer.kill()
