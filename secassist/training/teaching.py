"""Labelled rows and written scenarios to lessons, through the same detectors, questions and templates that serve."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from schemas import Noun, Subject
from schemas.answers import (
    RemediateAnswer,
    ReportAnswer,
    ReviewAnswer,
    SensitiveAnswer,
    TechniquesAnswer,
    TriageAnswer,
)
from secassist import templates
from secassist.analyzers.base import Analyzer, Driver, Evidenced, Question, Tools
from secassist.errors import SecassistError
from secassist.evaluation.examples import Example
from secassist.evaluation.subjects import subjects
from secassist.evaluation.truth import truth
from secassist.knowledge import cwe as weaknesses
from secassist.training import wording
from secassist.training.lesson import Lesson

Gold = Callable[[Example, Evidenced, Question], tuple[Noun, bool | None] | None]
ZH_SHARE = 8
"""One labelled row in this many is taught with Chinese wording."""


class Teacher:
    """Turns examples into lessons. `driver` needs detectors and a token counter, no model."""

    def __init__(self, driver: Driver, analyzers: Mapping[str, Analyzer], count: Callable[[str], int]) -> None:
        self.driver = driver
        self.analyzers = analyzers
        self.count = count

    def tools(self, name: str) -> Tools:
        """The newest template with this teacher's token counter."""
        from secassist.registry import Calibration

        return Tools(templates.load(name), self.count, Calibration(), self.driver.key)

    def lessons(self, example: Example) -> Iterator[Lesson]:
        """The lessons of one labelled row; none when its label says nothing that an analyzer answers."""
        name, gold = GOLD[example.task]
        language = "zh" if _hash(example.id) % ZH_SHARE == 0 and name in ("triage", "review", "sensitive") else "en"
        try:
            found = subjects(plainer(example))
        except SecassistError:
            return
        for subject in found[:1]:
            yield from self.of(name, subject, language, partial(gold, example), example.source, example.group)

    def of(
        self,
        name: str,
        subject: Subject,
        language: str,
        gold: Callable[[Evidenced, Question], tuple[Noun, bool | None] | None],
        source: str,
        group: str,
        context: Mapping[str, Any] | None = None,
    ) -> Iterator[Lesson]:
        """The lessons of one subject, answered by `gold`."""
        analyzer, tools = self.analyzers[name], self.tools(name)
        item = self.driver.detect(analyzer, subject, language, context)
        for question in analyzer.ask(item, tools):
            answer = gold(item, question)
            if answer is not None:
                prompt = tools.template.render(question.values, with_shots=False)
                text = answer[0].model_dump_json()
                yield Lesson(
                    analyzer=name,
                    prompt=prompt,
                    answer=text,
                    source=source,
                    group=group,
                    bad=answer[1],
                    wording=question.wording,
                )


def plainer(example: Example) -> Example:
    """T3 rows mostly without `kind`, `shell` and `platforms`, which tell the file a row came from, not what it does."""
    if example.task != "T3" or not isinstance(example.input, Mapping):
        return example
    keep = {"kind", "shell"} if _hash("meta" + example.id) % 4 == 0 else set()
    left = {
        key: value for key, value in example.input.items() if key in keep or key not in ("kind", "shell", "platforms")
    }
    return replace(example, input=left)


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _allowed(question: Question) -> tuple[str, ...]:
    items = question.schema["properties"]["techniques"].get("items", {})
    return tuple(items.get("enum", ()))


def shown(question: Question) -> dict[int, str]:
    """Line texts by number, as the question shows them."""
    return {line.number: line.text for line in question.values["lines"]}


def cite(question: Question, item: Evidenced, words: Sequence[str] = ()) -> list[int]:
    """Up to four line numbers: lines holding the given words, then lines detectors flagged, else the longest of the first."""
    lines = shown(question)
    held = [number for number, text in lines.items() if any(word and word in text for word in words)]
    proved = [n for signal in item.signals if signal.noteworthy for n in signal.lines if n in lines]
    telling = sorted(list(lines)[:12], key=lambda n: -min(200, len(lines[n])))[:1]
    return sorted(set((held or proved or telling)[:4]))


