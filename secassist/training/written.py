"""What we wrote ourselves to lessons: scenarios, documents, code, playbook advice and report prose."""

import random
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from schemas import CodeUnit, Document, ReportFacts, Subject
from schemas.answers import RemediateAnswer, ReportAnswer, ReviewAnswer, SensitiveAnswer, TriageAnswer
from secassist.analyzers.base import Evidenced, Question
from secassist.analyzers.remediate import describe, proposals
from secassist.evaluation.examples import Example
from secassist.evaluation.subjects import SUFFIXES, subjects
from secassist.knowledge import attack, playbook
from secassist.knowledge import cwe as weaknesses
from secassist.training import wording
from secassist.training.lesson import Lesson
from secassist.training.scenarios import Scenario, alerts, carried, contents, generate, letters, surrounded
from secassist.training.scenarios.code import generate_code
from secassist.training.scenarios.documents import generate_documents
from secassist.training.scenarios.flows import generate_flows
from secassist.training.scenarios.reports import generate_reports
from secassist.training.teaching import Teacher, cite, remediate_gold, report_gold, shown

OURS = "written"
TOLD, AROUND, MAIL = f"{OURS}:alerts", f"{OURS}:around", f"{OURS}:mail"
"""Alerts in the shapes of products, those that their surroundings decide, and mail, count as sources of their own: few
beside all commands, but much of a queue."""


def triage(teacher: Teacher, seed: int, count: int) -> Iterator[Lesson]:
    """Scenarios with our own rationales; the cited substrings become line numbers."""
    for scenario in generate(seed, count):
        yield from teacher.of(
            "triage",
            _subject(scenario),
            scenario.language,
            partial(_triage_gold, scenario),
            _source(scenario.family),
            scenario.group,
        )


def _source(family: str) -> str:
    if surrounded.is_surrounded(family):
        return AROUND
    if alerts.is_told(family) or carried.is_carried(family) or contents.is_content(family):
        return TOLD
    return MAIL if family == letters.FAMILY else OURS


def _subject(scenario: Scenario) -> Subject:
    task = "T2" if "lines" in scenario.input or "events" in scenario.input else "T1"
    example = Example(scenario.id, task, OURS, scenario.input, {}, scenario.group)
    return subjects(example)[0]


def _triage_gold(scenario: Scenario, item: Evidenced, question: Question) -> tuple[TriageAnswer, bool]:
    allowed = question.schema["properties"]["techniques"].get("items", {}).get("enum", ())
    language = scenario.language
    answer = TriageAnswer.model_construct(
        decision=scenario.disposition,
        severity=scenario.severity,
        techniques=[t for t in allowed if t in scenario.techniques][:3] if scenario.verdict != "benign" else [],
        lines=cite(question, item, scenario.cited),
        reason=scenario.rationale[language],
        missing=list(scenario.missing)[:2] if scenario.verdict != "benign" else [],
    )
    return answer, scenario.verdict != "benign"


def sensitive(teacher: Teacher, seed: int, count: int) -> Iterator[Lesson]:
    """Candidates of our own documents, judged by the spans we put there."""
    for text in generate_documents(seed, count):
        document = Document(source="text", body=text.text)
        yield from teacher.of(
            "sensitive", document, text.language, partial(_sensitive_gold, text.spans), OURS, text.group
        )


def _sensitive_gold(spans: Any, item: Evidenced, question: Question) -> tuple[SensitiveAnswer, bool]:
    candidate = question.about
    start, end = candidate.place.start or 0, candidate.place.end or 0
    judged = next((s["judgement"] for s in spans if s["start"] < end and start < s["end"]), "not_sensitive")
    real = judged == "real"
    answer = SensitiveAnswer.model_construct(
        decision=judged,
        severity=str(candidate.severity) if real else "info",
        reason=wording.sensitive_reason(candidate, real, item.language),
    )
    return answer, real


def review(teacher: Teacher, seed: int, count: int) -> Iterator[Lesson]:
    """Our own vulnerable and safe code with reasons and fixes: two thirds composed handlers, the rest twins."""
    twins = count // 3
    for number, sample in enumerate(chain(generate_code(seed, twins), generate_flows(seed, count - twins))):
        path = f"unit.{SUFFIXES.get(sample.language, 'txt')}"
        code = CodeUnit(source="code", path=path, language=sample.language, body=sample.text)
        language = "en" if number % 5 else "zh"
        yield from teacher.of("review", code, language, partial(_review_gold, sample), OURS, sample.group)


