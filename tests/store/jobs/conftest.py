"""A store of jobs, on SQLite and on PostgreSQL, by the clock of the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("empty"))
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
