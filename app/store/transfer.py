"""Export and import: every row of every table as plain JSON values, and back without a loss."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, Integer, String, Table, insert, select, update
from sqlalchemy.orm import Session

from app.errors import UsageError
from app.store.database import Database
from app.store.migrations import SCHEMA_VERSION, newer_row
from app.store.tables import Run, RunCheck, SchemaVersion, StepWorkedOn
from app.store.tables import Table as Base

FORMAT = "webhook-course-progress"


def export_rows(database: Database) -> dict[str, Any]:
    """Return everything stored but runs that are still running."""
    with database.reading() as session:
        tables = {table.name: _rows(session, table) for table in _tables()}
    return {"format": FORMAT, "version": SCHEMA_VERSION, "tables": tables}


def import_rows(database: Database, data: Mapping[str, Any]) -> int:
    """Add the rows that are not there yet, all or none; return how many. What is there stays as it is."""
    given = _checked(data)
    with database.writing() as session:
        return sum(_add(session, table, row) for table in _tables() for row in given.get(table.name, []))


def _tables() -> list[Table]:
    # Sorted so that a row comes after what it refers to.
    return [table for table in Base.metadata.sorted_tables if table.name != SchemaVersion.__tablename__]


def _rows(session: Session, table: Table) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    running = select(Run.id).where(Run.state == "running")
    if table.name == Run.__tablename__:
        query = query.where(table.c.state != "running")
    if table.name == RunCheck.__tablename__:
        query = query.where(table.c.run.not_in(running))
    return [dict(row) for row in session.execute(query).mappings()]


def _add(session: Session, table: Table, row: Mapping[str, Any]) -> int:
    same = [column == row[column.name] for column in table.primary_key.columns]
    there = session.execute(select(table).where(*same)).mappings().first()
    if there is None:
        session.execute(insert(table).values(row))
        return 1
    if table.name == StepWorkedOn.__tablename__ and row["at"] > there["at"]:
        session.execute(update(table).where(*same).values(row))
    return 0


def _checked(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise _refused("it is no export of this course's progress")
    version = data.get("version")
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise _refused(f"it was written by a newer course (version {version})")
    given = data.get("tables")
    known = {table.name: table for table in _tables()}
    if not isinstance(given, dict) or not set(given) <= set(known):
        raise _refused("its tables are not those of this course")
    tables = {}
    for name, rows in given.items():
        if not isinstance(rows, list):
            raise _refused(f"{name} is no list")
        tables[name] = [newer_row(name, version, row) for row in rows]
        _check_rows(known[name], tables[name])
    return tables


def _check_rows(table: Table, rows: list[Any]) -> None:
    names = {column.name for column in table.columns}
    for place, row in enumerate(rows):
        where = f"{table.name}[{place}]"
        if not isinstance(row, dict) or set(row) != names:
            raise _refused(f"{where} must have exactly the fields {', '.join(sorted(names))}")
        for column in table.columns:
            if not _fits(column, row[column.name]):
                raise _refused(f"{where}.{column.name} has a value that does not belong there")


def _fits(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, JSON):
        return isinstance(value, dict | list)
    if isinstance(column.type, Boolean):
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if isinstance(column.type, Integer):
        return isinstance(value, int) and -(2**63) <= value < 2**63
    if isinstance(column.type, Float):
        return isinstance(value, int | float)
    return isinstance(column.type, String) and isinstance(value, str)


def _refused(why: str) -> UsageError:
    return UsageError(
        f"This file can't be imported: {why}.", "Nothing was changed. Give a file that export wrote."
    )