def triage_gold(example: Example, item: Evidenced, question: Question) -> tuple[TriageAnswer, bool] | None:
    """Verdict rows of T1 to T4."""
    verdict = example.label.get("verdict")
    if verdict not in ("malicious", "suspicious", "benign"):
        return None
    ruled = isinstance(example.input, Mapping) and "rule" in example.input
    harmless = "false_positive" if ruled else "benign_expected"
    decision = {"malicious": "true_positive", "suspicious": "suspicious", "benign": harmless}[verdict]
    named = list(truth(example).techniques)
    parents = [name.split(".")[0] for name in named]
    allowed = [t for t in _allowed(question) if t in named] or [
        t for t in _allowed(question) if t.split(".")[0] in parents
    ]
    answer = TriageAnswer.model_construct(
        decision=decision,
        severity={"malicious": "high", "suspicious": "medium", "benign": "info"}[verdict],
        techniques=allowed[:3] if verdict != "benign" else [],
        lines=cite(question, item),
        reason=wording.triage_reason(example, item, item.language),
        missing=wording.missing(example, item.language) if verdict == "suspicious" else [],
    )
    return answer, verdict != "benign"


def techniques_gold(example: Example, item: Evidenced, question: Question) -> tuple[TechniquesAnswer, None] | None:  # noqa: ARG001
    """Rows of T5 whose technique is among the candidates."""
    named = set(truth(example).techniques)
    parents = {name.split(".")[0] for name in named}
    allowed = _allowed(question)
    right = [t for t in allowed if t in named] + [t for t in allowed if t not in named and t.split(".")[0] in parents]
    return (TechniquesAnswer.model_construct(techniques=right[:3]), None) if right else None


def review_gold(example: Example, item: Evidenced, question: Question) -> tuple[ReviewAnswer, bool] | None:
    """Rows of C1; a unit of a larger file is vulnerable when a vulnerable line falls into it."""
    known = truth(example)
    first, last = question.about
    lines = shown(question)
    inside = [n for n in known.lines if first <= n <= last]
    bad = bool(known.bad) and bool(inside or not known.lines)
    if known.bad is None:
        return None
    cwe = next((name for name in known.cwe if weaknesses.exists(name)), "") if bad else ""
    answer = ReviewAnswer.model_construct(
        decision="vulnerable" if bad else "safe",
        cwe=cwe,
        lines=[n for n in inside if n in lines][:6] if bad else [],
        severity=str(weaknesses.severity(cwe)) if cwe else "medium" if bad else "info",
        reason=wording.review_reason(example, cwe, bad, item.language),
        fix=wording.fix(example, inside) if bad else "",
    )
    return answer, bad


def sensitive_gold(example: Example, item: Evidenced, question: Question) -> tuple[SensitiveAnswer, bool] | None:
    """Rows of S1 and S2: a candidate is real when it overlaps an annotated span; nothing is taught of an open one."""
    candidate, known = question.about, truth(example)
    start, end = candidate.place.start or 0, candidate.place.end or 0
    if any(span.start < end and start < span.end for span in known.open):
        return None
    real = any(span.start < end and start < span.end for span in known.spans)
    dummy = "placeholder" if example.task == "S1" else "not_sensitive"
    answer = SensitiveAnswer.model_construct(
        decision="real" if real else dummy,
        severity=str(candidate.severity) if real else "info",
        reason=wording.sensitive_reason(candidate, real, item.language),
    )
    return answer, real


def remediate_gold(entries: Sequence[Any], wanted: Sequence[str], summary: str) -> RemediateAnswer:
    """The numbers of the wanted playbook entries."""
    steps = [number for number, entry in enumerate(entries, start=1) if entry.id in set(wanted)]
    return RemediateAnswer.model_construct(steps=steps[:8], summary=summary)


def report_gold(sentences: Sequence[str]) -> ReportAnswer:
    """The sentences as they were written."""
    return ReportAnswer.model_construct(sentences=list(sentences)[:6])


GOLD: dict[str, tuple[str, Gold]] = {
    **dict.fromkeys(("T1", "T2", "T3", "T4"), ("triage", triage_gold)),
    "T5": ("techniques", techniques_gold),
    "C1": ("review", review_gold),
    **dict.fromkeys(("S1", "S2"), ("sensitive", sensitive_gold)),
}
