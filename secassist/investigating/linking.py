"""What else is stored about the same hosts, users, addresses, domains, hashes and keys: a timeline, common values apart.

One pass over the kept texts, newest first: it counts in how many each value stands, and only values that few share link.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas import Analysis, Disposition
from secassist.investigating.case import CAN_BE, Investigated, in_order, instant
from secassist.investigating.entities import Entity, named
from secassist.store import Store

READ = 100_000
"""Stored inputs that are read, the newest."""
RARE, SHARE = 20, 0.01
"""A value links while it stands in at most so many of the other inputs, or in at most this share of those read."""
FEW = 5
"""In a small store, half of the inputs may be fewer than RARE; so many may always share a value."""
CHECKED = 200
"""Inputs that are looked at closely for one value, the newest."""
SHOWN = 20
"""Links of a timeline."""
ENOUGH = int(READ * SHARE)
"""Inputs with a value after which it is common however many are read, and not counted any further."""
_BEFORE = r"(?:(?<![\w.@-])|(?<=\\[nrt]))"
_AFTER = r"(?![\w@-]|\.\w)"
_AFTER_HOST = r"(?![\w@-])"
"""A host's first label may go on with its domain."""


@dataclass(frozen=True)
class Linked:
    """Another analysis that shares `shared` (kind and value) with the case; `when` is ISO 8601."""

    analysis_id: str
    when: str
    title: str
    disposition: Disposition | None
    score: float | None
    shared: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Common:
    """A value that too many inputs share to link them: at least `number` of those read."""

    kind: str
    value: str
    number: int


@dataclass(frozen=True)
class Links:
    """`linked` in the order of time, at most as many as were asked for; `total` is how many there are.

    `read` inputs were read, a value in at most `limit` of them links, and `more` says that there are older ones which were not.
    """

    linked: tuple[Linked, ...] = ()
    total: int = 0
    common: tuple[Common, ...] = ()
    read: int = 0
    limit: int = FEW
    more: bool = False
    unchecked: int = 0


@dataclass
class _Wanted:
    """A value that is looked for; `text` is how it is spelled in stored JSON, in lower case."""

    entity: Entity
    text: str
    pattern: re.Pattern[str]
    number: int = 0
    hits: list[str] = field(default_factory=list)


