"""What every test gets: settings of its own, so that no test reads or writes what belongs to the user."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.servers", "tests.queueing.shop"]


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """SECASSIST_* of the caller are out of sight, and so is the configuration file; home is a temporary folder."""
    folder = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("SECASSIST_")]:
            patch.delenv(name)
        patch.setenv("SECASSIST_HOME", str(folder / "home"))
        patch.setenv("SECASSIST_CONFIG", "/dev/null")
        yield


# A busy machine is not a failing test: no deadlines, and slow drawing of examples is allowed.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
