"""S1 without what can be argued about: labels that a reader would not sign, and findings of which the labels do not speak.

Each row of S1 is a test of one rule of another scanner: it marks what that rule is about and is silent on the rest. What is
set aside follows from the text, the label and what the tools say alike, never from the number of a row or from our detectors.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from benchmarks.sensitive import matching, scores
from benchmarks.sensitive.denials import speaks_of
from benchmarks.sensitive.items import Item, Span
from benchmarks.sensitive.logs import SECRET
from benchmarks.sensitive.matching import Match
from benchmarks.sensitive.scores import Figures, Rate
from benchmarks.sensitive.yardsticks import Answer

KEY_LINE, NO_CREDENTIAL, PLACEHOLDER, SILENT, AGREED, DENIED = (
    "a line of a private key that is marked line by line: joined to one place",
    "marked, but a name, a host, an address, a public key, a salt or a hash, beside a password too",
    "marked, but an ordinary word, a variable, or characters that count up or repeat",
    "found beside the marked places, in a text of which only these are annotated",
    "found in a text without marked places by tools of different makers at the same place",
    "found in a text of which the label says only that another type, or another value, is none",
)
_NO_CREDENTIAL = re.compile(
    r"domain|e-?mail|host ?name|user ?name|org(?:ani[sz]ation)? name|account id|app(?:lication)? id|client (?:id|cred)|"
    r"recipient|public key|publishable|\bsalt\b|\bnonce\b|\bhash\b|access[- ]id",
    re.IGNORECASE,
)
_NAMED_SO = re.compile(
    r"(?:user(?:[_ -]?(?:id|name))?|uname|account|host(?:name)?|login|e?mail)[\"']?\s{0,3}(?::|:?=|\s-u)\s{0,3}[\"']?$|"
    r"\s-u(?:ser)? [\"']?$",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w.\-]+(?::\d{2,5})?")
_SPOKEN = re.compile(r"(?:my|your|some|the)[_\- ]?(?:user|pass|secret|key|token|db|data)|#\{|\$\{|\{\{")
_WORDS: Final = frozenset(
    (
        "password",
        "passwd",
        "pass",
        "secret",
        "token",
        "key",
        "mypass",
        "changeme",
        "username",
        "user",
        "admin",
        "string",
    )
)
_RUN: Final = 6
_GAP: Final = 60
"""Characters of comment, quotes and breaks that may stand between two lines of a key."""


@dataclass(frozen=True)
class Settled:
    """One tool on S1 without what is disputed; `aside` counts by reason what was set aside."""

    tool: str
    places: Figures
    flagged: Rate
    aside: Counter[str]


def settle(items: Sequence[Item], answers: Sequence[Answer]) -> list[Settled]:
    """The figures of every tool that speaks of secrets; nothing when there is no S1."""
    numbers = [number for number, item in enumerate(items) if item.set == "S1"]
    judges = [answer for answer in answers if not answer.problem and answer.speaks_of(SECRET)]
    return [_settled(items, numbers, answer, judges) for answer in judges] if numbers else []


def _settled(items: Sequence[Item], numbers: Sequence[int], answer: Answer, judges: Sequence[Answer]) -> Settled:
    aside: Counter[str] = Counter()
    matches, groups, flags, clean = [], [], [], []
    for number in numbers:
        item, why = settled(items[number])
        aside.update(why)
        found = matching.match(item, answer.found[number], SECRET)
        others = [o for a in judges if _maker(a) != _maker(answer) for o in a.found[number] if o.kind == SECRET]
        kept, left = _kept(item, found, others)
        aside.update(left)
        matches.append(kept)
        groups.append(item.group)
        if not item.spans and not item.open:
            flags.append(bool(kept.said))
            clean.append(item.group)
    figures = scores.figures({"places": [matching.places(found) for found in matches]}, groups)
    return Settled(answer.name, figures["places"], scores.share(flags, clean), aside)


def settled(item: Item) -> tuple[Item, Counter[str]]:
    """The item with lines of a key joined and doubtful labels left open, and how many labels that took by reason."""
    joined = _joined(item)
    aside = Counter({KEY_LINE: len(item.spans) - len(joined)})
    sound: list[Span] = []
    doubtful: list[Span] = []
    for span in joined:
        why = _doubt(item.text, span)
        aside[why] += 1
        (doubtful if why else sound).append(span)
    del aside[""]
    return replace(item, spans=tuple(sound), open=(*item.open, *doubtful)), +aside


def _doubt(text: str, span: Span) -> str:
    value = text[span.start : span.end]
    if value.startswith("machine ") or _beside_a_password(text, span):
        return NO_CREDENTIAL
    if _NO_CREDENTIAL.search(span.name) or _NAMED_SO.search(text[max(0, span.start - 40) : span.start]):
        return NO_CREDENTIAL
    return PLACEHOLDER if is_placeholder(value) else ""


def _beside_a_password(text: str, span: Span) -> bool:
    """Whether the place is the host or the user of a URL that holds a password: `scheme://user:password@host`."""
    before, after = text[max(0, span.start - 3) : span.start], text[span.end : span.end + 1]
    host = before.endswith("@") and _HOST.fullmatch(text, span.start, span.end) is not None
    return host or (before == "://" and after == ":")


def is_placeholder(value: str) -> bool:
    """Whether a reader would take the value for an example at a glance."""
    plain = value.lower().strip("\"' ")
    signs = re.sub(r"[^a-z0-9]", "", plain)
    if (
        plain.strip("<>{}[]()$%_ ") in _WORDS
        or re.match(r"[$%]\w+%?$", plain)
        or _SPOKEN.match(plain)
        or signs.startswith("123e4567e89b12d3")
    ):
        return True
    return _counts(signs) or re.search(r"(.{1,8}?)\1{3,}", signs) is not None or len(set(signs)) < 4


def _counts(signs: str) -> bool:
    run = 1
    for one, other in pairwise(signs):
        run = run + 1 if ord(other) - ord(one) == 1 or one + other in ("90", "9a", "z0") else 1
        if run >= _RUN:
            return True
    return False


def _joined(item: Item) -> list[Span]:
    """Without the breaks between marked lines of one private key."""
    found: list[Span] = []
    for span in item.spans:
        last = found[-1] if found else None
        if last and _same_key(item.text, last, span):
            found[-1] = replace(last, end=max(last.end, span.end))
        else:
            found.append(span)
    return found


def _same_key(text: str, last: Span, span: Span) -> bool:
    """A place that begins another key, or stands far off, is one of its own."""
    if last.type != "private_key" or span.type != "private_key" or span.start - last.end > _GAP:
        return False
    return "-----BEGIN" not in text[span.start : span.start + 12] and "-----END" not in text[last.start : last.end]


def _kept(item: Item, found: Match, others: Sequence[Span]) -> tuple[Match, Counter[str]]:
    """What was found, without the wrong findings on which the labels are silent or tools of other makers agree."""
    aside: Counter[str] = Counter()
    paired = {said for _, said in found.pairs}
    keep: list[int] = []
    for number, span in enumerate(found.said):
        why = ""
        if number not in paired and (item.spans or item.open):
            why = SILENT
        elif number not in paired and not speaks_of(item, span):
            why = DENIED
        elif number not in paired and any(_same_place(span, other) for other in others):
            why = AGREED
        if why:
            aside[why] += 1
        else:
            keep.append(number)
    at = {old: new for new, old in enumerate(keep)}
    pairs = tuple((truth, at[said]) for truth, said in found.pairs)
    return Match(found.truth, tuple(found.said[number] for number in keep), pairs), aside


def _same_place(one: Span, other: Span) -> bool:
    both = min(one.end, other.end) - max(one.start, other.start)
    return 2 * both >= min(one.end - one.start, other.end - other.start) > 0


def _maker(answer: Answer) -> str:
    return answer.name.split(",")[0]
