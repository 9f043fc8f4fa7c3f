"""What every row gets: the process that forks workers, private servers, and a site on each kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.faults.fleet import Nest
from tests.faults.machines import private_postgres, private_redis
from tests.faults.site import Site, opened

__all__ = ["nest", "private_postgres", "private_redis"]

NUMBERS = count()
FULL_SECONDS = 7200


@pytest.fixture(scope="session")
def nest() -> Iterator[Nest]:
    """Loads everything once."""
    made = Nest()
    yield made
    made.close()


@pytest.fixture
def make_site(request: pytest.FixtureRequest, nest: Nest, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes a site on "sqlite" or "postgresql", in a folder or a database of its own."""
    with ExitStack() as stack:

        def make(kind: str, **more: object) -> Site:
            home = tmp_path / f"home{next(NUMBERS)}"
            database = f"sqlite:///{home / 'secassist.db'}"
            if kind == "postgresql":
                server = request.getfixturevalue("private_postgres")
                if server.process is None:
                    server.start()
                database = server.create(f"site{next(NUMBERS)}")
            return stack.enter_context(opened(nest, database, home, **more))

        yield make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Rows of full size may take hours where the rest of the tests may take minutes."""
    for item in items:
        if item.path.parent.name == "faults" and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(FULL_SECONDS))
