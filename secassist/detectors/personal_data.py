"""Personal data in any text: numbers with check digits, addresses and names with the words around them."""

from collections.abc import Iterator

from schemas import FindingKind, Severity, Subject, SubjectKind
from secassist.detectors import _pii_chinese, _pii_english
from secassist.detectors._code_places import PlaceMap, lower_in_place
from secassist.detectors._mask import Masks, blanked
from secassist.detectors._pii_scan import address_hits, rule_hits
from secassist.detectors._secret_hit import Hit, without_overlaps
from secassist.detectors.base import Candidate, Detection


class PersonalData:
    """Candidates of kind PERSONAL_DATA; `certain` where a check digit and the shape, or the shape and the context, prove it."""

    name = "personal_data"
    version = "2"
    summary = (
        "Personal data of some 30 countries by shape, check digit and context, in text with or without word boundaries."
    )
    kinds = frozenset(SubjectKind)

    def detect(self, subject: Subject) -> Detection:
        """Candidates sorted by place, none overlapping; raises nothing. IP addresses are reported in documents only."""
        places = PlaceMap(subject)
        hits = without_overlaps(_hits(places.text, subject.kind))
        masks = Masks(places.text)
        return Detection(
            candidates=tuple(_candidate(hit, places) for hit in hits if not masks.cover(hit.start, hit.end))
        )


def _hits(text: str, kind: SubjectKind) -> Iterator[Hit]:
    document = kind is SubjectKind.DOCUMENT
    yield from rule_hits(text, blanked(lower_in_place(text)), alone=document)
    if document:
        yield from address_hits(text)
    if not text.isascii():
        yield from _pii_chinese.address_hits(text)
        yield from _pii_chinese.name_hits(text)
    yield from _pii_english.name_hits(text)
    yield from _pii_english.address_hits(text)


def _candidate(hit: Hit, places: PlaceMap) -> Candidate:
    return Candidate(
        kind=FindingKind.PERSONAL_DATA,
        rule=f"personal-data-{hit.type.lower().replace('_', '-')}",
        type=hit.type,
        message=f"Looks like personal data of type {hit.type}",
        place=places.place(hit.start, hit.end),
        severity=hit.severity if hit.certain or hit.severity is not Severity.HIGH else Severity.MEDIUM,
        value=hit.value,
        cwe="CWE-359",
        certain=hit.certain,
        safe_hint=hit.hint,
        by="personal_data",
    )


PLUGIN = PersonalData()