def _review_gold(sample: Any, item: Evidenced, question: Question) -> tuple[ReviewAnswer, bool]:
    first, last = question.about
    visible = shown(question)
    inside = [n for n in sample.lines if first <= n <= last]
    bad = bool(sample.cwe) and bool(inside)
    before = set(sample.text.splitlines())
    fresh = [line.strip() for line in sample.fixed.splitlines() if line not in before and line.strip()]
    answer = ReviewAnswer.model_construct(
        decision="vulnerable" if bad else "safe",
        cwe=sample.cwe if bad else "",
        lines=[n for n in inside if n in visible][:6] if bad else [],
        severity=str(weaknesses.severity(sample.cwe)) if bad else "info",
        reason=sample.rationale[item.language],
        fix=fresh[0][:200] if bad and fresh else "",
    )
    return answer, bad


def remediate(teacher: Teacher, seed: int, count: int) -> Iterator[Lesson]:
    """Findings drawn from the playbook's own techniques, weaknesses and kinds, with distractors among the actions."""
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    entries = playbook.entries()
    techniques = sorted({t for e in entries for t in e.techniques if attack.exists(t)})
    cwes = sorted({c for e in entries for c in e.cwe if weaknesses.exists(c)})
    kinds = sorted({k for e in entries for k in e.kinds})
    for number in range(count):
        language = "zh" if number % 4 == 0 else "en"
        context = _finding(chance, techniques, cwes, kinds, language)
        best = [e.id for e in proposals(context)]
        wanted = [
            e.id for e in playbook.candidates(context["techniques"], context["cwe"], context["kinds"], per_phase=1)
        ]
        wanted += chance.sample(best, k=min(2, len(best)))
        about = context["about_text"]
        summary = (
            f"{about}：先遏制，再清除、恢复并预防。"
            if language == "zh"
            else f"{about}: contain it first, then clean, recover and prevent."
        )
        document = Document(source="remediate", body=f"{seed}:{number}")
        yield from teacher.of(
            "remediate",
            document,
            language,
            partial(_remediate_gold, wanted, summary[:200]),
            OURS,
            f"playbook:{about}",
            context,
        )


def _remediate_gold(
    wanted: Sequence[str], summary: str, _item: Evidenced, question: Question
) -> tuple[RemediateAnswer, None]:
    return remediate_gold(question.about, wanted, summary), None


def _report_gold(sentences: Sequence[str], _item: Evidenced, _question: Question) -> tuple[ReportAnswer, None]:
    return report_gold(sentences), None


def _finding(
    chance: random.Random, techniques: list[str], cwes: list[str], kinds: list[str], language: str
) -> dict[str, Any]:
    severity = chance.choice(["low", "medium", "high", "critical"])
    if chance.random() < 0.5:
        named = chance.sample(techniques, k=chance.choice([1, 1, 2]))
        text = describe(chance.choice(["true_positive", "suspicious"]), severity, named, "", "")
        return _context(text, named, [], [chance.choice(kinds)], attack.name(named[0]))
    if chance.random() < 0.7:
        cwe = chance.choice(cwes)
        return _context(describe("weakness", severity, (), cwe, ""), [], [cwe], ["code"], weaknesses.name(cwe))
    kind = chance.choice(["secret", "personal_data"])
    words = (
        {"secret": "泄露的密钥", "personal_data": "个人信息"}
        if language == "zh"
        else {"secret": "a leaked secret", "personal_data": "personal data"}
    )
    return _context(describe(kind, severity, (), "", ""), [], [], [kind], words[kind])


def _context(text: str, techniques: list[str], cwe: list[str], kinds: list[str], about: str) -> dict[str, Any]:
    return {"about": "", "finding": text, "techniques": techniques, "cwe": cwe, "kinds": kinds, "about_text": about}


def report(teacher: Teacher, seed: int, count: int) -> Iterator[Lesson]:
    """Facts with prose that uses exactly their numbers."""
    for number, sample in enumerate(generate_reports(seed, count)):
        counted = ReportFacts(since="2026-03-01", until="2026-03-08", counts=sample.facts)
        context = {"facts": counted.model_dump(mode="json"), "title": ""}
        document = Document(source="report", body=f"{seed}:{number}")
        gold = partial(_report_gold, sample.sentences)
        yield from teacher.of("report", document, sample.language, gold, OURS, "reports", context)
