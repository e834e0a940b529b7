"""The Store: one database, three shelves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.store.attempts import Attempts
from app.store.database import Database, open_database, sqlite_url
from app.store.runs import Runs
from app.store.steps import Steps
from app.store.transfer import export_rows, import_rows


class Store:
    """The learner's progress."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.runs = Runs(database)
        self.steps = Steps(database)
        self.attempts = Attempts(database)

    def export(self) -> dict[str, Any]:
        """Return everything stored, as plain JSON values."""
        return export_rows(self._database)

    def add(self, data: Mapping[str, Any]) -> int:
        """Add what an export holds and is not there yet, all or nothing; return how many rows."""
        return import_rows(self._database, data)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()


def open_store(url: str, home: Path) -> Store:
    """Open the database of this URL; without one, progress.db in the home."""
    return Store(open_database(url or sqlite_url(home / "progress.db")))
