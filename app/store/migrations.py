"""How the tables of an older course become those of this one: nothing that is stored gets lost."""

from collections.abc import Mapping
from typing import Any

SCHEMA_VERSION = 2
"""Raised by one with each change of the tables; a newer database is refused."""

STATEMENTS: Mapping[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE attempts ADD COLUMN kind VARCHAR(20) DEFAULT 'whole' NOT NULL",
        "ALTER TABLE attempts ADD COLUMN retake_of VARCHAR(200)",
        "ALTER TABLE answers ADD COLUMN confidence VARCHAR(20)",
    ),
}
"""By the version that it starts from: what changes a table that is there. New tables are made anyway."""

_ADDED: Mapping[int, Mapping[str, Mapping[str, Any]]] = {
    1: {"attempts": {"kind": "whole", "retake_of": None}, "answers": {"confidence": None}},
}


def newer_row(table: str, version: int, row: Any) -> Any:
    """Give a row of an older export the fields that its table has today."""
    for older in range(version, SCHEMA_VERSION):
        added = _ADDED.get(older, {}).get(table)
        if added and isinstance(row, dict):
            row = {**added, **row}
    return row
