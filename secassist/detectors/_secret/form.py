"""Format: how a value is found by what stands around it, and how what stands there is read."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from secassist.detectors._late import late
from secassist.detectors._secret.checks import is_identifier, is_scrambled, looks_random

_SENTENCE = frozenset(("the", "and", "your", "you", "for", "with", "from", "not", "are", "has", "all", "our", "was"))


def plain(value: str) -> str | None:
    """The value itself: what is written is what is meant."""
    return value


def generated(value: str) -> str | None:
    """The value itself where it is generated, or None where it is a name."""
    return value if (looks_random(value) or is_scrambled(value)) and not is_identifier(value) else None


def decoded(value: str) -> str | None:
    """What base64 holds, or None where it is no text."""
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def pair(value: str) -> str | None:
    """The password of a base64 "user:password"."""
    both = decoded(value)
    return both.partition(":")[2] if both is not None and ":" in both else None


def seed_phrase(value: str) -> str | None:
    """The words themselves, or None where they are a sentence: these stand in most of them and in no list of BIP 39."""
    return None if _SENTENCE.intersection(value.split()) or len(set(value.split())) < 10 else value


@dataclass(frozen=True)
class Format:
    """`pattern` is matched where `literal` stands; group "u", or else "w", is the value.

    `reads` gives what the value stands for, which is judged in its stead, or None where it is no value.
    """

    type: str
    literal: str
    pattern: re.Pattern[str]
    reads: Callable[[str], str | None] = plain


def form(name: str, literal: str, pattern: str, reads: Callable[[str], str | None] = plain) -> Format:
    """A line of a table; `pattern` begins with `literal` and is bounded."""
    return Format(name, literal, late(pattern), reads)
