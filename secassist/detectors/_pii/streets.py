"""Postal addresses of Europe and the Americas: a number and a street beside it, in either order, and the town after them."""
# ruff: noqa: E501, SIM905 - a pattern is easier to check in one piece

import re
from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._pii.shape import EDGE, found_at
from secassist.detectors._secret.hit import Hit

_WORDS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Parkway|Pkwy|Highway|Hwy|Circle|Cir|"
    "Close|Crescent|Gardens|Grove|Row|Hill|Mews|Trail|Walk|Plaza|Quay"
)
_UNIT = r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?[A-Za-z0-9\-]{1,6})?"
_TOWN = (
    r"(?:,? (?:(?:St|Ft|Mt)\. )?(?:[A-Z][a-zA-Z]{1,20}(?![A-Za-z0-9]) ?){1,3})?(?:,? [A-Z]{2}(?![A-Za-z0-9]))?"
    r"(?:,? ?(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d))?"
)
NUMBER_FIRST = re.compile(rb"0[Aa]?,? (?=A[a.'? ]|0{1,3}aa )")
"""In the spelling of `shape.kinds`: a number and a capitalised or a numbered word."""
_ADDRESS = re.compile(
    rf"\d{{1,5}}[A-Za-z]?,? (?:(?:[NSEW]\.?|[A-Z][a-z'’À-ÿ]{{1,20}}\.?|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}(?:{_WORDS})\b\.?{_UNIT}{_TOWN}"
)
_FRENCH = re.compile(
    r"\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]llée) (?:(?:de|du|des|la|le|les|d'|l') ?){0,3}"
    r"[A-ZÀ-Ý][\w'’\-]{1,20}(?: [A-ZÀ-Ý][\w'’\-]{1,20}){0,2}(?:, ?\d{5} [A-ZÀ-Ý][\w\-]{1,20})?"
)
FRENCH_START = re.compile(rb"0(?: ?aaa)?,? (?=[Aa]a{2,8} )")
NUMBER_LAST = re.compile(rb"A[a?\-]{3,24}\.? $")
_BEFORE_NUMBER = re.compile(rb" (?<=[a?\-.] )(?=0)")
_LONGEST_STREET = 28
_GERMAN = ("straße", "strasse", "str.", "weg", "platz", "allee", "gasse", "ufer", "damm")
STREET_FIRST = tuple(
    (f"{word} ", re.compile(rf"{word}(?: [A-Za-zÀ-ÿ'\-]{{1,20}}){{1,4}},? (?=\d)"))
    for word in "Rue Avenue Boulevard Calle Via Viale Piazza Plaza Avenida Rua Corso".split()
)
_REST = re.compile(r"\d{1,4}[a-z]?(?:, ?\d{4,5} [A-ZÄÖÜÀ-Ý][\w\-]{1,20}(?: [A-ZÄÖÜÀ-Ý][\w\-]{1,20})?)?(?![\w.])")
PO_BOX = re.compile(r"Box \d{1,6}(?:, [A-Z][A-Za-z ]{1,30}(?:, [A-Z]{2} \d{5})?)?")
_PO = re.compile(r"(?<![A-Za-z])P\.? ?O\.? $")
LABELLED = re.compile(
    rf"ddress[\"'\\]{{0,4}}[ \t]{{0,3}}[:=][ \t\"'\\]{{0,6}}(?i:(\d{{1,5}}[a-z]? (?:[a-z'.\-]{{1,20}} ){{1,4}}(?:{_WORDS})\b\.?))"
)
LONGEST_NUMBER = 5


def address_hits(text: str, spelled: bytes) -> Iterator[Hit]:
    """House number, street and what follows of town, state and postal code."""
    yield from _number_first(text, spelled)
    yield from _number_last(text, spelled)
    for match in found_at(text, "Box ", PO_BOX):
        prefix = _PO.search(text, max(0, match.start() - 6), match.start())
        if prefix:
            yield _address(text, prefix.start(), match.end())
    for match in found_at(text, "ddress", LABELLED):
        yield _address(text, *match.span(1))


def _number_first(text: str, spelled: bytes) -> Iterator[Hit]:
    for start_pattern, pattern in ((NUMBER_FIRST, _ADDRESS), (FRENCH_START, _FRENCH)):
        for match in start_pattern.finditer(spelled):
            head = spelled[max(0, match.start() - LONGEST_NUMBER) : match.start()]
            start = match.start() - len(head) + len(head.rstrip(b"0"))
            found = None if spelled[start - 1] in b"0Aa.-/_" else pattern.match(text, start - EDGE)
            if found:
                yield _address(text, *found.span())


def _number_last(text: str, spelled: bytes) -> Iterator[Hit]:
    for gap in _BEFORE_NUMBER.finditer(spelled):
        match = NUMBER_LAST.search(spelled, max(0, gap.end() - _LONGEST_STREET), gap.end())
        if match is None:
            continue
        start, end = match.start() - EDGE, match.end() - EDGE
        if text[start : end - 1].lower().endswith(_GERMAN) and spelled[match.start() - 1] not in b"Aa0_":
            yield from _with_rest(text, start, end)
    for word, pattern in STREET_FIRST:
        for street in found_at(text, word, pattern):
            if not text[street.start() - 1 : street.start()].isalpha():
                yield from _with_rest(text, *street.span())


def _with_rest(text: str, start: int, number: int) -> Iterator[Hit]:
    rest = _REST.match(text, number)
    if rest:
        yield _address(text, start, rest.end())


def _address(text: str, start: int, end: int) -> Hit:
    value = text[start:end].rstrip(" ,")
    return Hit(start, start + len(value), "address", value, 2, Severity.MEDIUM)
