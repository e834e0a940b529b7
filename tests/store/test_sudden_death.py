"""SIGKILL at any moment."""

import contextlib
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from app.store.store import open_store

WRITER = """
import sys
from pathlib import Path
from app.store.store import open_store
from tests.store.samples import answer, attempt, end, revision, start

store = open_store("", Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    number += 1
    store.runs.begin(start(f"run-{number}"))
    print(f"begun run-{number}", flush=True)
    store.runs.finish(f"run-{number}", end())
    print(f"finished run-{number}", flush=True)
    store.attempts.add_answer(attempt(), revision(f"q{number}"), answer(f"q{number}"))
    print(f"answered q{number}", flush=True)
"""

ROUNDS = 8
SECONDS_IN_ALL = 6.0
ROOT = Path(__file__).parents[2]


def test_no_acknowledged_row_is_lost_by_sigkill(tmp_path: Path) -> None:
    """A writer is killed at random moments, again and again: what it acknowledged is there."""
    moment = random.Random(20260101)  # noqa: S311 - a repeatable choice of moments
    acknowledged: list[str] = []
    began = time.monotonic()
    rounds = 0
    while rounds < 2 or (rounds < ROUNDS and time.monotonic() - began < SECONDS_IN_ALL):
        acknowledged += lines_until_killed(tmp_path, 10_000 * rounds, moment.uniform(0.0, 0.15))
        rounds += 1
    assert len(acknowledged) >= rounds, "the writer must have written, or this proves nothing"
    assert integrity(tmp_path / "progress.db") == "ok"
    assert lost(tmp_path, acknowledged) == []


def lines_until_killed(home: Path, first: int, after: float) -> list[str]:
    """Let a writer write for some time, kill it, and return what it acknowledged."""
    command = [sys.executable, "-c", WRITER, str(home), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        first_line = writer.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            writer.wait(timeout=after)
        writer.kill()
        said = first_line + writer.stdout.read()
    # The line that the kill cut in two was not acknowledged.
    return [line for line in said.splitlines(keepends=True) if line.endswith("\n")]


def integrity(path: Path) -> str:
    """What SQLite says about the file."""
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def lost(home: Path, acknowledged: list[str]) -> list[str]:
    """The acknowledged lines that the store knows nothing of."""
    store = open_store("", home)
    finished = {f"finished {run.id}\n" for run in store.runs.summaries()}
    answered = {f"answered {row.question}\n" for row in store.attempts.all_answers()}
    begun = {line for line in acknowledged if line.startswith("begun") and store.runs.find(line.split()[1])}
    for run in store.runs.summaries():
        assert store.runs.results(run.id), "a run and its results are stored together"
    store.close()
    return sorted(set(acknowledged) - finished - answered - begun)
