"""Review: is this code vulnerable, by which weakness (CWE), on which lines, why, and what to write instead?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath
from typing import Any, get_args

from schemas import (
    CodeUnit,
    Disposition,
    Finding,
    FindingKind,
    Floor,
    Judgement,
    Place,
    Severity,
    State,
    SubjectKind,
    Verdict,
)
from schemas.answers import ReviewAnswer, grammar
from secassist import grounding
from secassist.analyzers._bars import raised
from secassist.analyzers._because import Told, about, because, briefly, lonely, why
from secassist.analyzers._fit import fit
from secassist.analyzers._joined import joined, named
from secassist.analyzers._likely import likely
from secassist.analyzers._proofs import arrives, family, proof, reached, refutation, tested, unfinished
from secassist.analyzers._proposed import proposed
from secassist.analyzers._told import UNSERVED, VAGUE, agrees, telling
from secassist.analyzers._units import units
from secassist.analyzers.base import Evidenced, Question, Reply, Tools, cited, flagged, heard, last_line, without
from secassist.detectors.base import Candidate, Signal
from secassist.knowledge import cwe as weaknesses
from secassist.parsing.languages import language_of
from secassist.registry import Calibration

CHOICES: tuple[str, ...] = get_args(ReviewAnswer.model_fields["decision"].annotation)
FACTS = 8
_LONGEST = 600
"""Characters of a verdict's reasons."""
_TOLD = 2
"""Findings that a verdict's reason tells of."""
_DISPROVED = 0.01
"""Belief in a finding that code disproved: stated, not measured."""
CONTEXTS = 3
"""Facts about what surrounds a unit; they are short."""

_PLAIN = frozenset(
    {".md", ".txt", ".rst", ".csv", ".json", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".env", ".xml"}
)
"""Names of texts in which there is nothing to review."""


class Review:
    """One question per unit of code (function or small file); scanners propose, the model decides and may add."""

    name = "review"
    summary = "vulnerable code: CWE, lines, severity, why, proposed fix"
    kinds = frozenset({SubjectKind.CODE_UNIT})
    detectors = ("python_static", "code_flow", "code_context")

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """Each unit with what the scanners say about its lines."""
        code = _code(item)
        followed = language_of(code.path, code.body[:256], code.language)
        asked = []
        for first, last in units(code):
            mine = [c for c in _within(item, first, last) if not c.safe_hint]
            must = flagged((), mine)
            window = code.lines[first - 1 : last]
            lines, omitted = fit(window, tools.template.matter.input_tokens, tools.count, must)
            flow = proof(item.candidates, item.signals, (first, last)) if followed else "flow: not followed"
            facts = [
                flow,
                *(_fact(c) for c in mine[:FACTS]),
                *_context(item, first, last),
            ]
            values = {
                "language": item.language,
                "code_language": code.language or "unknown",
                "facts": facts,
                "lines": lines,
            }
            read = " ".join([*facts, "|", *(line.text for line in window)])
            known = raised(tools.calibration.heard(read), flow, mine, followed)
            code_text = "\n".join(line.text for line in window)
            near = likely(code_text, followed, (one.cwe for one in mine), tools.calibration)
            schema = grammar(ReviewAnswer, lines=last_line(lines), weaknesses=near)
            safe = partial(safe_enough, calibration=known)
            asked.append(Question(values, schema, CHOICES, omitted, (first, last), safe, read, known))
        return asked

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:
        """Vulnerable from the calibrated threshold on; unsure only when that is likelier than everything else."""
        if odds["unsure"] > 0.5:
            return "unsure"
        return "vulnerable" if score(odds, calibration) >= calibration.bad_above else "safe"

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:
        """Scanner findings with the unit's judgement, and the model's own where no scanner saw the unit."""
        findings: list[Finding] = []
        page = about(item, tools.calibration)
        for reply in replies:
            first, last = reply.question.about
            mine = _within(item, first, last)
            findings += joined([_adjudged(c, reply, item, tools, page) for c in mine])
            vulnerable = reply.answer is not None and _decision(reply, item) == "vulnerable"
            if vulnerable and not _open(reply, item) and not _disproved(reply, item):
                findings.append(_raised(reply, item, tools, page))
        state = State.OK if tools.calibration.fit else State.UNFIT
        verdict = _verdict(replies, item, tools, page)
        told = {"findings": tuple(findings), "verdict": verdict and _as_grave(verdict, findings), "state": state}
        return told | ({"error": note} if (note := unfinished(item.signals)) else {})


