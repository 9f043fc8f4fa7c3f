"""The fast path: what detectors prove, without asking a model; its analyses are of a lineage of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import WITHOUT_MODEL, Analysis, Finding, Judgement, State, Subject, Timings, digest
from secassist.analyzers.base import Analyzer, Evidenced, Question, Reply, without
from secassist.backends.base import Completion, Identity, Request
from secassist.detectors.base import Candidate
from secassist.errors import BackendError
from secassist.registry import Calibration
from secassist.scanning.steady import Steady

_SURE, _LIKELY, _UNLIKELY = 0.99, 0.6, 0.2
"""Stated beliefs, not measured ones: settled by structure and checksum, seen by a rule, seen but with a harmless reason."""
_UNASKED = "no model was asked, the confidence is not calibrated"


class NoModel:
    """A backend that is never asked."""

    name = WITHOUT_MODEL

    def identity(self, analyzer: str) -> Identity:  # noqa: ARG002 - the contract's signature
        """Names the absence, so that these analyses are never taken for a model's."""
        return Identity(model=WITHOUT_MODEL, model_digest=digest(WITHOUT_MODEL))

    def calibration(self, analyzer: str) -> Calibration:  # noqa: ARG002
        """Unfit: nobody judges."""
        return Calibration(fit=False, note="no model was asked")

    def wants_examples(self, analyzer: str) -> bool:  # noqa: ARG002
        """No."""
        return False

    def count_tokens(self, text: str) -> int:
        """Four characters each."""
        return len(text) // 4 + 1

    def complete(self, requests: Sequence[Request]) -> list[Completion]:
        """Always raises BackendError."""
        raise BackendError(f"no model is asked on the fast path ({len(requests)} questions)")


class Rules(Steady):
    """A driver that takes every candidate for what its rule says it is."""

    def analyze(
        self,
        analyzer: Analyzer,
        subjects: Sequence[Subject],
        language: str = "en",
        contexts: Sequence[Mapping[str, Any]] | None = None,
    ) -> list[Analysis]:
        """One Analysis per subject, in order, with findings and no verdict."""
        tools = self.tools(analyzer)
        stamp = self.now().isoformat(timespec="milliseconds")
        found = list[Analysis]()
        for subject in subjects:
            item = self.detect(analyzer, subject, language, contexts[len(found)] if contexts else None)
            outcome = analyzer.combine(item, [_whole(subject)] if analyzer.name == "review" else [], tools)
            plan = self.plan(analyzer, subject, language)
            findings = _settled(item, outcome["findings"])
            fields: dict[str, Any] = {
                "findings": findings,
                "state": State.OK,
                "title": without(plan.title, item.candidates),
                "error": without("; ".join(filter(None, [outcome.get("error"), *item.failures])), item.candidates),
                "created_at": stamp,
                "timings": Timings(),
            }
            found.append(plan.model_copy(update=fields))
        return found


def _whole(subject: Subject) -> Reply:
    """Nobody was asked about all lines of a code unit."""
    return Reply(Question({}, {}, about=(1, subject.text.count("\n") + 1)), None, {})


def _settled(item: Evidenced, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings under what code alone believes of the candidate that each rests on."""
    at = {(name, c.place.start): c for c in reversed(item.candidates) for name in (c.type, c.rule)}
    return tuple(
        finding
        if finding.judgement is Judgement.REFUTED
        else finding.model_copy(update=_belief(_behind(finding, item.candidates, at)))
        for finding in findings
    )


def _behind(
    finding: Finding, candidates: Sequence[Candidate], at: Mapping[tuple[str, int | None], Candidate]
) -> Candidate:
    """The candidate of a finding: the analyzer may have made one finding of several candidates, never the reverse.

    `at` has them by name and offset, which no analyzer moves; lines are moved to where they stand in the file.
    """
    exact = None if finding.place.start is None else at.get((finding.rule, finding.place.start))
    if exact is not None:
        return exact
    same = [c for c in candidates if finding.rule in (c.rule, c.type)]
    return min(same or candidates, key=lambda c: _distance(c, finding))


def _distance(candidate: Candidate, finding: Finding) -> tuple[int, int]:
    mine, theirs = candidate.place, finding.place
    if mine.start is not None and theirs.start is not None:
        return abs(mine.start - theirs.start), 0
    return abs(mine.start_line - theirs.start_line), abs(mine.start_column - theirs.start_column)


def _belief(candidate: Candidate) -> dict[str, Any]:
    if candidate.certain:
        return {"judgement": Judgement.REAL, "confidence": _SURE, "rationale": "structure and checksum settle it"}
    if candidate.safe_hint:
        return {
            "judgement": Judgement.PLACEHOLDER,
            "confidence": _UNLIKELY,
            "rationale": f"a rule saw it, and a reason; {_UNASKED}",
        }
    return {"judgement": Judgement.REAL, "confidence": _LIKELY, "rationale": f"a rule saw it; {_UNASKED}"}
