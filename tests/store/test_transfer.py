"""Export and import."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import UsageError
from app.store.store import Store, open_store
from tests.store.samples import answer, attempt, end, rescoring, revision, start


def fill(store: Store) -> None:
    """Put something into every table."""
    store.steps.mark_read("raw-bytes", "2026-01-01T00:00:00.000001+00:00")
    store.steps.work_on("first-endpoint", "2026-01-02", "python")
    store.steps.open_hint("first-endpoint", 3, "2026-01-02")
    store.runs.begin(start("passed", seed=2**40))
    store.runs.finish("passed", end(ms=0.1 + 0.2, reason='quotes " and \x00 and 😀'))
    store.runs.begin(start("failed", only="a"))
    store.runs.finish("failed", end("failed", ms=None))
    store.runs.begin(start("running"))
    store.attempts.add_answer(attempt(), revision(), answer(seconds=1 / 3))
    store.attempts.add_rescorings(revision(key_hash="k2"), (rescoring(),))
    store.attempts.open_hint(attempt(), "q2", 1, "2026-01-02")


def test_an_export_comes_back_exactly(store: Store, tmp_path: Path) -> None:
    """Export, through a JSON file, into an empty store, export: the two are equal, every table is filled."""
    fill(store)
    exported = store.export()
    other = open_store("", tmp_path / "other")
    added = other.add(json.loads(json.dumps(exported)))
    assert other.export() == exported
    assert json.dumps(other.export()) == json.dumps(exported)
    assert added == sum(len(rows) for rows in exported["tables"].values())
    assert all(exported["tables"].values())
    assert other.runs.passed_files("first-endpoint", "python") == end().files
    other.close()


def test_a_running_run_stays_at_home(store: Store) -> None:
    """Another machine could never finish it."""
    fill(store)
    assert {row["id"] for row in store.export()["tables"]["runs"]} == {"passed", "failed"}


def test_importing_again_adds_nothing(store: Store) -> None:
    """What is there already stays as it is."""
    fill(store)
    before = store.export()
    assert store.add(before) == 0
    assert store.export() == before


def test_import_adds_to_what_is_there(store: Store, tmp_path: Path) -> None:
    """Neither side loses a row; of the times a step was worked on the later one stays."""
    fill(store)
    other = open_store("", tmp_path / "other")
    other.steps.work_on("first-endpoint", "2026-03-01")
    other.steps.mark_read("at-least-once", "2026-03-01")
    store.add(other.export())
    other.close()
    assert store.steps.read_lessons() == {"raw-bytes", "at-least-once"}
    assert store.steps.worked_on()[-1].step == "first-endpoint"
    assert store.attempts.answers("attempt-1")


def spoiled(data: dict[str, Any], table: str, **changes: Any) -> dict[str, Any]:
    """The export with one row changed."""
    copied = copy.deepcopy(data)
    copied["tables"][table][-1].update(changes)
    return copied


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("runs", {"seed": "seven"}),
        ("runs", {"seed": 2**70}),
        ("runs", {"seed": True}),
        ("runs", {"events": "text"}),
        ("runs", {"exercise": None}),
        ("runs", {"unknown": 1}),
        ("answers", {"correct": 1}),
        ("answers", {"score": "1"}),
        ("lessons_read", {"at": 5}),
    ],
)
def test_a_spoiled_export_is_refused_whole(
    store: Store, tmp_path: Path, table: str, changes: dict[str, Any]
) -> None:
    """One bad value, and nothing of the file is taken; the message says where it is."""
    fill(store)
    other = open_store("", tmp_path / "other")
    with pytest.raises(UsageError, match=table):
        other.add(spoiled(store.export(), table, **changes))
    assert not any(other.export()["tables"].values())
    other.close()


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"format": "other"},
        {"format": "webhook-course-progress", "version": 99, "tables": {}},
        {"format": "webhook-course-progress", "version": 1, "tables": {"sqlite_master": []}},
        {"format": "webhook-course-progress", "version": 1, "tables": []},
        {"format": "webhook-course-progress", "version": 1, "tables": {"runs": {}}},
        {"format": "webhook-course-progress", "version": 1, "tables": {"runs": [1]}},
    ],
)
def test_what_is_no_export_is_refused(store: Store, data: Any) -> None:
    """Any other file gets a sentence, not a traceback."""
    with pytest.raises(UsageError, match="can't be imported"):
        store.add(data)