def is_program(code: CodeUnit) -> bool:
    """Parts of long texts and of changes come as code, too; of unknown language, their names tell them apart."""
    return bool(code.language) or PurePath(code.path).suffix.lower() not in _PLAIN


def score(odds: Mapping[str, float], calibration: Calibration) -> float:
    """Calibrated probability that the unit is vulnerable, given that it can be told."""
    told = odds["vulnerable"] + odds["safe"]
    return calibration.probability(odds["vulnerable"] / (told or 1.0))


def safe_enough(odds: Mapping[str, float], choice: str, calibration: Calibration) -> bool:
    """Whether a unit is so probably safe that nobody will want to read why."""
    return choice == "safe" and score(odds, calibration) <= calibration.benign_below


def _probability(reply: Reply, tools: Tools) -> float:
    """The calibrated score, or the middle where a backend gives no odds."""
    return score(reply.odds, heard(reply.question, tools)) if reply.odds else 0.5


def _verdict(replies: Sequence[Reply], item: Evidenced, tools: Tools, page: Told) -> Verdict | None:
    """The worst unit speaks for the whole: how probable it is that there is a weakness at all."""
    told = [reply for reply in replies if reply.answer is not None]
    if not told:
        return None
    heard_ = [reply for reply in told if not _disproved(reply, item)]
    if not heard_ and tools.calibration.fit and len(told) == len(replies):
        return _cleared(told, item, tools)
    worst = max(heard_ or told, key=lambda one: (_decision(one, item) == "vulnerable", _probability(one, tools)))
    probability = _probability(worst, tools)
    words = {
        "vulnerable": Disposition.TRUE_POSITIVE,
        "safe": Disposition.FALSE_POSITIVE,
        "unsure": Disposition.NOT_EVALUABLE,
    }
    decision = _decision(worst, item)
    vague = decision != worst.answer.decision
    disposition = words[decision] if tools.calibration.fit else Disposition.NOT_EVALUABLE
    if len(told) < len(replies) and not disposition.is_bad:
        disposition = Disposition.NOT_EVALUABLE
    verdict = Verdict(
        disposition=disposition,
        severity=Severity.INFO if vague else Severity(worst.answer.severity),
        confidence=probability if disposition.is_bad else 1 - probability,
        score=probability if worst.odds else None,
        evidence=grounding.quotes(item.subject, _cites(worst, item)),
        rationale=_unheard(item) if vague else _why(worst, item, page)[:_LONGEST],
    )
    return _floored(item, verdict, tools.calibration)


def _as_grave(verdict: Verdict, findings: Sequence[Finding]) -> Verdict:
    """The verdict with the severity of the gravest real finding, if there is one: a file is as grave as what is in it."""
    real = [finding.severity for finding in findings if finding.judgement is Judgement.REAL]
    severity = max(real, key=lambda each: each.rank) if real else verdict.severity
    return verdict if severity is verdict.severity else verdict.model_copy(update={"severity": severity})


def _cleared(replies: Sequence[Reply], item: Evidenced, tools: Tools) -> Verdict:
    """Every unit was flagged, and code disproved all of it: harmless, whatever the model says."""
    refuted = [c for reply in replies for c in _within(item, *reply.question.about)]
    numbers = [c.place.start_line for c in refuted]
    probability = min(_DISPROVED, tools.calibration.bad_above)
    return Verdict(
        disposition=Disposition.FALSE_POSITIVE,
        severity=Severity.INFO,
        confidence=1 - probability,
        score=probability,
        evidence=grounding.quotes(item.subject, numbers, "code_flow"),
        rationale="; ".join(dict.fromkeys(c.safe_hint for c in refuted))[:_LONGEST],
    )


def _disproved(reply: Reply, item: Evidenced) -> bool:
    """Whether code refuted all that scanners said of a unit, and saw that what arrives at its sinks does no harm."""
    first, last = reply.question.about
    mine = _within(item, first, last)
    harmless = proof(item.candidates, item.signals, (first, last)).startswith("flow: HARMLESS")
    return bool(mine) and harmless and all(c.safe_hint for c in mine)


