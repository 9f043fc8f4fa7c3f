"""Finds numbers: runs of digits in one pass, what their spelling can be from a cache, then check digits and context."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from schemas import Severity
from secassist.detectors._late import late
from secassist.detectors._pii import (
    formats_africa,
    formats_americas,
    formats_asia,
    formats_china,
    formats_east,
    formats_europe,
    formats_nordic,
    formats_world,
)
from secassist.detectors._pii.checks import holds
from secassist.detectors._pii.columns import Columns
from secassist.detectors._pii.groups import FORMATS, iban_places
from secassist.detectors._pii.hints import hint, is_hotline
from secassist.detectors._pii.labelled import LABELS
from secassist.detectors._pii.plates import WORDS as PLATE_WORDS
from secassist.detectors._pii.rules import Edges, Rule
from secassist.detectors._pii.shape import EDGE, kind_pattern
from secassist.detectors._pii.words import AFTER, BEFORE, Around, Words
from secassist.detectors._secret.hit import Hit

RULES: tuple[Rule, ...] = (
    *formats_china.RULES,
    *formats_world.RULES,
    *formats_americas.RULES,
    *formats_europe.RULES,
    *formats_nordic.RULES,
    *formats_east.RULES,
    *formats_africa.RULES,
    *formats_asia.RULES,
)
RUN = re.compile(rb"0(?:[ \-./:()]{0,2}0|-?[Aa]){4,99}")
"""Five or more digits and letters from a digit on, in groups with at most two signs between them."""
_LETTERS = b"Aa"
_HAN = re.compile("[\u4e00-\u9fa5]")
LONG, HALF = 100, 60
"""A run of this many characters may have been cut; so many around its end are looked at again."""
HEAD = 8
"""Letters before the first digit that may belong to the value."""
_LEFT = {
    Edges.WORD: r"(?<![0Aa_])(?<![0Aa][.\-])",
    Edges.NUMBER: r"(?<![0Aa])(?<!0[.\-])",
    Edges.GROUP: r"(?<![0Aa_])(?<![0Aa)][.\- ])",
}
_RIGHT = {
    Edges.WORD: r"(?![0Aa_])(?![.\-][0Aa])",
    Edges.NUMBER: r"(?!0)(?![Aa]{1,8}0)(?!\.0)",
    Edges.GROUP: r"(?![0Aa_])(?![.\- ]0)",
}
_LAST_GROUP = re.compile(r"[ \-.()]{1,4}\d{1,8}$")
TRIMS = 3
"""Groups at the end of a number that may turn out not to belong to it."""


@dataclass(frozen=True)
class _Spot:
    """What a spelling may be: `rule` (its number in RULES) at `start..end` of the spelling; `whole` if it fills its line."""

    rule: int
    start: int
    end: int
    whole: bool


@cache
def words() -> Words:
    """All words that a rule, a label or a format waits for."""
    others = (*(label.hints for label in LABELS), *(form.words for form in FORMATS), PLATE_WORDS)
    return Words(word for group in (*(rule.words for rule in RULES), *others) for word in group)


def known_words(context: str) -> frozenset[str]:
    """Those of them that stand in a text."""
    names, found = tuple(words().numbers), words().found(context)
    return frozenset(names[number] for number in found)


@cache
def _waiting() -> tuple[frozenset[int], dict[str, frozenset[int]]]:
    """Rules that wait for no word, and those that wait for each, by number."""
    by_word: dict[str, set[int]] = {}
    for number, rule in enumerate(RULES):
        for word in rule.words:
            by_word.setdefault(word, set()).add(number)
    ready = frozenset(number for number, rule in enumerate(RULES) if rule.always)
    return ready, {word: frozenset(numbers) for word, numbers in by_word.items()}


def _awake(known: Collection[str]) -> frozenset[int]:
    """Rules that may count in a text with these words."""
    ready, by_word = _waiting()
    return ready.union(*(by_word.get(word, ()) for word in known))


@cache
def _wanted() -> tuple[frozenset[int], ...]:
    """The context words of each rule, by number."""
    numbers = words().numbers
    return tuple(frozenset(numbers[word] for word in rule.words) for rule in RULES)


@cache
def _spellings() -> tuple[Any, tuple[re.Pattern[bytes], ...]]:
    """A set that says which rules a spelling may hold, and a pattern for each that says where, at every beginning."""
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20
    found, exact = re2.Set.SearchSet(options), []
    for rule in RULES:
        spelling = kind_pattern(rule.pattern.pattern)
        found.Add(f"(?:^|[^0Aa])(?:{spelling})(?:$|[^0])")
        bounded = f"{_LEFT[rule.edges]}({spelling}){_RIGHT[rule.edges]}"
        exact.append(late((f"(?={bounded})" if rule.inner else bounded).encode()))
    found.Compile()
    return found, tuple(exact)


@lru_cache(maxsize=1 << 15)
def _spots(spelling: bytes) -> tuple[_Spot, ...]:
    """Everything that a run with this spelling, its neighbours included, may be."""
    found, exact = _spellings()
    return tuple(
        _Spot(number, match.start(1), match.end(1), _fills_line(spelling, *match.span(1)))
        for number in sorted(found.Match(spelling) or ())
        for match in exact[number].finditer(spelling)
    )


def _fills_line(spelling: bytes, start: int, end: int) -> bool:
    before, after = spelling[:start].rstrip(b" \t"), spelling[end:].lstrip(b" \t")
    return before.endswith(b"\n") and after.startswith(b"\n")


def runs(spelled: bytes) -> Iterator[tuple[int, int]]:
    """Where runs of digits begin and end, letters before them included; long ones in pieces that overlap."""
    for match in RUN.finditer(spelled):
        start, end = match.span()
        if spelled[start - 1] in _LETTERS:
            head = spelled[max(start - HEAD, EDGE) : start]
            yield start - len(head) + len(head.rstrip(_LETTERS)), end
        else:
            yield start, end
        if end - start >= LONG:
            yield end - HALF, min(end + HALF, len(spelled) - EDGE)


def rule_hits(
    text: str, context: str, spelled: bytes, known: Collection[str], document: bool, columns: Columns, lonely: list[Hit]
) -> Iterator[Hit]:
    """Every value that its rule's check and context bear.

    `context` is the text in which words count, of the same length; `spelled` is what `kinds` makes of the text; `known` are
    the words in it; `columns` are its tables. To `lonely` goes what counts beside other personal data only. In a document,
    words on neighbouring lines count, and a line that holds one value and nothing else.
    """
    awake = _awake(known)
    plans: dict[bytes, tuple[_Spot, ...]] = {}
    for start, end in runs(spelled):
        spelling = spelled[start - EDGE : end + EDGE]
        plan = plans.get(spelling)
        if plan is None:
            plan = tuple(
                s for s in _spots(spelling) if s.rule in awake or (document and s.whole and RULES[s.rule].alone)
            )
            plans[spelling] = plan
        if plan:
            yield from _hits(plan, start - 2 * EDGE, text, context, document, columns, lonely)


def iban_hits(text: str, context: str, spelled: bytes) -> Iterator[Hit]:
    """International account numbers, certain but under the name of a counter."""
    for start, end in iban_places(text, spelled):
        value, around = text[start:end], words().around(context, start, end, False)
        reason = hint("IBAN_CODE", value)
        certain = not reason and not around.counted
        yield Hit(start, end, "IBAN_CODE", value, 0, Severity.HIGH, certain, reason)


def _hits(
    plan: Sequence[_Spot], base: int, text: str, context: str, document: bool, columns: Columns, lonely: list[Hit]
) -> Iterator[Hit]:
    """The hits of one run, whose spelling begins at `base` of the text."""
    for spot in plan:
        rule, start = RULES[spot.rule], max(base + spot.start, 0)
        end = _holds(rule, text, start, base + spot.end)
        if end:
            around = words().around(context, start, end, document, columns.at(start, end))
            hit = _judged(spot, rule, start, text[start:end], around, document)
            if hit and rule.unsigned and not _counts(spot, around, context, start, end):
                lonely.append(replace(hit, certain=False))
            elif hit:
                yield hit


def beside(text: str, hits: Iterable[Hit], lonely: Sequence[Hit]) -> Iterator[Hit]:
    """Of the lonely ones those that stand near other personal data, on its line."""
    firm = sorted((hit.start, hit.end) for hit in hits) if lonely else []
    for hit in lonely:
        at = bisect_left(firm, (hit.start, hit.end))
        close = firm[max(0, at - 1) : at + 1]
        if any(_same_line(text, min(end, hit.end), max(start, hit.start)) for start, end in close):
            yield hit


def _same_line(text: str, end: int, start: int) -> bool:
    """Whether what ends at `end` and what starts at `start` stand near each other on one line."""
    return 0 <= start - end <= BEFORE and "\n" not in text[end:start]


def _counts(spot: _Spot, around: Around, context: str, start: int, end: int) -> bool:
    """Whether digits stand for themselves: by signs in them, a word near by, a person's name before or Chinese around them."""
    if not context[start:end].isdecimal() or spot.whole or around.whose:
        return True
    if not around.words.isdisjoint(_wanted()[spot.rule]):
        return True
    return (
        not around.named
        and not context.isascii()
        and _HAN.search(context, max(0, start - BEFORE), end + AFTER) is not None
    )


