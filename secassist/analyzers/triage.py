"""Triage: is this alert, log window or e-mail bad, how bad, and on which lines does that rest?"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from schemas import Alert, Disposition, Evidence, Floor, Severity, State, SubjectKind, Verdict
from schemas.answers import TriageAnswer, grammar
from secassist import grounding
from secassist.analyzers._around import surrounding, surroundings
from secassist.analyzers._fit import fit
from secassist.analyzers._missing import missing
from secassist.analyzers._reasons import FACTS, reason
from secassist.analyzers._sure import bounded, opened
from secassist.analyzers.base import (
    Evidenced,
    Question,
    Reply,
    Tools,
    cited,
    fact,
    flagged,
    heard,
    higher,
    last_line,
    strongest,
    wording,
)
from secassist.knowledge import attack
from secassist.registry import Calibration
from secassist.registry.witness import Heard

CHOICES = tuple(d.value for d in Disposition)
BAD = ("true_positive", "suspicious")
HARMLESS = ("benign_expected", "false_positive")
TECHNIQUES = 4


class Triage:
    """One question per subject; the odds of the decision give the score, the floor has the last word."""

    name = "triage"
    summary = "verdicts on alerts, log windows and e-mail"
    kinds = frozenset({SubjectKind.ALERT, SubjectKind.LOG_WINDOW})
    detectors = ("encoded", "indicators", "log_templates", "mail", "sigma", "web_attack")

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """The lines that fit, behind what code found."""
        signals = strongest(item.signals, FACTS)
        lines, omitted = fit(item.subject.lines, tools.template.matter.input_tokens, tools.count, flagged(signals))
        techniques = candidates(item)
        values = {
            "language": item.language,
            "source": item.subject.source,
            "facts": [fact(signal) for signal in signals if signal.noteworthy],
            "techniques": [(tid, attack.short_name(tid)) for tid in techniques],
            "lines": lines,
        }
        speaks = tools.calibration.speaks
        schema = grammar(TriageAnswer, lines=last_line(lines), techniques=techniques, speaks=speaks)
        read = wording(item.signals, item.subject.text)
        known = tools.calibration.heard(read)
        harmless = None if values["facts"] else partial(harmless_enough, calibration=known)
        return [Question(values, schema, CHOICES, omitted, enough=harmless, wording=read, calibration=known)]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:
        """The likelier side after calibration, then the likelier word on that side."""
        if odds["not_evaluable"] > 0.5:
            return "not_evaluable"
        side = BAD if score(odds, calibration) >= calibration.bad_above else HARMLESS
        return max(side, key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:
        """A verdict even when the model gave none: then "cannot tell", raised to the floor."""
        reply = replies[0]
        if reply.answer is None or not tools.calibration.fit:
            state = reply.state if reply.answer is None else State.UNFIT
            note = "" if reply.answer is None else f"the model is unfit for this: {tools.calibration.note}"
            return {"state": state, "error": note, "verdict": under_floor(_cannot_tell(), item.floor)}
        answer: TriageAnswer = reply.answer
        known = heard(reply.question, tools)
        probability = score(reply.odds, known) if reply.odds else None
        disposition = Disposition(answer.decision)
        said = Verdict(
            disposition=disposition,
            severity=Severity(answer.severity),
            confidence=_confidence(disposition, probability, reply.odds),
            score=probability,
            techniques=tuple(t for t in dict.fromkeys(answer.techniques) if attack.exists(t)),
            evidence=grounding.quotes(item.subject, cited(reply)) + _proved(item),
        )
        verdict = bounded(said, item, known)
        bad = verdict.disposition.is_bad
        why = reason(answer.reason, item, bad, _telling(reply, bad, tools))
        around = _around(item, tools)
        words = {
            "rationale": " ".join(
                filter(None, [opened(said, verdict, item), why, surroundings(around, item.language)])
            ),
            "missing_evidence": tuple(answer.missing) if tools.calibration.speaks else missing(item, bad),
            "evidence": verdict.evidence + surrounding(item, around, bad),
        }
        verdict = verdict.model_copy(update=words)
        return {"verdict": under_floor(verdict, item.floor)}


def candidates(item: Evidenced) -> tuple[str, ...]:
    """Technique ids the model may choose from: proved by detectors, named by the alert, then lexically near."""
    proved = [tid for signal in strongest(item.signals, 20) for tid in signal.techniques]
    named = list(getattr(item.subject, "techniques", ()))
    near = [tid for tid, _ in attack.suggest(item.subject.text[:4000], TECHNIQUES)]
    known = dict.fromkeys(tid for tid in [*proved, *named, *near] if attack.exists(tid))
    return tuple(known)[:TECHNIQUES]


def score(odds: Mapping[str, float], calibration: Calibration) -> float:
    """Calibrated probability that the activity is bad, given that it can be told."""
    bad = sum(odds[choice] for choice in BAD)
    harmless = sum(odds[choice] for choice in HARMLESS)
    return calibration.probability(bad / ((bad + harmless) or 1.0))


def harmless_enough(odds: Mapping[str, float], choice: str, calibration: Calibration) -> bool:
    """Whether an input is so probably harmless that nobody will want to read why."""
    return choice in HARMLESS and score(odds, calibration) <= calibration.benign_below


def under_floor(verdict: Verdict, floor: Floor | None) -> Verdict:
    """The verdict, never below what a detector proved."""
    if floor is None:
        return verdict
    changes: dict[str, Any] = {"floor": floor}
    if verdict.disposition.rank < floor.disposition.rank:
        raised = max(verdict.score or 0.0, 0.9 if floor.disposition is Disposition.TRUE_POSITIVE else 0.6)
        changes |= {"disposition": floor.disposition, "raised": True, "score": raised, "confidence": raised}
        changes["rationale"] = (
            f"{floor.reason} (the model said {verdict.disposition}: {verdict.rationale or 'nothing'})"
        )
    changes["severity"] = higher(verdict.severity, floor.severity)
    return verdict.model_copy(update=changes)


def _confidence(disposition: Disposition, probability: float | None, odds: Mapping[str, float]) -> float:
    if probability is None:
        return 0.5
    if disposition is Disposition.NOT_EVALUABLE:
        return odds.get("not_evaluable", 0.5)
    return probability if disposition.is_bad else 1.0 - probability


def _telling(reply: Reply, bad: bool, tools: Tools) -> list[str]:
    """The words of the input that weighed most for this verdict; none where the adapter has no witness."""
    witness = tools.calibration.witness
    return witness.telling(reply.question.wording, bad) if witness is not None else []


def _around(item: Evidenced, tools: Tools) -> list[Heard]:
    """What surrounds an alert, as the adapter's witness weighs it; nothing around logs and mail."""
    witness = tools.calibration.witness
    return witness.surrounding(item.subject.text) if witness is not None and isinstance(item.subject, Alert) else []


def _proved(item: Evidenced) -> tuple[Evidence, ...]:
    """Quotes for the lines of noteworthy signals, by the detector that flagged them."""
    quoted: list[Evidence] = []
    for signal in strongest(item.signals, FACTS):
        if signal.noteworthy:
            quoted += grounding.quotes(item.subject, signal.lines[:2], signal.rule, signal.message[:200])
    return tuple(quoted)


def _cannot_tell() -> Verdict:
    return Verdict(disposition=Disposition.NOT_EVALUABLE, severity=Severity.LOW, confidence=0.5)


PLUGIN = Triage()
