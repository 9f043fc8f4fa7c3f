"""Names and addresses that no pattern finds, read by a tagger; without one this detector looks at nothing."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.places import PlaceMap
from secassist.detectors._pii.english import is_no_name
from secassist.detectors._pii.hints import hint
from secassist.detectors._pii.things import is_a_things
from secassist.detectors.base import Candidate, Detection, Signal
from secassist.errors import DetectorError, ModelError

Reader = Callable[[str], tuple[Sequence[tuple[int, int, str]], int]]
"""Gives of a text start, end (characters) and type of each value, and how many promising characters were not read."""
UNREAD = "people-unread"
_PROSE = frozenset({"", ".txt", ".md", ".rst", ".log", ".csv", ".tsv"})
"""Of code units those are read that are parts of texts."""
_MESSAGES = {"person": "Read as the name of a person", "address": "Read as a postal address"}


class People:
    """Candidates of kind PERSONAL_DATA, types "person" and "address".

    They are `certain`: a model has read them already, and its thresholds are set for precision, so that no other is asked.
    """

    name = "people"
    summary = "names and addresses that no pattern finds, read by a tagger where one is installed"

    def __init__(self, reader: Reader | None = None, version: str = "3") -> None:
        self._reader = reader
        self.version = version
        self.kinds: frozenset[SubjectKind] = frozenset(SubjectKind) if reader else frozenset()

    def reading(self, reader: Reader, digest: str) -> "People":
        """A detector that reads with this reader, all of whose answers depend on what `digest` stands for."""
        return People(reader, f"{People().version}+{digest[:16]}")

    def detect(self, subject: Subject) -> Detection:
        """Candidates by place; where the text was too long to be read whole, a signal says so.

        Raises DetectorError when the tagger is damaged.
        """
        if self._reader is None or not _is_prose(subject):
            return Detection()
        places = PlaceMap(subject)
        try:
            found, unread = self._reader(places.text)
        except ModelError as error:
            raise DetectorError(f"names and addresses could not be read: {error}") from error
        text = places.text
        kept = (one for one in found if one[2] != "person" or not _is_a_things(text, *one[:2]))
        candidates = tuple(_candidate(places, *one) for one in kept)
        return Detection(candidates=candidates, signals=(_note(unread),) if unread else ())


def _is_prose(subject: Subject) -> bool:
    return not isinstance(subject, CodeUnit) or PurePath(subject.path).suffix.lower() in _PROSE


def _is_a_things(text: str, start: int, end: int) -> bool:
    return is_no_name(text[start:end]) or is_a_things(text, start, end)


def _candidate(places: PlaceMap, start: int, end: int, kind: str) -> Candidate:
    value = places.text[start:end]
    harmless = hint(kind, value)
    return Candidate(
        kind=FindingKind.PERSONAL_DATA,
        rule=f"personal-data-{kind}",
        type=kind,
        message=_MESSAGES[kind],
        place=places.place(start, end),
        severity=Severity.MEDIUM if kind == "address" else Severity.LOW,
        value=value,
        cwe="CWE-359",
        certain=not harmless,
        safe_hint=harmless,
        by=People.name,
    )


def _note(unread: int) -> Signal:
    message = f"{unread} characters in which somebody may be named were not read for names and addresses"
    return Signal(UNREAD, message, noteworthy=False)


PLUGIN = People()