def _proved(item: Evidenced) -> list[Candidate]:
    """Places that an outsider's value reaches, the gravest first."""
    found = [c for c in item.candidates if reached(c)]
    return sorted(found, key=lambda c: (-c.severity.rank, c.place.start_line))


def _floored(item: Evidenced, verdict: Verdict, calibration: Calibration) -> Verdict:
    """The verdict under what code proved, which no answer of the model lowers."""
    proved = _proved(item)
    if not proved or verdict.disposition is Disposition.TRUE_POSITIVE or not calibration.fit:
        return verdict
    worst = proved[0]
    floor = Floor(
        disposition=Disposition.TRUE_POSITIVE,
        severity=worst.severity,
        by="code_flow",
        reason=f"{worst.cwe} line {worst.place.start_line}: {worst.message}",
    )
    score = max(verdict.score or 0.0, calibration.bad_above)
    return verdict.model_copy(
        update={
            "disposition": floor.disposition,
            "severity": max(verdict.severity, worst.severity, key=lambda severity: severity.rank),
            "confidence": score,
            "score": score,
            "floor": floor,
            "raised": True,
        }
    )


def _code(item: Evidenced) -> CodeUnit:
    if not isinstance(item.subject, CodeUnit):
        raise TypeError(f"review reads code, not {item.subject.kind}")
    return item.subject


def _within(item: Evidenced, first: int, last: int) -> list[Candidate]:
    """The candidates of a unit; what several detectors say of one line and weakness is one, by all of them."""
    found: dict[tuple[str, int], Candidate] = {}
    for number, candidate in enumerate(item.candidates):
        if not first <= candidate.place.start_line <= last:
            continue
        kind = family(candidate.cwe) or f"{candidate.rule} {number}"
        key = kind, candidate.place.start_line
        known = found.get(key)
        found[key] = _merged(known, candidate) if known else candidate
    judged = (replace(one, safe_hint=refutation(one, item.signals)) for one in found.values())
    return sorted(judged, key=lambda candidate: candidate.place.start_line)


def _open(reply: Reply, item: Evidenced) -> list[Candidate]:
    """What scanners say of a unit and nobody disproved."""
    return [one for one in _within(item, *reply.question.about) if not one.safe_hint]


def _merged(one: Candidate, other: Candidate) -> Candidate:
    """The graver of two that mean the same, by both."""
    names = " ".join(dict.fromkeys(f"{one.by} {other.by}".split()))
    hint = one.safe_hint if one.safe_hint and other.safe_hint else ""
    told, left = (other, one) if other.severity.rank > one.severity.rank else (one, other)
    return replace(told, by=names, safe_hint=hint, also=named(told, left))


def _context(item: Evidenced, first: int, last: int) -> list[str]:
    """What surrounds the unit and guards it, as facts."""
    around = [s for s in item.signals if not s.noteworthy and not s.rule.startswith("flow:")]
    near = [s for s in around if not s.lines or any(first <= n <= last for n in s.lines)]
    return [_placed(signal, first, last) for signal in near[:CONTEXTS]]


def _placed(signal: Signal, first: int, last: int) -> str:
    inside = [str(number) for number in signal.lines if first <= number <= last]
    place = f" line {', '.join(inside[:3])}" if inside else ""
    return f"{signal.rule}{place}: {signal.message}"


def _fact(candidate: Candidate) -> str:
    message = without(candidate.message, [candidate])[:120]
    return f"{candidate.severity} {candidate.rule} {candidate.cwe} line {candidate.place.start_line}: {message}"


def _adjudged(candidate: Candidate, reply: Reply, item: Evidenced, tools: Tools, page: Told) -> Finding:
    """A scanner's finding under the model's judgement; one it calls safe stays, as unsure; one code disproved is told so.

    Where data flow followed an outsider's value to the very place, the model is not asked whether the finding is real.
    """
    if candidate.safe_hint:
        return _refuted(candidate, item)
    decided = reply.answer is not None and tools.calibration.fit
    proved = arrives(candidate, item.candidates)
    vulnerable = proved or not decided or reply.answer.decision != "safe"
    probability = max(_probability(reply, tools), tools.calibration.bad_above if proved and decided else 0.0)
    numbers = range(candidate.place.start_line, candidate.place.end_line + 1)
    judged = reply.answer is not None and reply.answer.decision == "vulnerable"
    same = judged and agrees(reply.answer, candidate)
    return Finding(
        **_reported(candidate, item),
        confidence=probability,
        judgement=Judgement.REAL if vulnerable else Judgement.UNSURE,
        evidence=grounding.quotes(item.subject, numbers, candidate.by.partition(" ")[0] or candidate.rule),
        by=(*(candidate.by or "code").split(), "model") if judged else tuple((candidate.by or "code").split()),
        rationale=because(candidate, item.candidates, page)[:_LONGEST],
        fix=proposed(reply.answer, _code(item), candidate.place.start_line, candidate.place.end_line) if same else None,
    )