def rarity(read: int) -> int:
    """In how many other inputs a value may stand and still link, where so many were read."""
    return max(FEW, min(RARE, read // 2), int(read * SHARE))


@dataclass(frozen=True)
class _Match:
    """What an input shares with the case, by kind and canonical value, and when it happened ("" where it does not say)."""

    observed: str
    shared: Mapping[tuple[str, str], str]


def links(store: Store, case: Investigated, shown: int = SHOWN, read: int = READ) -> Links:
    """Of other inputs than the case's own."""
    own = {member.subject.id for member in case.members}
    wanted = _wanted(case.entities)
    number = others = 0
    matches: dict[str, _Match] = {}
    keys = {each.entity.key: each.entity.value for each in wanted}
    for id_, body in store.links.texts(read) if wanted else ():
        number += 1
        if id_ not in own:
            others += 1
            if _look(wanted, id_, body.lower()):
                matches[id_] = _match(body, keys)
    limit = rarity(others)
    rare = [each for each in wanted if each.number <= limit]
    made = [*_linked(store, _confirmed(rare, matches)), *_by_secret(store, case)]
    kept = sorted(_nearest(made, case.lead.when)[:shown], key=lambda each: (in_order(each.when), each.analysis_id))
    common = tuple(Common(each.entity.kind, each.entity.value, each.number) for each in wanted if each.number > limit)
    unchecked = sum(max(0, each.number - CHECKED) for each in rare)
    return Links(tuple(kept), len(made), common, others, limit, number >= read, unchecked)


def _wanted(entities: Sequence[Entity]) -> list[_Wanted]:
    """Names of the recipient's own organisation stand in all of its mail, and link nothing."""
    made: dict[tuple[str, str], _Wanted] = {}
    own = {each.value.lower().rpartition("@")[2] for each in entities if each.kind == "recipient"}
    for entity in entities:
        house = entity.kind == "domain" and any(f".{entity.key[1]}".endswith(f".{name}") for name in own)
        if entity.links and not house and entity.key not in made:
            text = json.dumps(entity.key[1], ensure_ascii=False)[1:-1]
            after = _AFTER_HOST if entity.kind == "host" else _AFTER
            made[entity.key] = _Wanted(entity, text, re.compile(_BEFORE + re.escape(text) + after))
    return list(made.values())


def _look(wanted: Iterable[_Wanted], id_: str, lower: str) -> bool:
    """Whether an input has to be looked at closely, now that it is at hand: kept texts of thousands would fill memory."""
    close = False
    for each in wanted:
        if each.number <= ENOUGH and each.text in lower and each.pattern.search(lower):
            each.number += 1
            if len(each.hits) < CHECKED:
                each.hits.append(id_)
                close = True
    return close


def _match(text: str, keys: Mapping[tuple[str, str], str]) -> _Match:
    """Values of the same kind, not words that happen to be spelled so."""
    body = json.loads(text)
    return _Match(body.get("observed_at") or "", {key: keys[key] for key in _keys(body) if key in keys})


def _confirmed(rare: Sequence[_Wanted], matches: Mapping[str, _Match]) -> dict[str, _Match]:
    """By subject what it shares with the case, of the values that few share."""
    keys = {each.entity.key for each in rare}
    found = dict[str, _Match]()
    for id_ in dict.fromkeys(id_ for each in rare for id_ in each.hits):
        shared = {key: value for key, value in matches[id_].shared.items() if key in keys}
        if shared:
            found[id_] = _Match(matches[id_].observed, shared)
    return found


def _keys(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Kind and canonical value of everything that a stored input names."""
    if "fields" in body:
        pairs = [(each["path"], part) for each in body["fields"] for part in each["value"].splitlines()]
    else:
        pairs = [("", part) for part in body.get("body", "").splitlines()]
    return {Entity(kind, value, ()).key for path, text in pairs[:2_000] for kind, value in named(path, text)}


def _linked(store: Store, matches: Mapping[str, _Match]) -> list[Linked]:
    return [_link(analysis, matches[analysis.subject_id]) for analysis in store.links.about(list(matches), CAN_BE)]


def _link(analysis: Analysis, match: _Match) -> Linked:
    verdict = analysis.verdict
    return Linked(
        analysis.id,
        match.observed or analysis.created_at,
        analysis.title,
        verdict.disposition if verdict else None,
        verdict.score if verdict else None,
        tuple((kind, value) for (kind, _), value in sorted(match.shared.items())),
    )


def _by_secret(store: Store, case: Investigated) -> list[Linked]:
    """Analyses that found the same masked values, known by their keyed hashes."""
    masks = {entity.keyed: entity.value for entity in case.entities if entity.keyed}
    pairs = store.links.sharing(masks, CHECKED) if masks else []
    own = {member.analysis.id for member in case.members}
    found = store.find_analyses([id_ for _, id_ in pairs if id_ not in own])
    shared: dict[str, dict[tuple[str, str], str]] = {}
    for keyed, id_ in pairs:
        shared.setdefault(id_, {})[("secret", keyed)] = masks[keyed]
    return [_link(analysis, _Match("", shared[id_])) for id_, analysis in found.items()]


def _nearest(made: Sequence[Linked], when: str) -> list[Linked]:
    """Those that share most first, and of these the nearest in time."""
    here = instant(when)

    def distance(each: Linked) -> float:
        there = instant(each.when)
        return abs((there - here).total_seconds()) if here and there else float("inf")

    return sorted(made, key=lambda each: (-len(each.shared), distance(each), each.analysis_id))
