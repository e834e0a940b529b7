"""Opening: durable settings, versions, damage, URLs."""

import sqlite3
from pathlib import Path

import pytest

from app.errors import CourseError, UsageError
from app.store.database import SCHEMA_VERSION, open_database
from app.store.store import Store, open_store
from tests.store.samples import start


def test_sqlite_is_set_to_survive(store: Store) -> None:
    """The settings that durability rests on hold on every connection."""
    with store._database.reading() as session:
        connection = session.connection()
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}


def test_progress_is_there_after_opening_again(tmp_path: Path) -> None:
    """What one process stored the next one reads."""
    first = open_store("", tmp_path)
    first.steps.mark_read("raw-bytes", "2026-01-01")
    first.close()
    second = open_store("", tmp_path)
    assert second.steps.read_lessons() == {"raw-bytes"}
    second.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    """Progress is nobody else's business."""
    open_store("", tmp_path / "home").close()
    assert (tmp_path / "home" / "progress.db").stat().st_mode & 0o077 == 0


def test_a_database_elsewhere_is_used_when_a_url_says_so(tmp_path: Path) -> None:
    """COURSE_DATABASE wins over the home."""
    store = open_store(f"sqlite:///{tmp_path}/elsewhere.db", tmp_path / "home")
    store.steps.mark_read("raw-bytes", "2026-01-01")
    store.close()
    assert (tmp_path / "elsewhere.db").stat().st_size > 0
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["with space", "100%", "what?", "a#b", "é"])
def test_any_home_works(tmp_path: Path, name: str) -> None:
    """Characters that mean something in a URL mean nothing in a folder's name."""
    open_store("", tmp_path / name).close()
    assert (tmp_path / name / "progress.db").is_file()


def test_a_newer_database_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    """An old course never writes into tables that it does not know."""
    open_store("", tmp_path).close()
    path = tmp_path / "progress.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (SCHEMA_VERSION + 1,))
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CourseError, match="newer course") as raised:
        open_store("", tmp_path)
    assert "Update the course" in raised.value.advice
    assert path.read_bytes() == before


def test_a_damaged_database_is_told_in_words_and_left_alone(tmp_path: Path) -> None:
    """A file that is no database is neither overwritten nor deleted."""
    path = tmp_path / "progress.db"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(CourseError, match="is damaged") as raised:
        open_store("", tmp_path)
    assert "Move it aside" in raised.value.advice
    assert path.read_bytes() == b"this is no database" * 500


@pytest.mark.parametrize("url", ["nonsense://x", "postgresql+nodriver://x/y", "sqlite+"])
def test_a_url_that_can_not_be_used_names_the_setting(url: str) -> None:
    """The message says COURSE_DATABASE."""
    with pytest.raises(UsageError, match="COURSE_DATABASE"):
        open_database(url)


def test_an_error_within_a_transaction_changes_nothing(store: Store) -> None:
    """A second run of the same name is refused, and what came before it in the transaction with it."""
    store.runs.begin(start())
    with pytest.raises(CourseError):
        store.runs.begin(start(exercise="other"))
    assert [row.step for row in store.steps.worked_on()] == ["first-endpoint"]


def test_a_busy_database_is_told_in_words(tmp_path: Path) -> None:
    """After the timeout the learner reads that nothing was changed."""
    store = open_store("", tmp_path)
    holder = sqlite3.connect(tmp_path / "progress.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with store._database.reading() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=1")
    with pytest.raises(CourseError, match="busy"):
        store.steps.mark_read("raw-bytes", "2026-01-01")
    holder.execute("ROLLBACK")
    holder.close()
    store.steps.mark_read("raw-bytes", "2026-01-01")
    store.close()


def test_a_full_disk_is_told_in_words_and_loses_nothing(store: Store) -> None:
    """What was stored before stays; when there is room again, everything goes on."""
    store.steps.mark_read("raw-bytes", "2026-01-01")
    with store._database.reading() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(CourseError, match="full") as raised:
        store.runs.begin(start(folder="x" * 100_000))
    assert "free space" in raised.value.advice
    with store._database.reading() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count=100000")
    store.runs.begin(start(folder="x" * 100_000))
    assert store.steps.read_lessons() == {"raw-bytes"}
