"""Weights are looked up anew in every test."""

import pytest

from secassist import registry


@pytest.fixture(autouse=True)
def fresh() -> None:
    registry.weights._weights.cache_clear()
