"""Report: prose about counted facts, in which no number stands that is not one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Report, ReportFacts, State, SubjectKind
from schemas.answers import ReportAnswer, grammar
from secassist.analyzers.base import Evidenced, Question, Reply, Tools
from secassist.grounding import unsupported_numbers
from secassist.registry import Calibration

SHOWN = (
    "analyses.triage",
    "analyses.review",
    "analyses.sensitive",
    "verdicts.true_positive",
    "verdicts.suspicious",
    "verdicts.benign_expected",
    "verdicts.false_positive",
    "verdicts.not_evaluable",
    "verdicts.severity.critical",
    "verdicts.severity.high",
    "findings.secret",
    "findings.personal_data",
    "findings.weakness",
    "analyses.state.quarantined",
    "analyses.state.failed",
)
"""The facts that prose is about, in this order; the report's tables show all."""


class Reporting:
    """The model words the facts; a sentence with any other number is dropped and counted.

    `context`: facts (ReportFacts as JSON), title.
    """

    name = "report"
    summary = "prose about counted facts"
    kinds = frozenset({SubjectKind.DOCUMENT})
    detectors: tuple[str, ...] = ()

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:  # noqa: ARG002 - the contract's signature
        """One question with the facts that are not zero."""
        facts = ReportFacts.model_validate(item.context["facts"])
        values = {
            "language": item.language,
            "period": f"{facts.since[:10]} to {facts.until[:10]}",
            "facts": shown(facts),
        }
        return [Question(values, grammar(ReportAnswer), about=facts)]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:  # noqa: ARG002 - no odds are read
        """Not asked: the answer is prose."""
        return max(odds, key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:  # noqa: ARG002
        """The sentences whose every number is a fact."""
        reply = replies[0]
        facts: ReportFacts = reply.question.about
        said = reply.answer.sentences if reply.answer else []
        allowed = [*facts.counts.values(), *(count for _, count in (*facts.top_techniques, *facts.top_rules))]
        kept = [sentence for sentence in said if sentence.strip() and not unsupported_numbers(sentence, allowed)]
        report = Report(
            title=item.context["title"],
            language=item.language,
            facts=facts,
            prose=tuple(dict.fromkeys(kept)),
            dropped=len(said) - len(kept),
        )
        return {"report": report, "state": State.OK if reply.answer else reply.state}


def shown(facts: ReportFacts) -> list[tuple[str, int]]:
    """The facts a model is told: those that are not zero."""
    return [(name, facts.counts[name]) for name in SHOWN if facts.counts.get(name)]


PLUGIN = Reporting()
