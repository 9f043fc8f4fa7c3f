"""A store of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist.store import Store
from tests.store.samples import START


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'secassist.db'}", now=lambda: START) as made:
        yield made
