"""Remediate: which steps, in which order and why, follow from a verdict or a finding?"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Remediation, State, Step, SubjectKind
from schemas.answers import RemediateAnswer, grammar
from secassist.analyzers.base import Evidenced, Question, Reply, Tools
from secassist.knowledge import attack, playbook
from secassist.knowledge import cwe as weaknesses
from secassist.registry import Calibration

PER_PHASE = 3


class Remediate:
    """The model chooses among playbook actions that code proposes; actions and reasons are people's words.

    `context`: about (Analysis id), finding (one line of text), techniques, cwe, kinds (lists of words).
    """

    name = "remediate"
    summary = "ordered advice for a verdict or finding"
    kinds = frozenset({SubjectKind.DOCUMENT})
    detectors: tuple[str, ...] = ()

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:  # noqa: ARG002 - the contract's signature
        """One question with all proposed actions, numbered."""
        entries = proposals(item.context)
        values = {
            "language": item.language,
            "finding": item.context["finding"],
            "actions": [(n, e.phase.value, e.action[item.language]) for n, e in enumerate(entries, start=1)],
        }
        return [Question(values, grammar(RemediateAnswer, lines=len(entries)), about=entries)]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:  # noqa: ARG002 - no odds are read
        """Not asked: the answer is a list."""
        return max(odds, key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:  # noqa: ARG002
        """The chosen actions in the order of the phases; a phase the model left empty gets its best-fitting action.

        The model's summary is kept only where it names the finding.
        """
        reply = replies[0]
        entries = reply.question.about
        steps = reply.answer.steps if reply.answer else []
        chosen = [entries[n - 1] for n in dict.fromkeys(steps) if n <= len(entries)]
        for entry in entries:
            if all(entry.phase is not other.phase for other in chosen):
                chosen.append(entry)
        ordered = [
            Step(phase=e.phase, action=e.action[item.language], reason=e.reason[item.language], ref=e.id)
            for e in sorted(chosen, key=lambda e: e.phase.rank)
        ]
        summary = reply.answer.summary if reply.answer and names_it(reply.answer.summary, item.context) else ""
        advice = Remediation(about=item.context["about"], summary=summary, steps=tuple(ordered))
        return {"remediation": advice, "state": State.OK if reply.answer else reply.state}


def names_it(summary: str, context: Mapping[str, Any]) -> bool:
    """Whether a summary speaks of this finding: by the name of one of its techniques or of its weakness."""
    names = [attack.short_name(t) for t in context["techniques"]] + [weaknesses.name(c) for c in context["cwe"]]
    return any(name.lower() in summary.lower() for name in names if name)


def proposals(context: Mapping[str, Any]) -> list[playbook.Entry]:
    """Playbook entries that may fit, best first within each phase."""
    return playbook.candidates(context["techniques"], context["cwe"], context["kinds"], per_phase=PER_PHASE)


def describe(decision: str, severity: str, techniques: Sequence[str], cwe: str, why: str) -> str:
    """The one line of text by which a verdict or finding is put before the model."""
    names = ", ".join(f"{tid} {attack.short_name(tid)}" for tid in techniques)
    return "; ".join(filter(None, [f"{decision} {severity}", names, cwe, why]))


PLUGIN = Remediate()
