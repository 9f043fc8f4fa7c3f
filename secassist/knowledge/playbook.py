"""Playbook: response actions written by hand, looked up by technique, weakness and kind of thing affected."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas import Phase
from secassist.errors import ConfigError
from secassist.knowledge import attack
from secassist.knowledge import cwe as cwe_list

LANGUAGES = ("en", "zh")
KINDS = frozenset(
    {"secret", "personal_data", "mail", "web", "endpoint", "cloud", "identity", "linux", "windows", "code"}
)
"""What an entry may be about."""

FOUND = frozenset({"secret", "personal_data"})
"""Kinds that say what was found, not where: an entry about nothing else fits them better than all others."""
LONGEST_ACTION, LONGEST_REASON = 110, 140
"""Characters, in either language: an action is one line of a list, a reason one sentence."""

_FOUND, _EXACT, _PARENT, _KIND, _GENERAL, _FOREIGN = 10, 8, 6, 1, 0.5, 1 / 16
_FIELDS = frozenset({"id", "phase", "techniques", "cwe", "kinds", "action", "reason"})


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
    """All entries of `playbook.yaml`, in file order; raises ConfigError naming the first that is malformed."""
    return read(Path(__file__).with_suffix(".yaml"))


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a file. Raises ConfigError naming the entry for what cannot be right: an id given twice, an unknown
    field, phase, kind, technique or weakness, a language that is missing, a text that is empty or too long."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, list):
        raise ConfigError(f"{path.name}: a list of entries is needed")
    made = tuple(_entry(item) for item in raw)
    twice = [entry_id for entry_id, count in Counter(entry.id for entry in made).items() if count > 1]
    if twice:
        raise ConfigError(f"{path.name}: these ids are given more than once: {', '.join(twice)}")
    return made


def _entry(item: Any) -> Entry:
    name = item.get("id", "without an id") if isinstance(item, dict) else repr(item)[:60]
    try:
        made = Entry(
            id=item["id"],
            phase=Phase(item["phase"]),
            action=item["action"],
            reason=item["reason"],
            techniques=tuple(item.get("techniques", ())),
            cwe=tuple(item.get("cwe", ())),
            kinds=tuple(item.get("kinds", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"playbook entry {name}: {type(error).__name__}: {error}") from error
    faults = [
        *_unknown(made, item),
        *_badly_worded(made.action, LONGEST_ACTION),
        *_badly_worded(made.reason, LONGEST_REASON),
    ]
    if faults:
        raise ConfigError(f"playbook entry {name}: {'; '.join(faults)}")
    return made


def _unknown(entry: Entry, item: dict[str, Any]) -> list[str]:
    words = [*(item.keys() - _FIELDS), *(kind for kind in entry.kinds if kind not in KINDS)]
    words += [technique for technique in entry.techniques if not attack.exists(technique)]
    words += [number for number in entry.cwe if not cwe_list.exists(number)]
    return [f"unknown: {', '.join(map(str, words))}"] if words else []


def _badly_worded(text: Any, longest: int) -> list[str]:
    if (
        not isinstance(text, dict)
        or text.keys() != set(LANGUAGES)
        or not all(isinstance(t, str) for t in text.values())
    ):
        return [f"text is needed in {' and '.join(LANGUAGES)}"]
    return [
        f"{language} has {len(words)} characters, 1 to {longest} are right"
        for language, words in text.items()
        if not 0 < len(words.strip()) <= longest
    ]


def find(entry_id: str) -> Entry | None:
    """The entry of this id, or None."""
    return next((entry for entry in entries() if entry.id == entry_id), None)


def candidates(
    techniques: Collection[str], cwe: Collection[str], kinds: Collection[str], per_phase: int = 4
) -> list[Entry]:
    """The best fitting entries: at most `per_phase` for each phase, phases in the order of doing, best first.

    A technique or CWE that is named counts most, as does advice about just the secret or personal data that was found;
    the parent of a sub-technique (T1059 for T1059.001, either way round) a little less, a kind least. General advice
    fills up, so no phase is ever empty. Where only techniques are asked about, fixes of code are left out, and where only
    weaknesses are, the response to techniques is. Equal fit keeps file order.
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
    named += _EXACT if set(entry.cwe) & set(cwe) else 0
    found = bool(entry.kinds) and set(entry.kinds) <= FOUND & set(kinds)
    fit = named + _KIND * len(set(entry.kinds) & set(kinds)) + (_FOUND if found else 0)
    if named or found or not (techniques or cwe):
        return fit
    if (not cwe and _is_fix(entry)) or (not techniques and _is_response(entry)):
        return 0
    return fit * _FOREIGN if entry.techniques or entry.cwe else fit


def _is_fix(entry: Entry) -> bool:
    return bool(entry.cwe) and not entry.techniques


def _is_response(entry: Entry) -> bool:
    return bool(entry.techniques) and not entry.cwe


def _technique_fit(own: str, asked: str) -> int:
    if own == asked:
        return _EXACT
    return _PARENT if own.split(".", maxsplit=1)[0] == asked or asked.split(".", maxsplit=1)[0] == own else 0
