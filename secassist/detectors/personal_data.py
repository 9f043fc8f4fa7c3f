"""Personal data in any text: numbers with check digits, addresses and names with the words around them."""

import re
from collections.abc import Iterator
from functools import cache

from schemas import FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.places import PlaceMap
from secassist.detectors._mask import Masks, blanked
from secassist.detectors._pii import (
    addresses,
    chinese,
    english,
    escaped,
    groups,
    labelled,
    plates,
    scan,
    streets,
)
from secassist.detectors._pii.columns import Columns
from secassist.detectors._pii.shape import half_width, kinds
from secassist.detectors._secret.hit import Hit, without_overlaps
from secassist.detectors.base import Candidate, Detection

_HAN = re.compile("[\u4e00-\u9fa5]")
MARK = "****"
"""What every token that redaction leaves holds."""


class PersonalData:
    """Candidates of kind PERSONAL_DATA; `certain` where a check digit and the shape, or the shape and the context, prove it.

    What stands under a counter's name (order_id, seq, size) is never certain, and left out where its check is weak.
    """

    name = "personal_data"
    version = "7"
    summary = (
        "Personal data of some 80 countries by shape, check digit and context, in text with or without word boundaries."
    )
    kinds = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        """Candidates sorted by place, none overlapping; raises nothing. IP addresses are reported in documents only."""
        places = PlaceMap(subject)
        text, lonely = half_width(places.text), list[Hit]()
        found = [*_hits(text, subject.kind is SubjectKind.DOCUMENT, lonely)]
        hits = without_overlaps([*found, *scan.beside(text, found, lonely)])
        if MARK in places.text:
            masks = Masks(places.text)
            hits = [hit for hit in hits if not masks.cover(hit.start, hit.end)]
        return Detection(candidates=tuple(_candidate(hit, places) for hit in hits))


def _hits(text: str, document: bool, lonely: list[Hit]) -> Iterator[Hit]:
    spelled, context = kinds(text), blanked(text)
    known, columns = scan.known_words(context), Columns(text, spelled)
    yield from columns.hits(text)
    yield from scan.rule_hits(text, context, spelled, known, document, columns, lonely)
    yield from scan.iban_hits(text, context, spelled)
    yield from groups.group_hits(text, spelled, known, document)
    yield from labelled.label_hits(text, known)
    yield from addresses.mail_hits(text)
    if document:
        yield from addresses.network_hits(text, spelled)
        yield from addresses.device_hits(text, spelled)
    yield from english.name_hits(text, spelled)
    yield from streets.address_hits(text, spelled)
    if not text.isascii() and _HAN.search(text):
        yield from _chinese_hits(text)
        yield from plates.plate_hits(text, known)
    yield from escaped.escaped_hits(text, _chinese_hits)


def _chinese_hits(text: str) -> Iterator[Hit]:
    yield from chinese.address_hits(text)
    yield from chinese.name_hits(text)


@cache
def _named(kind: str) -> tuple[str, str]:
    """The rule and the message of a type."""
    return f"personal-data-{kind.lower().replace('_', '-')}", f"Looks like personal data of type {kind}"


def _candidate(hit: Hit, places: PlaceMap) -> Candidate:
    rule, message = _named(hit.type)
    return Candidate(
        kind=FindingKind.PERSONAL_DATA,
        rule=rule,
        type=hit.type,
        message=message,
        place=places.place(hit.start, hit.end),
        severity=hit.severity if hit.certain or hit.severity is not Severity.HIGH else Severity.MEDIUM,
        value=places.text[hit.start : hit.end],
        cwe="CWE-359",
        certain=hit.certain,
        safe_hint=hit.hint,
        by="personal_data",
    )


PLUGIN = PersonalData()
