"""A fresh store with a clock that stands still, on SQLite or on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist.store import Store
from tests.servers import emptied
from tests.store.samples import START


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "state" / "secassist.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{file}", now=lambda: START) as opened:
        yield opened


@pytest.fixture
def empty(postgres_url: str) -> str:
    """The URL of a PostgreSQL database with nothing in it."""
    return emptied(postgres_url)
