"""Alerts that their surroundings decide: what is drawn is read back, under both ends, and titles tell nothing."""

import json
import random
from collections import Counter
from functools import cache

from secassist.registry import circumstances
from secassist.sources._records import record
from secassist.training.scenarios import surrounded
from secassist.training.scenarios.scenario import Draft, leaves
from secassist.training.scenarios.shapes import read

MANY = 2_000


@cache
def drawn() -> tuple[Draft, ...]:
    rng = random.Random(11)
    return tuple(surrounded.draw(rng) for _ in range(MANY))


def bare() -> list[Draft]:
    return [draft for draft in drawn() if surrounded.is_surrounded(draft.family)]


def test_every_alert_is_whole_and_cites_what_stands_in_it():
    for draft in drawn():
        json.dumps(draft.input)
        lines = list(leaves(draft.input))
        assert draft.cited and all(any(text in line for line in lines) for text in draft.cited)


def test_harmful_and_harmless_come_alike_often_under_the_same_titles():
    assert 0.45 * MANY < sum(draft.verdict != "benign" for draft in drawn()) < 0.55 * MANY
    families: dict[str, Counter[bool]] = {}
    for draft in bare():
        families.setdefault(draft.family, Counter())[draft.verdict != "benign"] += 1
    often = [count for count in families.values() if count.total() >= 30]
    assert len(often) > 15
    assert all(0.2 < count[True] / count.total() < 0.8 for count in often)


def test_what_is_written_around_an_alert_is_read_back():
    kinds = set(circumstances.kinds())
    rows = read("alert_surroundings")
    assert {name for name in rows if name not in ("old-domain", "young-domain")} <= kinds
    seen: dict[str, Counter[bool]] = {}
    for draft in bare():
        for one in circumstances.read(record(draft.input, "alert_json", "alert").text):
            seen.setdefault(one.kind, Counter())[draft.verdict != "benign"] += 1
    for kind, row in rows.items():
        if kind in kinds and not 0.5 < row["bad"] / row["ok"] < 2:
            assert (seen[kind][True] > seen[kind][False]) == (row["bad"] > row["ok"]), kind
