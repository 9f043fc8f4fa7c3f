"""Plug-ins by folder: one file is one plug-in, its file name is its public name, nothing is registered by hand."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from secassist.errors import UsageError


@cache
def names(room: str) -> tuple[str, ...]:
    """Public names of the plug-ins in `secassist.<room>`, sorted; `base` and names starting with "_" are not plug-ins."""
    package = importlib.import_module(f"secassist.{room}")
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in found if name != "base" and not name.startswith("_")))


ROOMS = {"formats": "output format", "sources": "input format", "detectors": "detector", "analyzers": "analyzer"}
"""What users call the plug-ins of a room."""


def load(room: str, name: str) -> Any:
    """The object called PLUGIN in `secassist/<room>/<name>.py`; raises UsageError naming the known ones."""
    if name not in names(room):
        raise unknown(ROOMS.get(room, f"{room} plug-in"), name, names(room))
    return importlib.import_module(f"secassist.{room}.{name}").PLUGIN


def unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    """The error for a name that there is not: what was given, the nearest one there is, and all of them."""
    known = list(known)
    near = get_close_matches(name.lower()[:64], known, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    return UsageError(f"no {what} is named {name!r}; {meant}there are: {', '.join(known)}")


class Late(Mapping[str, Any]):
    """The plug-ins of a room by name, each loaded when it is first asked for; `instead` stand in for those of their name."""

    def __init__(self, room: str, instead: Mapping[str, Any] | None = None) -> None:
        self._room = room
        self._instead = dict(instead or {})

    def __getitem__(self, name: str) -> Any:
        if name in self._instead:
            return self._instead[name]
        if name not in self:
            raise KeyError(name)
        return load(self._room, name)

    def __contains__(self, name: object) -> bool:
        return name in self._instead or name in names(self._room)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*names(self._room), *self._instead}))

    def __len__(self) -> int:
        return len({*names(self._room), *self._instead})


def load_all(room: str) -> dict[str, Any]:
    """Every plug-in of a room by name."""
    return {name: load(room, name) for name in names(room)}
