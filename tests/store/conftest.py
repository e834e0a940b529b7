"""An empty store for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in its own folder."""
    opened = open_store("", tmp_path)
    yield opened
    opened.close()
