"""Techniques: which ATT&CK techniques does a text describe?"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Disposition, Severity, State, SubjectKind, Verdict
from schemas.answers import TechniquesAnswer, grammar
from secassist import grounding
from secassist.analyzers._fit import fit
from secassist.analyzers.base import Evidenced, Question, Reply, Tools, last_line
from secassist.knowledge import attack
from secassist.registry import Calibration

CANDIDATES = 8
LEARNED = 20
"""Techniques that are asked of the ranker."""
LEXICAL, FLAT = 0.7, 6
"""Share of the words' order beside the ranker's, and how little the first ranks stand out; chosen on calibration groups."""


class Techniques:
    """The model chooses among lexical candidates; the search's order fills what it leaves open."""

    name = "techniques"
    summary = "ATT&CK techniques described by a text"
    kinds = frozenset({SubjectKind.DOCUMENT})
    detectors: tuple[str, ...] = ()

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """One question, unless nothing is near the text at all."""
        near = nearest(item.subject.text, tools.calibration)
        if not near:
            return []
        lines, omitted = fit(item.subject.lines, tools.template.matter.input_tokens, tools.count)
        values = {
            "techniques": [(tid, attack.short_name(tid)) for tid in near],
            "lines": lines,
            "language": item.language,
        }
        return [Question(values, grammar(TechniquesAnswer, lines=last_line(lines), techniques=near), (), omitted, near)]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:  # noqa: ARG002 - no odds are read
        """Not asked: the answer is a list."""
        return max(odds, key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:  # noqa: ARG002
        """The chosen techniques first, then the remaining candidates, three in all."""
        if not replies:
            return {"state": State.UNFIT, "error": "no technique is near this text"}
        reply = replies[0]
        if reply.answer is None:
            return {"state": reply.state}
        ranked = tuple(dict.fromkeys([*reply.answer.techniques, *reply.question.about]))[:3]
        verdict = Verdict(
            disposition=Disposition.NOT_EVALUABLE,
            severity=Severity.INFO,
            confidence=0.5,
            techniques=ranked,
            evidence=grounding.quotes(item.subject, [1]),
            rationale=", ".join(f"{tid} {attack.name(tid)}" for tid in reply.answer.techniques),
        )
        return {"verdict": verdict}


def nearest(text: str, calibration: Calibration) -> tuple[str, ...]:
    """Up to CANDIDATES techniques, best first: what words point at, fused by rank with what the ranker learned.

    Reciprocal ranks (Cormack et al., 2009) of parents; of a parent the sub-techniques that words point at stand for it.
    """
    pointed = [tid for tid, _ in attack.suggest(text, CANDIDATES)]
    learned = [tid for tid in calibration.nearest(text, LEARNED) if attack.exists(tid)]
    if not learned:
        return tuple(pointed)
    points: dict[str, float] = {}
    for share, ranked in ((1.0, learned), (LEXICAL, list(dict.fromkeys(map(attack.parent, pointed))))):
        for place, tid in enumerate(ranked):
            points[tid] = points.get(tid, 0.0) + share / (FLAT + place)
    found = [
        next((tid for tid in pointed if attack.parent(tid) == one), one)
        for one in sorted(points, key=lambda one: -points[one])
    ]
    return tuple(found[:CANDIDATES])


PLUGIN = Techniques()
