"""Plug-ins by folder: one file is one plug-in, its file name is its public name, nothing is registered by hand."""

import importlib
import pkgutil
from functools import cache
from typing import Any

from secassist.errors import UsageError


@cache
def names(room: str) -> tuple[str, ...]:
    """Public names of the plug-ins in `secassist.<room>`, sorted; `base` and names starting with "_" are not plug-ins."""
    package = importlib.import_module(f"secassist.{room}")
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in found if name != "base" and not name.startswith("_")))


def load(room: str, name: str) -> Any:
    """The object called PLUGIN in `secassist/<room>/<name>.py`; raises UsageError naming the known ones."""
    if name not in names(room):
        raise UsageError(f"no {room} plug-in named {name!r}; there are: {', '.join(names(room))}")
    return importlib.import_module(f"secassist.{room}.{name}").PLUGIN


def load_all(room: str) -> dict[str, Any]:
    """Every plug-in of a room by name."""
    return {name: load(room, name) for name in names(room)}
