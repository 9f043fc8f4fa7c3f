"""The table of ATT&CK Enterprise techniques, and lexical candidates for a text; it knows names only, no descriptions.

The data is in `attack.csv` (MITRE's terms: ATTACK-NOTICE.md); the words that point to a technique (`attack_words.csv`)
are ours.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log

_WORD = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*")
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ies", "ed", "es", "s", "y", "e")
_TEXT_LIMIT = 20_000
"""Characters of a text that are looked at; techniques are named in sentences, not in dumps."""

SUCCESSORS: dict[str, str] = {
    "T1562": "T1685",
    "T1562.001": "T1685",
    "T1562.002": "T1685.001",
    "T1562.003": "T1690",
    "T1562.004": "T1686",
    "T1562.006": "T1685",
    "T1562.007": "T1686.001",
    "T1562.008": "T1685.002",
    "T1562.009": "T1688",
    "T1562.010": "T1689",
    "T1562.012": "T1685.004",
    "T1562.013": "T1686.002",
    "T1070.001": "T1685.005",
    "T1070.002": "T1685.006",
    "T1574.002": "T1574.001",
}
"""Older id -> the id that current public rules carry instead; inferred by us from their tags, both stay in the table."""


@dataclass(frozen=True)
class Technique:
    """One row: `id` like "T1059.001"; tactics are short names ("execution"), platforms MITRE's names ("Windows")."""

    id: str
    name: str
    tactics: tuple[str, ...]
    platforms: tuple[str, ...]


@cache
def techniques() -> dict[str, Technique]:
    """Every technique and sub-technique by id, in order of id."""
    text = files(__package__).joinpath("attack.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["id"]: Technique(row["id"], row["name"], _parts(row["tactics"]), _parts(row["platforms"])) for row in rows
    }


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def exists(technique: str) -> bool:
    """Whether the id is in the table."""
    return technique in techniques()


def name(technique: str) -> str:
    """The name with its parent's before it ("Command and Scripting Interpreter: PowerShell"); "" if unknown."""
    row = techniques().get(technique)
    if row is None:
        return ""
    above = techniques().get(parent(technique))
    return f"{above.name}: {row.name}" if above and above.id != technique else row.name


def short_name(technique: str) -> str:
    """The name without that of the technique above it: "PowerShell" for T1059.001."""
    return name(technique).rsplit(": ", 1)[-1]


def tactics(technique: str) -> tuple[str, ...]:
    """Short names of its tactics; empty if unknown."""
    row = techniques().get(technique)
    return row.tactics if row else ()


def parent(technique: str) -> str:
    """ "T1059" for "T1059.001"; a technique without a parent is its own."""
    return technique.partition(".")[0]


def successor(technique: str) -> str:
    """The id that replaced this one, or the id itself."""
    return SUCCESSORS.get(technique, technique)


def suggest(text: str, k: int = 8) -> list[tuple[str, float]]:
    """Up to `k` (id, score) candidates, best first, ties by id; empty when no word of the text points anywhere.

    The score is the IDF-weighted overlap of the text's word stems with a technique's name and our words for it, a phrase
    counting more than its words; it is comparable within one text only. At most two candidates share a parent.
    """
    scores = _score(_stems(text[:_TEXT_LIMIT]))
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    kept: list[tuple[str, float]] = []
    family: Counter[str] = Counter()
    for technique, score in ranked:
        if len(kept) == k:
            break
        if family[parent(technique)] < 2:
            family[parent(technique)] += 1
            kept.append((technique, round(score, 4)))
    return kept


def _score(stems: list[str]) -> dict[str, float]:
    single, phrases = _index()
    scores: dict[str, float] = {}
    for stem in sorted(set(stems)):
        for technique, weight in single.get(stem, ()):
            scores[technique] = scores.get(technique, 0.0) + weight
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for at, stem in enumerate(stems):
        for phrase, technique, weight in phrases.get(stem, ()):
            if (technique, phrase) not in seen and tuple(stems[at : at + len(phrase)]) == phrase:
                seen.add((technique, phrase))
                scores[technique] = scores.get(technique, 0.0) + weight
    return scores


def _stem(word: str) -> str:
    if any(mark in word for mark in "._+-0123456789"):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


_STOP = (
    " a an and are as at be been by can for from has have in into is it its may not of on or over that the their "
    "this to also use used uses using via was were which will with would other detects detect detected suspicious "
    "potential potentially uncommon could indicate indicates adversaries adversary attacker attackers attempt "
    "attempts malicious activity "
)


def _stems(text: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(text.lower()):
        if f" {word} " in _STOP:
            continue
        words.append(_stem(word))
    return words


_Single = dict[str, list[tuple[str, float]]]
_Phrases = dict[str, list[tuple[tuple[str, ...], str, float]]]


@cache
def _index() -> tuple[_Single, _Phrases]:
    entries = [(technique, tuple(_stems(words)), weight) for technique, words, weight in _vocabulary()]
    spread: dict[str, set[str]] = {}
    for technique, stems, _ in entries:
        for stem in stems:
            spread.setdefault(stem, set()).add(parent(technique))
    total = len({parent(t) for t in techniques()})
    idf = {stem: log(1 + total / len(found)) for stem, found in spread.items()}
    best: dict[tuple[str, str], float] = {}
    phrases: _Phrases = {}
    for technique, stems, weight in entries:
        if len(stems) > 1:
            whole = weight * sum(idf[stem] for stem in stems)
            phrases.setdefault(stems[0], []).append((stems, technique, whole))
        for stem in stems:
            share = weight * idf[stem] * (1.0 if len(stems) == 1 else 0.4)
            best[stem, technique] = max(best.get((stem, technique), 0.0), share)
    single: _Single = {}
    for (stem, technique), weight in best.items():
        single.setdefault(stem, []).append((technique, weight))
    return single, phrases


def _vocabulary() -> list[tuple[str, str, float]]:
    rows = [(t.id, t.name, 1.0) for t in techniques().values()]
    rows += [(t.id, techniques()[parent(t.id)].name, 0.5) for t in techniques().values() if "." in t.id]
    text = files(__package__).joinpath("attack_words.csv").read_text("utf-8")
    for line in text.splitlines():
        technique, _, words = line.partition(",")
        if technique in techniques():
            rows += [(technique, word.strip(), 1.5) for word in words.split(";") if word.strip()]
    return rows
