"""Report: prose about counted facts, in which no number stands that is not one of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Report, ReportFacts, State, SubjectKind
from schemas.answers import ReportAnswer, grammar
from secassist.analyzers.base import Evidenced, Question, Reply, Tools
from secassist.grounding import numbers
from secassist.registry import Calibration

WORDS = {
    "analyses.triage": ("alerts and log windows", "告警和日志"),
    "analyses.review": ("pieces of code", "代码单元"),
    "analyses.sensitive": ("texts", "文本"),
    "verdicts.true_positive": ("true positives", "真实攻击"),
    "verdicts.suspicious": ("suspicious cases", "可疑事件"),
    "verdicts.benign_expected": ("expected activities", "授权活动"),
    "verdicts.false_positive": ("false positives", "误报"),
    "verdicts.not_evaluable": ("cases that could not be judged", "无法判定"),
    "verdicts.severity.critical": ("critical verdicts", "严重级别的判定"),
    "verdicts.severity.high": ("high-severity verdicts", "高危判定"),
    "findings.secret": ("secrets", "密钥"),
    "findings.personal_data": ("pieces of personal data", "个人信息"),
    "findings.weakness": ("code weaknesses", "代码弱点"),
    "analyses.state.quarantined": ("quarantined answers", "隔离的输出"),
    "analyses.state.failed": ("failed runs", "失败的运行"),
}
"""The facts that prose is about, in this order, and what they are called there; the report's tables show all."""


PART_OF = ("of these", "其中")
"""A sentence that begins so speaks of a part of what was said before, which only verdicts are."""
MOST = 8


class Reporting:
    """The model words the facts; a sentence whose numbers are not the counts of what it names is dropped and counted.

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
        kept = [sentence for sentence in said if holds(sentence, facts)]
        report = Report(
            title=item.context["title"],
            language=item.language,
            facts=facts,
            prose=complete(kept, facts, item.language) if reply.answer else (),
            dropped=len(said) - len(kept),
        )
        return {"report": report, "state": State.OK if reply.answer else reply.state}


def holds(sentence: str, facts: ReportFacts) -> bool:
    """Whether every number in a sentence is the count of the fact it speaks of, named in the same order.

    A sentence without numbers or without known words holds nothing that could be checked, and does not hold.
    """
    lowered = sentence.lower()
    mentioned = sorted((lowered.find(word), name) for name, words in WORDS.items() for word in words if word in lowered)
    found = numbers(sentence)
    if lowered.startswith(PART_OF) and not all(name.startswith("verdicts.") for _, name in mentioned):
        return False
    return bool(found) and found == tuple(str(facts.counts.get(name, 0)) for _, name in mentioned)


def complete(kept: Sequence[str], facts: ReportFacts, language: str) -> tuple[str, ...]:
    """The model's sentences, and plain ones for the facts it left out, up to MOST in all."""
    said = " ".join(kept).lower()
    place = 1 if language == "zh" else 0
    missing = [(WORDS[name][place], count) for name, count in shown(facts) if WORDS[name][place] not in said]
    plain = [f"{name}：{n}。" if language == "zh" else f"{name[:1].upper()}{name[1:]}: {n}." for name, n in missing]
    return (*dict.fromkeys(kept), *plain)[:MOST]


def shown(facts: ReportFacts) -> list[tuple[str, int]]:
    """The facts a model is told: those that are not zero."""
    return [(name, facts.counts[name]) for name in WORDS if facts.counts.get(name)]


PLUGIN = Reporting()
