"""A pipeline on SQLite or PostgreSQL whose model is scripted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from secassist import bootstrap
from secassist.backends.scripted import ScriptedBackend
from secassist.config import Settings
from secassist.pipeline import Pipeline
from tests.analyzers.scripts import decided


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    url = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return Settings(home=tmp_path / "home", database=url)


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    made = bootstrap.pipeline(settings, ScriptedBackend(decided))
    yield made
    made.store.close()
