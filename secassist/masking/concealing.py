"""Concealing: what detectors find in a subject is taken out of it before anything keeps, shows or repeats it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from schemas import Analysis, Evidence, Finding, Judgement, Severity, Subject
from secassist.detectors.base import Candidate, Detector
from secassist.errors import DetectorError, SourceError
from secassist.masking.texts import Redactor, scrub
from secassist.masking.values import Cover, Found, redact_subject, trace

NUMBER_DIGITS = 7
"""From this many digits on a personal datum is the number of a person, card or account, and not evidence like a name."""


@dataclass(frozen=True)
class Concealer:
    """Searches by the detectors of secrets and of personal data, and by `redactor` for what stands encoded.

    `key` is the home's, under which findings keep hashes of values.
    """

    secrets: Detector
    personal: Detector
    redactor: Redactor
    key: bytes

    def conceal(self, subject: Subject) -> Subject:
        """The subject with every secret and personal number that code finds, encoded or not, replaced by type and mask.

        Raises SourceError when it cannot be searched: what could not be searched is not kept.
        """
        try:
            found: list[Found] = [*to_conceal(subject, self.secrets, self.personal)]
            found += self.redactor.hidden(subject.text)
        except DetectorError as error:
            raise SourceError(f"{subject.origin}: cannot be searched for secrets and is not kept: {error}") from error
        return redact_subject(subject, found)

    def finds_something(self, subject: Subject) -> bool:
        """Whether there is a value to hide, real or not; true of what cannot be searched."""
        try:
            return next(self._values(subject), None) is not None
        except DetectorError:
            return True

    @contextmanager
    def scrubbing(self, subjects: Sequence[Subject]) -> Iterator[None]:
        """An error of a model or template that quotes its prompt goes on without the values in these subjects."""
        try:
            yield
        except BaseException as error:
            scrub(error, Cover(value for subject in subjects for value in self._values(subject)))
            raise

    def _values(self, subject: Subject) -> Iterator[str]:
        """Everything that code holds for a secret or personal, real or not, as it stands there and decoded."""
        for detector in (self.secrets, self.personal):
            yield from (c.value for c in detector.detect(subject).candidates)
        for hidden in self.redactor.hidden(subject.text):
            yield from (hidden.value, hidden.plain)

    def cover(self, subject: Subject, analysis: Analysis) -> Analysis:
        """Without what stood encoded in a subject that was searched as it is: no candidate tells of it."""
        hidden = self.redactor.hidden(subject.text) if analysis.analyzer == "sensitive" else []
        if not hidden:
            return analysis
        cover = Cover(value for h in hidden for value in (h.value, h.plain))
        findings = [
            f.model_copy(
                update={"rationale": cover(f.rationale), "evidence": tuple(_quoted(e, cover) for e in f.evidence)}
            )
            for f in analysis.findings
        ]
        texts = {name: cover(getattr(analysis, name)) for name in ("title", "raw", "error")}
        return analysis.model_copy(update={**texts, "findings": tuple(findings)})

    def value(self, subject: Subject, finding: Finding) -> str:
        """The value that a finding of this subject is about, "" unless its keyed hash says that it is the one."""
        place, kept = finding.place, finding.secret
        if kept is None or place.start is None or finding.judgement not in (Judgement.REAL, Judgement.UNSURE):
            return ""
        value = subject.text[place.start : place.end]
        return value if trace(value, self.key).hmac == kept.hmac else ""


def to_conceal(subject: Subject, secrets: Detector, personal: Detector) -> list[Candidate]:
    """Secrets that are not plainly placeholders, and numbers that are certainly a person's; raises DetectorError."""
    found = [c for c in secrets.detect(subject).candidates if not c.safe_hint]
    return found + [c for c in personal.detect(subject).candidates if c.certain and _is_number(c)]


def _is_number(candidate: Candidate) -> bool:
    """Of ids, cards, accounts and phones; mail addresses, names and places are what a verdict rests on."""
    digits = sum(char.isdigit() for char in candidate.value)
    return digits >= NUMBER_DIGITS and candidate.type != "email" and candidate.severity.rank >= Severity.MEDIUM.rank


def _quoted(evidence: Evidence, cover: Cover) -> Evidence:
    return evidence.model_copy(update={"quote": cover(evidence.quote)})