def _holds(rule: Rule, text: str, start: int, end: int) -> int:
    """Where the value ends, 0 if pattern or check do not hold; groups are taken off its end where the rule allows it."""
    for _ in range(TRIMS + 1 if rule.trim else 1):
        value = text[start:end]
        if rule.pattern.fullmatch(value) and holds(rule.check, value):
            return 0 if rule.type == "phone" and is_hotline(value) else end
        shorter = _LAST_GROUP.search(value)
        if not rule.trim or not shorter:
            return 0
        end = start + shorter.start()
    return 0


def _judged(spot: _Spot, rule: Rule, start: int, value: str, around: Around, document: bool) -> Hit | None:
    """A hit, if context allows one; certain only if nothing speaks against it."""
    near = not around.words.isdisjoint(_wanted()[spot.rule])
    if (
        not near
        and not rule.strong
        and (around.counted or (around.numbered and not around.whose and value.isdecimal()))
    ):
        return None
    end = start + len(value)
    if not near and not rule.always:
        alone = document and spot.whole and rule.alone
        return Hit(start, end, rule.type, value, 3, Severity.LOW, hint=hint(rule.type, value)) if alone else None
    reason = hint(rule.type, value)
    rank = (1 if rule.check else 2) - near
    sure = rule.sure or (near and rule.always)
    certain = sure and not reason and not around.counted and (near or not around.numbered)
    return Hit(start, end, rule.type, value, rank, rule.severity, certain, reason)
