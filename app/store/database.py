"""Opening the database: durable settings for SQLite, the tables, their version."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, select, text, update
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from app.errors import CourseError, UsageError
from app.store.gate import Gate
from app.store.migrations import SCHEMA_VERSION, STATEMENTS
from app.store.tables import SchemaVersion, Table

SQLITE_SETTINGS = (
    "PRAGMA journal_mode=DELETE",  # the rollback journal is durable on every SQLite in use
    "PRAGMA synchronous=FULL",  # a commit has reached the disk before it is acknowledged
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",  # the site and a terminal may write at the same moment
)


class Database:
    """Sessions that read, and sessions that write as one transaction or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(course_writes=True)
        self._turn = threading.Lock()  # one writer at a time: SQLite would let the second sleep
        self.gate = Gate()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one consistent state."""
        with (
            _in_words(self._engine),
            self.gate.reading(),
            Session(self._engine, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that commits at the end, or changes nothing if an error leaves the block."""
        with (
            _in_words(self._engine),
            self._turn,
            Session(self._writing, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()
            with self.gate.committing():
                session.commit()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(url: str | URL) -> Database:
    """Open the database, make or renew its tables where needed, and refuse one of a newer course."""
    engine = _engine(url)
    database = Database(engine)
    try:
        with _in_words(engine):
            version = _version(engine)
            _refuse_newer(version)
            if version != SCHEMA_VERSION:
                _make_tables(engine)
    except BaseException:
        database.close()
        raise
    return database


def sqlite_url(path: Path) -> URL:
    """Return the URL of a SQLite file, which is made if needed, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return URL.create("sqlite", database=str(path))


def _engine(url: str | URL) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UsageError(
            f"COURSE_DATABASE can't be used: {error}.",
            "Leave it empty for progress.db in your home folder, or install the driver it names.",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for setting in SQLITE_SETTINGS:
        connection.execute(setting)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads: upgrading later fails at once, whatever the timeout says.
    writes = connection.get_execution_options().get("course_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(engine: Engine) -> int | None:
    if not inspect(engine).has_table(SchemaVersion.__tablename__):
        return None
    with engine.connect() as connection:
        return connection.scalar(select(SchemaVersion.version))


def _make_tables(engine: Engine) -> None:
    """Make the tables, or bring older ones up to date, in one transaction; the first of several does it."""
    with engine.execution_options(course_writes=True).begin() as connection:
        Table.metadata.create_all(connection)
        version = connection.scalar(select(SchemaVersion.version))
        if version is None:
            connection.execute(insert(SchemaVersion).values(version=SCHEMA_VERSION))
            return
        for older in range(version, SCHEMA_VERSION):
            for statement in STATEMENTS[older]:
                connection.execute(text(statement))
        connection.execute(update(SchemaVersion).values(version=SCHEMA_VERSION))


def _refuse_newer(version: int | None) -> None:
    if version is None or version <= SCHEMA_VERSION:
        return
    raise CourseError(
        f"Your progress was written by a newer course (version {version}; this one knows {SCHEMA_VERSION}).",
        "Update the course. Nothing was changed.",
    )


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _worded(error, engine) from error


def _worded(error: DBAPIError, engine: Engine) -> CourseError:
    where = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
    cause = str(error.orig)
    if "not a database" in cause or "malformed" in cause:
        return CourseError(
            f"{where} is damaged ({cause}).",
            "Move it aside and start the course again; your files are not touched, "
            "and `course progress import FILE` brings an export back.",
        )
    if "locked" in cause:
        return CourseError(f"{where} was busy for too long.", "Nothing was changed; try again.")
    return CourseError(
        f"{where} can't be used: {cause}.", "Look at the disk's free space and the folder's permissions."
    )
