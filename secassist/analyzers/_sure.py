"""How much a verdict may claim: no more than its probability and the rules that matched allow, nor less than is open."""

from schemas import Alert, Disposition, Severity, Verdict
from secassist.analyzers.base import Evidenced
from secassist.registry import Calibration

PROBABLE = 0.8
"""Probability from which a case may be called a true positive without a grave rule: at most one of five is wrong then."""
GRAVE = (Severity.HIGH, Severity.CRITICAL)
HARMLESS = (Disposition.BENIGN_EXPECTED, Disposition.FALSE_POSITIVE)
REPORTED = {
    "en": "The product calls this {}, and a probability of {:.2f} is too much to close it unread.",
    "zh": "产品将其评为 {}，且概率 {:.2f} 过高，不能不经查看就关闭。",
}


def bounded(verdict: Verdict, item: Evidenced, known: Calibration) -> Verdict:
    """The verdict, called suspicious where neither a rule nor its own probability settles it.

    Bad without a grave rule, and not probable either: suspicious, of medium severity at most. Harmless above what
    may be closed, where the product itself reports a high severity: suspicious too. A calibration that measured no threshold
    (`escalate_above` 1) bounds nothing, nor does a model that gave no odds.
    """
    if verdict.score is None or known.escalate_above >= 1.0:
        return verdict
    if verdict.disposition.is_bad:
        ruled = any(signal.noteworthy and signal.severity in GRAVE for signal in item.signals)
        return verdict if ruled or verdict.score >= min(PROBABLE, known.escalate_above) else _suspicious(verdict)
    if _grave(item) and verdict.disposition in HARMLESS and verdict.score > known.benign_below:
        return _suspicious(verdict).model_copy(update={"confidence": verdict.score, "severity": Severity.MEDIUM})
    return verdict


def opened(before: Verdict, after: Verdict, item: Evidenced) -> str:
    """The sentence that tells why `bounded` keeps a harmless verdict open, or "" where it did not."""
    if before.disposition.is_bad or not after.disposition.is_bad:
        return ""
    return REPORTED[item.language].format(_grave(item), after.score)


def _grave(item: Evidenced) -> Severity | None:
    reported = item.subject.reported_severity if isinstance(item.subject, Alert) else None
    return reported if reported in GRAVE else None


def _suspicious(verdict: Verdict) -> Verdict:
    least = min(verdict.severity, Severity.MEDIUM, key=lambda severity: severity.rank)
    return verdict.model_copy(update={"disposition": Disposition.SUSPICIOUS, "severity": least})
