"""Values whose groups begin with letters: international account numbers, and British postcodes and number plates."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._pii_checks import CHECKS, iban_length
from secassist.detectors._pii_shape import EDGE
from secassist.detectors._secret_hit import Hit

IBAN_STARTS = (re.compile(rb"AA00[ \-]?[0Aa]{4}"), re.compile(rb"aa00[ \-]?[0Aa]{4}"))
LONGEST_IBAN = 34 + 12
REACH = 48


@dataclass(frozen=True)
class Grouped:
    """A format that counts beside one of its words (lower case), or (`alone`) on a line of a document.

    `spelling` is its kinds.
    """

    type: str
    words: tuple[str, ...]
    spelling: bytes
    pattern: re.Pattern[str]
    alone: bool = True


FORMATS = (
    Grouped(
        "UK_POSTCODE",
        ("postcode", "post code", "address", "london", "street", "road", "uk", "england"),
        rb"A{1,2}0[0A]? ?0AA|AAA ?0AA",
        re.compile(
            r"GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d[0-9ABEHMNPRV-Y]?|\d[A-HJKPSTUW]) ?\d[ABD-HJLNP-UW-Z]{2}"
        ),
    ),
    Grouped(
        "UK_VEHICLE_REGISTRATION",
        ("vehicle", "registration", "plate", "car", "reg number", "number plate"),
        rb"[Aa]{2}00[ \-]?[Aa]{3}|[Aa]0{1,3}[ \-]?[Aa]{3}|[Aa]{3}[ \-]?0{1,3}[ \-]?[Aa]",
        re.compile(
            r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d)[ \-]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[ \-]?[A-HJ-PR-Y]{3}|"
            r"[A-HJ-PR-Y]{3}[ \-]?\d{1,3}[ \-]?[A-HJ-NPR-TV-Y]",
            re.IGNORECASE,
        ),
    ),
    Grouped(
        "DE_LICENSE_PLATE",
        ("kennzeichen", "kfz", "fahrzeug"),
        rb"[A?]{1,3}[ \-]A{1,2} ?0{1,4}A?",
        re.compile("[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2} ?[1-9][0-9]{0,3}[EH]?"),
        alone=False,
    ),
    Grouped(
        "TR_LICENSE_PLATE",
        ("plaka", "plakası", "araç"),
        rb"00 ?A{1,3} ?0{2,5}",
        re.compile("(?:0[1-9]|[1-7][0-9]|8[01]) ?[A-Z]{1,3} ?[0-9]{2,5}"),
        alone=False,
    ),
)


@cache
def _spelled(form: Grouped) -> Any:
    import re2

    return re2.compile(rb"(?:[^0Aa])(" + form.spelling + rb")(?:[^0Aa])")


def iban_places(text: str, spelled: bytes) -> Iterator[tuple[int, int]]:
    """Where IBANs begin and end, in groups or not: as many characters as the country's has, then the check."""
    for pattern in IBAN_STARTS:
        for match in pattern.finditer(spelled):
            start = match.start() - EDGE
            size = 0 if _alnum(text[start - 1 : start]) else iban_length(text[start : start + 2])
            end = _after(text, start, size) if size else 0
            if end and CHECKS["iban"](text[start:end]) and not _alnum(text[end : end + 1]):
                yield start, end


def _alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _after(text: str, start: int, size: int) -> int:
    """Where `size` letters and digits end that single spaces or hyphens may part; 0 if other signs come before."""
    left = size
    for at in range(start, min(start + LONGEST_IBAN, len(text))):
        char = text[at]
        if _alnum(char):
            left -= 1
            if not left:
                return at + 1
        elif char not in " -" or text[at - 1] in " -":
            return 0
    return 0


def group_hits(text: str, spelled: bytes, known: Collection[str], document: bool) -> Iterator[Hit]:
    """Postcodes and plates beside one of their words; alone on a line of a document."""
    for form in FORMATS:
        awake = any(word in known for word in form.words)
        for match in _spelled(form).finditer(spelled) if awake or (document and form.alone) else ():
            start, end = match.start(1) - EDGE, match.end(1) - EDGE
            if form.pattern.fullmatch(text, start, end):
                if awake and _near(text, start, end, form.words):
                    yield Hit(start, end, form.type, text[start:end], 2)
                elif document and form.alone and _fills_line(spelled, match.start(1), match.end(1)):
                    yield Hit(start, end, form.type, text[start:end], 3, Severity.LOW)


def _near(text: str, start: int, end: int, words: Collection[str]) -> bool:
    around = (text[max(0, start - REACH) : start] + "\n" + text[end : end + REACH // 2]).lower()
    return any(re.search(rf"(?<![a-z]){word}s?(?![a-z])", around) for word in words)


def _fills_line(spelled: bytes, start: int, end: int) -> bool:
    before, after = spelled[max(0, start - REACH) : start].rstrip(b" \t"), spelled[end : end + REACH].lstrip(b" \t")
    return before.endswith(b"\n") and after.startswith(b"\n")
