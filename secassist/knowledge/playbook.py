"""Playbook: response actions written by hand, looked up by technique, weakness and kind of thing affected."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from schemas import Phase

KINDS = frozenset(
    {"secret", "personal_data", "mail", "web", "endpoint", "cloud", "identity", "linux", "windows", "code"}
)
"""What an entry may be about."""

_EXACT, _PARENT, _KIND, _GENERAL = 8, 6, 1, 0.5


@dataclass(frozen=True)
class Entry:
    """One action with its reason, each in English ("en") and Chinese ("zh"); no tags means that it fits every case."""

    id: str
    phase: Phase
    action: dict[str, str]
    reason: dict[str, str]
    techniques: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether it is advice for any incident."""
        return not (self.techniques or self.cwe or self.kinds)


@cache
def entries() -> tuple[Entry, ...]:
    """All entries of `playbook.yaml`, in file order."""
    raw = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(
        Entry(
            id=item["id"],
            phase=Phase(item["phase"]),
            action=item["action"],
            reason=item["reason"],
            techniques=tuple(item.get("techniques", ())),
            cwe=tuple(item.get("cwe", ())),
            kinds=tuple(item.get("kinds", ())),
        )
        for item in raw
    )


def find(entry_id: str) -> Entry | None:
    """The entry of this id, or None."""
    return next((entry for entry in entries() if entry.id == entry_id), None)


def candidates(
    techniques: Collection[str], cwe: Collection[str], kinds: Collection[str], per_phase: int = 4
) -> list[Entry]:
    """The best fitting entries: at most `per_phase` for each phase, phases in the order of doing, best first.

    A technique or CWE that is named counts most, the parent of a sub-technique (T1059 for T1059.001, either way round)
    a little less, a kind least; general advice fills up, so no phase is ever empty. Equal fit keeps file order.
    """
    chosen: list[Entry] = []
    for phase in Phase:
        rated = [(_fit(entry, techniques, cwe, kinds), entry) for entry in entries() if entry.phase is phase]
        rated = [pair for pair in rated if pair[0] > 0]
        rated.sort(key=lambda pair: -pair[0])
        chosen += [entry for _, entry in rated[:per_phase]]
    return chosen


def _fit(entry: Entry, techniques: Collection[str], cwe: Collection[str], kinds: Collection[str]) -> float:
    if entry.is_general:
        return _GENERAL
    named = max((_technique_fit(own, asked) for own in entry.techniques for asked in techniques), default=0)
    weakness = _EXACT if set(entry.cwe) & set(cwe) else 0
    fit = named + weakness + _KIND * len(set(entry.kinds) & set(kinds))
    foreign = bool(techniques or cwe) and not (named or weakness) and bool(entry.techniques or entry.cwe)
    return fit / 4 if foreign else fit


def _technique_fit(own: str, asked: str) -> int:
    if own == asked:
        return _EXACT
    return _PARENT if own.split(".", maxsplit=1)[0] == asked or asked.split(".", maxsplit=1)[0] == own else 0
