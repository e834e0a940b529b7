"""Progress of an older course: opened, nothing is lost; several at once; interrupted in the middle."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from app.store import database
from app.store.migrations import SCHEMA_VERSION
from app.store.store import Store, open_store
from tests.store.samples import answer, attempt, revision

FIRST = (
    "CREATE TABLE schema_version (version INTEGER NOT NULL, PRIMARY KEY (version))",
    "CREATE TABLE attempts (id VARCHAR(200) NOT NULL, quiz VARCHAR(200) NOT NULL, seed VARCHAR NOT NULL, "
    "questions JSON NOT NULL, created_at VARCHAR NOT NULL, PRIMARY KEY (id))",
    "CREATE TABLE question_revisions (question VARCHAR(200) NOT NULL, key_hash VARCHAR(200) NOT NULL, "
    "text_hash VARCHAR(200) NOT NULL, body JSON NOT NULL, PRIMARY KEY (question, key_hash, text_hash))",
    "CREATE TABLE answers (attempt VARCHAR(200) NOT NULL, question VARCHAR(200) NOT NULL, "
    "try_number INTEGER NOT NULL, chosen JSON NOT NULL, shown JSON NOT NULL, key_hash VARCHAR(200) NOT NULL, "
    "text_hash VARCHAR(200) NOT NULL, hints_seen INTEGER NOT NULL, seconds DOUBLE, score DOUBLE NOT NULL, "
    "correct BOOLEAN NOT NULL, rule VARCHAR NOT NULL, answered_at VARCHAR NOT NULL, "
    "PRIMARY KEY (attempt, question, try_number), FOREIGN KEY(question, key_hash, text_hash) REFERENCES "
    "question_revisions (question, key_hash, text_hash), FOREIGN KEY(attempt) REFERENCES attempts (id))",
    "INSERT INTO schema_version VALUES (1)",
    "INSERT INTO attempts VALUES ('attempt-1', 'one-delivery', '3', '[\"q1\", \"q2\"]', "
    "'2026-01-01T00:00:00.000000+00:00')",
    "INSERT INTO question_revisions VALUES ('q1', 'k1', 't1', '{\"stem\": \"?\"}')",
    "INSERT INTO answers VALUES ('attempt-1', 'q1', 1, '[\"b\"]', '[\"b\", \"a\", \"c\"]', 'k1', 't1', 1, "
    "4.5, 1.0, 1, 'single_choice', '2026-01-01T00:00:04.000000+00:00')",
)
"""The quiz tables of the first version, with one answer."""


def first_version(home: Path) -> Path:
    """A progress.db as the first version left it."""
    home.mkdir(exist_ok=True)
    path = home / "progress.db"
    with sqlite3.connect(path) as connection:
        for statement in FIRST:
            connection.execute(statement)
    connection.close()
    return path


def holds_the_answer(store: Store) -> bool:
    """Whether the old answer is there, whole, and a new one finds its place."""
    kept = store.attempts.answers("attempt-1")[:1] == (answer(),)
    kept = kept and store.attempts.find("attempt-1") == attempt()
    store.attempts.add_answer(attempt(), revision("q2"), answer("q2", confidence="mid"))
    return kept and store.attempts.answers("attempt-1")[-1].confidence == "mid"


def test_an_older_database_keeps_every_answer(tmp_path: Path) -> None:
    """Opening renews the tables, once; every value of the old answer is the same."""
    first_version(tmp_path)
    for _ in range(2):
        store = open_store("", tmp_path)
        assert holds_the_answer(store)
        assert store.export()["version"] == SCHEMA_VERSION
        store.close()


def test_renewed_tables_are_those_of_a_new_database(tmp_path: Path) -> None:
    """Every table has the same columns, in the same order, whichever way it came about."""
    first_version(tmp_path / "old")
    found = []
    for home in ("old", "new"):
        open_store("", tmp_path / home).close()
        engine = create_engine(f"sqlite:///{tmp_path}/{home}/progress.db")
        inspector = inspect(engine)
        found.append(
            {
                table: [(column["name"], column["nullable"]) for column in inspector.get_columns(table)]
                for table in inspector.get_table_names()
            }
        )
        engine.dispose()
    assert found[0] == found[1]


def test_several_that_open_at_once_renew_it_once(tmp_path: Path) -> None:
    """The site and a terminal may start at the same moment."""
    first_version(tmp_path)
    together, kept = threading.Barrier(4), []

    def start() -> None:
        together.wait()
        store = open_store("", tmp_path)
        kept.append(store.attempts.answers("attempt-1")[:1] == (answer(),))
        store.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept == [True] * 4


def test_an_interrupted_renewal_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or none: what fails in the middle leaves the first version, which opens later."""
    path = first_version(tmp_path)
    broken = {1: (*database.STATEMENTS[1], "this is no SQL")}
    monkeypatch.setattr(database, "STATEMENTS", broken)
    with pytest.raises(Exception, match="syntax error"):
        open_store("", tmp_path)
    with sqlite3.connect(path) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(attempts)")]
        assert columns == ["id", "quiz", "seed", "questions", "created_at"]
        assert connection.execute("SELECT version FROM schema_version").fetchone() == (1,)
    connection.close()
    monkeypatch.undo()
    store = open_store("", tmp_path)
    assert holds_the_answer(store)
    store.close()


def test_an_export_of_the_first_version_is_read(store: Store) -> None:
    """Rows without the newer fields get what they meant then."""
    row = {**vars(answer()), "chosen": ["b"], "shown": ["b", "a", "c"]}
    old = {
        "format": "webhook-course-progress",
        "version": 1,
        "tables": {
            "attempts": [{name: value for name, value in vars(attempt()).items() if name not in NEWER}],
            "question_revisions": [vars(revision())],
            "answers": [{name: value for name, value in row.items() if name not in NEWER}],
        },
    }
    assert store.add(json.loads(json.dumps(old))) == 3
    assert holds_the_answer(store)


NEWER = ("kind", "retake_of", "confidence", "rescored")
