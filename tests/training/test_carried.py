"""Captured content in the shapes of products: the evidence is in the record, and nothing but content tells what it is."""

import json
import random
from collections import Counter
from functools import cache

from secassist.training.scenarios import carried
from secassist.training.scenarios.scenario import Draft, leaves
from secassist.training.scenarios.shapes import FACT, read

MANY = 3_000


@cache
def drawn() -> tuple[Draft, ...]:
    rng = random.Random(11)
    return tuple(carried.draw(rng) for _ in range(MANY))


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys(item)}
    return {key for item in value for key in keys(item)} if isinstance(value, list) else set()


def test_every_alert_is_whole():
    for draft in drawn():
        json.dumps(draft.input)
        lines = list(leaves(draft.input))
        assert carried.is_carried(draft.family)
        assert draft.cited
        assert all(any(text in line for line in lines) for text in draft.cited)
        assert not FACT.search(" ".join(key for key in keys(draft.input)))


def test_harmful_and_harmless_come_alike_often_in_both_scripts():
    bad = sum(draft.verdict != "benign" for draft in drawn())
    assert 0.45 * MANY < bad < 0.55 * MANY
    chinese = sum(any(not key.isascii() for key in keys(draft.input)) for draft in drawn())
    assert 0.25 * MANY < chinese < 0.75 * MANY


def test_no_key_and_no_level_tells_what_an_alert_is():
    seen: dict[str, Counter[bool]] = {}
    for draft in drawn():
        told = {f"key {key}" for key in keys(draft.input)}
        told |= {
            f"level {line}" for line in leaves(draft.input) if line in ("low", "high", "低", "严重", "阻断", "成功")
        }
        for one in told:
            seen.setdefault(one, Counter())[draft.verdict != "benign"] += 1
    often = {one: count for one, count in seen.items() if count.total() > 80}
    assert len(often) > 60
    assert [one for one, count in often.items() if not 0.25 < count[True] / count.total() < 0.75] == []


def test_every_shape_is_used_and_every_heading_has_both_scripts():
    assert {len(read("carried_shapes")[sensor]) >= 15 for sensor in ("web", "host")} == {True}
    for sensor in ("web", "host"):
        for heading in read("carried_titles")[sensor]:
            scripts = {title.isascii() for title in heading["titles"]}
            assert scripts == {True, False}, heading["titles"]


def test_what_was_posted_is_shown():
    posted = [draft for draft in drawn() if draft.family.endswith("_param") and "POST" in leaves(draft.input)]
    assert len(posted) > 20
    for draft in posted:
        target = next(line for line in leaves(draft.input) if line.startswith(("/", "http")))
        assert draft.cited[0] not in target, draft.input
