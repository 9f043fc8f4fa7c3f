"""The generator: families and cases drawn by a seed, checked, told apart by digest and handed out as scenarios."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Literal, cast

from schemas import canonical_json, digest
from secassist.training.scenarios import alerts, carried, checks, contents, injection, letters, rules, surrounded
from secassist.training.scenarios.names import Names
from secassist.training.scenarios.records import build
from secassist.training.scenarios.scenario import RATIONALE_LIMIT, Draft, Scenario, leaves, sentence
from secassist.training.scenarios.tables import Case, Family, families

_TRIES = 60
_ZH_SHARE = 0.35
_TEXTS_A_TURN = 5
_TABLES_A_LETTER = 8
_TABLES_AN_ALERT = 4
_UNWRAPPED = 0.4
"""Share of records that come as the product wrote them, not below `event` beside the kind of their log."""

Drawer = Callable[[random.Random], Draft]


def generate(seed: int, count: int) -> Iterator[Scenario]:
    """`count` scenarios with distinct inputs, the same for the same seed; about 35 % ask for Chinese.

    Families take turns, so a short run covers them all. Stops early only if nothing new can be drawn.
    """
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    seen: set[str] = set()
    drawers = _drawers()
    made = 0
    while made < count:
        rng.shuffle(drawers)
        before = made
        for draw in drawers:
            if made == count:
                return
            scenario = _new(rng, draw, seen)
            if scenario is not None:
                made += 1
                yield scenario
        if made == before:
            return


def _drawers() -> list[Drawer]:
    """Drawers of one round: a family of many texts has several turns, rule comparisons, injections, mail,
    alerts composed of parts, around captured content, of contents with two ends, and with surroundings their share.
    """
    tables: list[Drawer] = [_table_drawer(family) for family in families() for _ in range(_turns(family))]
    ruled: list[Drawer] = [rules.draw] * (len(tables) // 3)
    injected: list[Drawer] = [_inject_drawer] * max(1, len(tables) // 20)
    composed: list[Drawer] = [letters.draw] * (len(tables) // _TABLES_A_LETTER)
    told: list[Drawer] = [alerts.draw] * (len(tables) // _TABLES_AN_ALERT)
    captured: list[Drawer] = [carried.draw] * (len(tables) // _TABLES_AN_ALERT)
    seen: list[Drawer] = [contents.draw] * len(told)
    around: list[Drawer] = [surrounded.draw] * (2 * len(told))
    return tables + ruled + injected + composed + told + captured + seen + around


def _turns(family: Family) -> int:
    return max(family.often, sum(len(case.bodies) for case in family.cases) // _TEXTS_A_TURN)


def _table_drawer(family: Family) -> Drawer:
    return lambda rng: _draw(rng, family)


def _inject_drawer(rng: random.Random) -> Draft:
    return injection.inject(rng, _draw(rng, rng.choice(families())))


def _new(rng: random.Random, draw: Drawer, seen: set[str]) -> Scenario | None:
    for _ in range(_TRIES):
        draft = draw(rng)
        key = digest(canonical_json(draft.input))
        if key not in seen and _fits(draft):
            seen.add(key)
            return _scenario(rng, draft, key)
    return None


def _draw(rng: random.Random, family: Family) -> Draft:
    """One draft of a family: harmful and harmless alike often, whatever the number of cases."""
    harmless = [case for case in family.cases if case.verdict == "benign"]
    harmful = [case for case in family.cases if case.verdict != "benign"]
    pool = harmless if harmless and (not harmful or rng.random() < 0.5) else harmful
    case = rng.choice(pool)
    names = Names(rng)
    filled = build(names, case)
    return Draft(
        family.name,
        filled,
        case.verdict,
        case.disposition,
        case.severity,
        case.techniques,
        _cited(names, case, filled),
        {language: sentence(names.fill(text)) for language, text in case.rationale.items()},
    )


def _cited(names: Names, case: Case, filled: dict[str, Any]) -> tuple[str, ...]:
    """The command of a process or a line, else the case's citations that stand in the input, else the longest line."""
    lines = list(leaves(filled))
    wanted = ["{command}"] if case.kind in ("run", "line") else list(case.cite)
    if case.context:
        wanted.append("{parent_command}")
    texts = (text for cite in wanted for text in names.fill(cite).splitlines()[:1])
    found = tuple(text for text in texts if text and any(text in line for line in lines))
    return found[:3] or (max(lines, key=len),)


def _fits(draft: Draft) -> bool:
    """Whether a drawn text kept to the limits; a very long invented name may break them."""
    if any(not text or len(text) > RATIONALE_LIMIT for text in draft.rationale.values()):
        return False
    return bool(draft.cited) and all(draft.cited) and not checks.open_slot(draft.rationale.values())


def _bare(rng: random.Random, record: dict[str, Any]) -> dict[str, Any]:
    """The record, or what stands below its `event` alone, as a user's file holds it."""
    wrapped = set(record) == {"log_type", "event"} and isinstance(record["event"], dict)
    return record["event"] if wrapped and rng.random() < _UNWRAPPED else record


def _scenario(rng: random.Random, draft: Draft, key: str) -> Scenario:
    language: Literal["en", "zh"] = "zh" if rng.random() < _ZH_SHARE else "en"
    return Scenario(
        id=f"{draft.family}-{key[:12]}",
        family=draft.family,
        language=language,
        input=_bare(rng, draft.input),
        verdict=cast(Literal["malicious", "suspicious", "benign"], draft.verdict),
        disposition=draft.disposition,
        severity=draft.severity,
        techniques=draft.techniques,
        cited=draft.cited,
        rationale=draft.rationale,
        missing=draft.missing or checks.next_checks(rng, draft.input, draft.verdict, language, draft.theme),
        group=f"scenario:{draft.family}",
    )
