"""A pipeline on SQLite or PostgreSQL whose model is scripted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secassist import bootstrap
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from tests.analyzers.scripts import decided
from tests.servers import emptied


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    return Settings(home=tmp_path / "home", database=emptied(request.getfixturevalue("postgres_url")))


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    made = bootstrap.pipeline(settings, ScriptedBackend(decided))
    yield made
    made.store.close()
