"""Which unit of a repository is meant by a name: callers and callees, one call away, to be shown as context."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from secassist.parsing.languages import language_of
from secassist.parsing.names import imports
from secassist.parsing.units import Unit, units

MOST_PER_NAME: Final = 8
"""Units of one name that are kept; a name that many units share says little."""
MOST_NAMES: Final = 500_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit and the file it stands in."""

    path: str
    unit: Unit


@dataclass
class Index:
    """Names -> units, over as many files as are added; it holds no text."""

    by_name: dict[str, list[Placed]] = field(default_factory=dict)
    by_call: dict[str, list[Placed]] = field(default_factory=dict)
    imported: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, path: str, text: str, language: str = "") -> tuple[Unit, ...]:
        """The units of one file, from now on found by their names; nothing for a language that cannot be parsed."""
        known = language_of(path, text[:256], language)
        if not known or len(self.by_name) > MOST_NAMES:
            return ()
        found = units(text, known)
        self.imported[path] = imports(text, known)
        for unit in found:
            placed = Placed(path, unit)
            if unit.name:
                _keep(self.by_name, unit.name, placed)
            for name in dict.fromkeys(_last(called) for called in unit.calls):
                _keep(self.by_call, name, placed)
        return found

    def callees(self, path: str, unit: Unit) -> tuple[Placed, ...]:
        """The units that a unit calls: of a file that it imports, else of its own, else the only one of that name."""
        found: dict[tuple[str, int], Placed] = {}
        for called in unit.calls:
            for placed in self._meant(path, called):
                if (placed.path, placed.unit.first) != (path, unit.first):
                    found.setdefault((placed.path, placed.unit.first), placed)
        return tuple(found.values())

    def callers(self, path: str, unit: Unit) -> tuple[Placed, ...]:
        """The units that call a unit, in the order in which they were added."""
        asked = self.by_call.get(unit.name, ()) if unit.name else ()
        return tuple(
            placed
            for placed in asked
            if any(
                one.path == path and one.unit == unit for one in self._meant(placed.path, _said(placed.unit, unit.name))
            )
        )

    def _meant(self, path: str, called: str) -> Iterable[Placed]:
        """Units of this name: in a file that the imports of this one speak of, else in the same file, else the only one."""
        known = self.by_name.get(_last(called), [])
        first, dot, _ = called.partition(".")
        full = self.imported.get(path, {}).get(first, "")
        stems = {part for part in full.replace("/", ".").split(".") if part}
        named = [placed for placed in known if placed.path != path and _stem(placed.path) in stems]
        if named and (dot or full):
            return named
        here = [placed for placed in known if placed.path == path]
        if here:
            return here
        return known if len(known) == 1 else []


def indexed(files: Iterable[tuple[str, str]]) -> Index:
    """The index of (path, text) pairs."""
    made = Index()
    for path, text in files:
        made.add(path, text)
    return made


def _keep(names: dict[str, list[Placed]], name: str, placed: Placed) -> None:
    kept = names.setdefault(name, [])
    if len(kept) < MOST_PER_NAME:
        kept.append(placed)


def _last(called: str) -> str:
    return called.rpartition(".")[2]


def _said(unit: Unit, name: str) -> str:
    """How a unit spells the call of this name."""
    return next((called for called in unit.calls if _last(called) == name), name)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
