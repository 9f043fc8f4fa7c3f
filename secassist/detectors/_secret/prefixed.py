"""Finds keys that begin with the mark of their maker, whoever that is: a short head, a joint, and a long generated tail."""

import re
import string
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from schemas import Severity
from secassist.detectors._secret.checks import entropy, has_run, is_identifier, is_worded, safe_hint
from secassist.detectors._secret.hit import Hit
from secassist.detectors._secret.names import names_a_thing, numbers_a_thing
from secassist.detectors._secret.rules import rules

PREFIXED = "prefixed"
PROBE = r"[A-Za-z0-9][_.-][A-Za-z0-9]{16}"
"""What every such key contains; for RE2."""
LEAST_HEAD = 3
"""Characters before a hyphen; clouds number their things with two: "db-", "rm-", "lb-"."""
LEAST_AFTER_DOT = 40
"""Characters; members of things are named shorter."""
HEX_LENGTHS = (32, 40, 48, 56, 60, 64)
"""Of what generators give; other hex words are numbers of things."""
LEAST_ENTROPY = 3.0
"""Bits per character of the tail."""
TOKEN = re.compile(
    r"(?<![A-Za-z0-9_/+.\-@#$%&~*<>\\])(?P<head>(?:[a-z][a-z0-9]{1,11}|[A-Z][A-Z0-9]{1,7})(?:[_\-](?:[a-z]{2,8}|v?\d{1,2}))?)(?P<joint>[_\-.])"
    r"(?P<tail>[A-Za-z0-9_\-]{20,200}+)={0,2}(?![A-Za-z0-9_/+@(*<\\]|[.\-:]\w|\.\.)"
)
_LONG_PART = re.compile(r"[_\-.][A-Za-z0-9]{16}")
"""What is rare, and stands in every such key."""
_LONGEST_BEFORE = 256
"""Characters of a key that can stand before its last part."""
_OF_KEYS = string.ascii_letters + string.digits + "_-."
_KEY_HEADS = "sk rk pat key token tok tkn secret live prod apikey pw oauth webhook"
_KEYS = frozenset(_KEY_HEADS.split())
"""Last parts of heads that say that a key follows."""
_THING_HEADS = """
    req evt cus ch py pi in ii sub si msg acct price prod run thread asst file batch chatcmpl resp user usr org proj inv
    txn card src seti job wh step call item team toolu cs pm po re tr txr ba ca cn dp du fee il ic iss link mandate plan
    promo prv qt rcpt tax tok vs ws gen cmpl img audio sess session request trace span event message build commit chunk
    page asset bundle style css js module hash sha md digest etag layer image img rev node pod container vol key cache
    utm pk pub site public ga gtm test example foo bar baz bucket tmp temp backup uuid guid id uid ref
"""
_THINGS = frozenset(_THING_HEADS.split())
"""Heads of numbers of things, of names of files, and of what is public."""
_ANYBODYS = _KEYS | {"api", "app", "web", "auto", "private", "test", "sandbox", "access"}
"""Heads that are no maker's mark."""
_PARTS = re.compile(r"[_\-]")
_DIGITS = re.compile(r"\d{1,12}$")
_HEX = re.compile(r"(?:[0-9a-f]{20,200}|[0-9A-F]{20,200})$")
_DIGEST = re.compile(r"(?:sha|md)-?\d{1,3}[\"']?[:=\-] ?[\"']?$|integrity[\"']?[:=] ?[\"']?$")
_NUMBERED = re.compile(r"(?:id|ids|uid|name|ref|arn|url|uri|slug|etag|sha|key_?id)\\?[\"']?\s?[:=]\s?\\?[\"']?$")
"""What stands before the number or name of a thing."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-")


def prefixed_hits(text: str, lowered: str) -> Iterator[Hit]:
    """The whole words; linear, since a word is looked at from a few places at most."""
    for match in _tokens(text):
        if _is_key(match["head"], match["joint"], match["tail"]):
            start, end = match.span()
            before = lowered[max(0, start - 40) : start]
            if _DIGEST.search(before) or _NUMBERED.search(before) or match[0].startswith(_known()):
                continue
            thing = "public or a mere name" if names_a_thing(before) or numbers_a_thing(before) else ""
            hint = thing or safe_hint(match[0], generated=True)
            yield Hit(start, end, "random-token", match[0], 3, Severity.LOW, hint=hint)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Words that may be such keys; they can begin only where their characters begin, since none may stand before them."""
    last = -1
    for part in _LONG_PART.finditer(text):
        least = max(0, part.start() - _LONGEST_BEFORE)
        start = least + len(text[least : part.start()].rstrip(_OF_KEYS))
        match = TOKEN.match(text, start) if start > last else None
        if match:
            last = start
            yield match


@cache
def _known() -> tuple[str, ...]:
    """How keys begin that have a format of their own, which is asked instead."""
    begins = (literal for rule in rules() if not rule.back for literal in rule.literals)
    return tuple(each for each in begins if len(each) > 2 and each.strip("_-").lower() not in _ANYBODYS)


def _is_key(head: str, joint: str, tail: str) -> bool:
    maker, *kind = [_DIGITS.sub("", part) for part in _PARTS.split(head.lower())]
    says_key = bool(kind and kind[-1] in _KEYS) or maker in ("sk", "rk", "pat")
    if joint == "." and len(tail) < LEAST_AFTER_DOT:
        return False
    if not says_key and (maker in _THINGS or (joint == "-" and len(head) < LEAST_HEAD)):
        return False
    runs = _PARTS.split(tail)
    if _GUID.match(tail) or max(map(len, runs)) < 16 or entropy(tail) < LEAST_ENTROPY or has_run(tail):
        return False
    if is_worded(tail) or is_identifier(tail):
        return False
    if _HEX.match(tail):
        return says_key or (joint == "_" and len(tail) in HEX_LENGTHS)
    return _is_mixed(tail)


def _is_mixed(tail: str) -> bool:
    """Whether kinds of characters change as often as in generated values: at every third place at least."""
    kinds = [2 if char.isdigit() else char.isupper() for char in tail]
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes * 3.3 > len(tail)
