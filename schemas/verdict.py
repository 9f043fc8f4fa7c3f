"""Verdict: what an alert or log window was judged to be, why, and on which lines that rests."""

from enum import StrEnum

from schemas.evidence import Confidence, Evidence, Severity
from schemas.noun import Noun


class Disposition(StrEnum):
    """The classification words of Defender and Sentinel, plus "cannot tell"."""

    TRUE_POSITIVE = "true_positive"
    SUSPICIOUS = "suspicious"
    BENIGN_EXPECTED = "benign_expected"
    FALSE_POSITIVE = "false_positive"
    NOT_EVALUABLE = "not_evaluable"

    @property
    def is_bad(self) -> bool:
        """Whether an analyst must look at it."""
        return self in (Disposition.TRUE_POSITIVE, Disposition.SUSPICIOUS)

    @property
    def rank(self) -> int:
        """Order used by the floor: harmless 0, cannot tell 1, suspicious 2, true positive 3."""
        order = {
            Disposition.FALSE_POSITIVE: 0,
            Disposition.BENIGN_EXPECTED: 0,
            Disposition.NOT_EVALUABLE: 1,
            Disposition.SUSPICIOUS: 2,
            Disposition.TRUE_POSITIVE: 3,
        }
        return order[self]


class Floor(Noun):
    """The least a verdict may say, because the detector `by` proved `reason`; no model output lowers it."""

    disposition: Disposition
    severity: Severity
    by: str
    reason: str


class Verdict(Noun):
    """`score` is the probability that the activity is bad; `confidence` that of the disposition given.

    `severity` is the harm if true. `floor` is set when a detector set one; `raised` when it changed the model's answer.
    """

    disposition: Disposition
    severity: Severity
    confidence: Confidence
    score: Confidence | None = None
    techniques: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    rationale: str = ""
    missing_evidence: tuple[str, ...] = ()
    floor: Floor | None = None
    raised: bool = False