def _reported(candidate: Candidate, item: Evidenced) -> dict[str, Any]:
    """What a scanner said and where, whatever becomes of it."""
    return {
        "kind": FindingKind.WEAKNESS,
        "rule": candidate.rule,
        "message": candidate.message,
        "place": _in_file(candidate.place, item),
        "severity": candidate.severity,
        "cwe": candidate.cwe,
        "also": candidate.also,
    }


def _refuted(candidate: Candidate, item: Evidenced) -> Finding:
    """A scanner's finding that code disproved, with the proof; no model is heard about it."""
    numbers = range(candidate.place.start_line, candidate.place.end_line + 1)
    return Finding(
        **_reported(candidate, item),
        confidence=_DISPROVED,
        judgement=Judgement.REFUTED,
        evidence=grounding.quotes(item.subject, numbers, "code_flow"),
        by=tuple((candidate.by or "code").split()),
        rationale=candidate.safe_hint,
    )


def _raised(reply: Reply, item: Evidenced, tools: Tools, page: Told) -> Finding:
    """A finding that only the model makes."""
    answer: ReviewAnswer = reply.answer
    numbers = _pointed(reply, item)
    known = weaknesses.exists(answer.cwe)
    place = Place(path="", start_line=min(numbers), end_line=max(numbers))
    return Finding(
        kind=FindingKind.WEAKNESS,
        rule=f"model:{answer.cwe}" if known else "model:weakness",
        message=weaknesses.name(answer.cwe) if known else "possible weakness",
        place=_in_file(place, item),
        severity=Severity(answer.severity),
        confidence=_probability(reply, tools),
        judgement=Judgement.REAL if tools.calibration.fit else Judgement.UNSURE,
        cwe=answer.cwe if known else "",
        evidence=grounding.quotes(item.subject, numbers),
        by=("model",),
        rationale=lonely(answer, numbers, page)[:_LONGEST],
        fix=proposed(answer, _code(item), place.start_line, place.end_line),
    )


def _decision(reply: Reply, item: Evidenced) -> str:
    """The answer's decision; safe where the model alone calls a unit weak, and that is test code, or it can cite no line of
    the unit that does anything.
    """
    said = str(reply.answer.decision)
    alone = said == "vulnerable" and not _open(reply, item)
    return "safe" if alone and (tested(item.signals) or not _pointed(reply, item)) else said


def _why(reply: Reply, item: Evidenced, page: Told) -> str:
    """Why the verdict is what it is: what was found, of the weakness that the model names first, then the gravest."""
    found = _open(reply, item)
    found.sort(key=lambda one: (not agrees(reply.answer, one), -one.severity.rank, one.place.start_line))
    return why(reply.answer, _cites(reply, item), briefly(found[:_TOLD], item.candidates, page), page)


def _unheard(item: Evidenced) -> str:
    """Why the model's suspicion is no alarm."""
    return (UNSERVED if tested(item.signals) else VAGUE)[item.language]


def _pointed(reply: Reply, item: Evidenced) -> list[int]:
    """The lines of its unit, of those in which something happens, that the model calls weak."""
    first, last = reply.question.about
    return [number for number in _cites(reply, item) if first <= number <= last]


def _cites(reply: Reply, item: Evidenced) -> list[int]:
    return telling(cited(reply), {line.number: line for line in item.subject.lines})


def _in_file(place: Place, item: Evidenced) -> Place:
    """The place in the file instead of in the unit."""
    code = _code(item)
    offset = code.start_line - 1
    moved = {"start_line": place.start_line + offset, "end_line": place.end_line + offset, "path": code.path}
    return place.model_copy(update=moved)


PLUGIN = Review()
