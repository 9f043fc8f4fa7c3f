"""Live: which adapter answers for an analyzer, the promoted one of the user's shelf or the one in a folder."""

from pathlib import Path
from typing import Protocol

from secassist.registry import weights
from secassist.registry.shelf import Shelf
from secassist.registry.weights import Weights


class Chosen(Protocol):
    """The settings that decide it; `model` and `adapters` are "bundled" or a folder."""

    @property
    def home(self) -> Path: ...
    @property
    def model(self) -> str: ...
    @property
    def adapters(self) -> str: ...


def serving(chosen: Chosen, analyzer: str) -> Weights | None:
    """The adapter that serves an analyzer, None if there is none.

    A folder that the settings name is taken as it is. Over the bundled set goes what was promoted in `home`, but only
    on the base it was made for: after a new base the bundled adapter serves again. Raises ModelError when the live
    adapter is missing or is not what was promoted.
    """
    if chosen.adapters == "bundled":
        live = Shelf(chosen.home).live(analyzer)
        if live is not None and live.base == weights.base(chosen.model).digest:
            return live.weights()
    return weights.adapter(chosen.adapters, analyzer)


def served(chosen: Chosen) -> dict[str, Weights]:
    """Every adapter that serves, by analyzer."""
    names = {found.name for found in weights.adapters(chosen.adapters)}
    if chosen.adapters == "bundled":
        names |= set(Shelf(chosen.home).analyzers())
    found = {name: serving(chosen, name) for name in sorted(names)}
    return {name: one for name, one in found.items() if one is not None}
