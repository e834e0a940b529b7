"""Databases that are locked for a while, in both of SQLite's journal modes."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.checks.storage import Storage

WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    print(connection.execute("SELECT COUNT(*) FROM notes").fetchone()[0])
    connection.execute("INSERT INTO notes VALUES ('more')")
    print("written")
except sqlite3.OperationalError as error:
    print(error)
"""

KEEP_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = wal")
connection.execute("CREATE TABLE notes (text)")
print("open", flush=True)
sys.stdin.read()
connection.close()
"""


def another_process_writes(database: Path) -> list[str]:
    """Return what a process printed that reads the database, then writes to it without waiting."""
    command = [sys.executable, "-c", WRITE, str(database)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_nobody_writes_while_it_is_locked(tmp_path: Path, mode: str) -> None:
    """While the block runs others can read and not write; afterwards they can do both."""
    database = tmp_path / "kept" / "notes.db"
    database.parent.mkdir()
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        opened.execute(f"PRAGMA journal_mode = {mode}")
        opened.execute("CREATE TABLE notes (text)")
        opened.execute("INSERT INTO notes VALUES ('one')")
        with Storage(tmp_path).locked():
            assert another_process_writes(database) == ["1", "database is locked"]
        assert another_process_writes(database) == ["1", "written"]


def test_the_lock_outlives_the_last_connection(tmp_path: Path) -> None:
    """With WAL the locked file would go with the last connection; while it is locked, it stays."""
    database = tmp_path / "notes.db"
    command = [sys.executable, "-c", KEEP_OPEN, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with Storage(tmp_path).locked():
            process.communicate("close")
            for _ in range(2):
                assert another_process_writes(database) == ["0", "database is locked"]
    assert another_process_writes(database) == ["0", "written"]


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """Folders, links, pipes and other files in $DATA_DIR disturb nothing and stay as they are."""
    outside = tmp_path / "outside"
    outside.write_text("not to be touched")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "nowhere").symlink_to(tmp_path / "missing")
    (folder / "notes.txt").write_text("a note")
    os.mkfifo(folder / "pipe")
    with Storage(folder).locked():
        assert (folder / "notes.txt").read_text() == "a note"
    assert sorted(path.name for path in folder.iterdir()) == ["link", "notes.txt", "nowhere", "pipe"]
