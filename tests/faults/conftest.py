"""What every row gets: the process that forks workers, a private Redis and a private PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.faults.fleet import Nest
from tests.faults.machines import private_postgres, private_redis

__all__ = ["nest", "private_postgres", "private_redis"]


@pytest.fixture(scope="session")
def nest() -> Iterator[Nest]:
    """Loads everything once."""
    made = Nest()
    yield made
    made.close()
