"""Markdown (CommonMark with GitHub's tables): for tickets, chats and wikis; quotes stand in fenced blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas import Analysis, Evidence, Finding, Remediation, Report, Verdict
from secassist.formats import _answer, _cwe
from secassist.formats._framed import framed
from secassist.formats._labels import label
from secassist.formats._said import said
from secassist.formats._text import chance, fenced, minute, one_line
from secassist.formats._text import markdown as plain
from secassist.formats._view import (
    View,
    alias,
    gathered,
    of_analyses,
    of_case,
    tally,
    told,
    worst_first,
)
from secassist.formats.base import Look

FIGURES = (
    "subjects.total",
    "verdicts.true_positive",
    "verdicts.suspicious",
    "verdicts.benign_expected",
    "verdicts.false_positive",
    "verdicts.not_evaluable",
    "findings.weakness",
    "findings.secret",
    "findings.personal_data",
    "inputs.rejected",
)


@dataclass(frozen=True)
class Markdown:
    """Headings, one table of figures, one section per case."""

    name = "markdown"
    summary = "Readable text for tickets, chats and wikis."
    suffix = ".md"
    look: Look = field(default_factory=Look)

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Worst first."""
        language = analyses[0].language if analyses else "en"
        views = worst_first(of_analyses(analyses, self.look))
        head = [f"# {label(language, 'analyses')}", "", *_figures(tally(views), language)]
        return _joined([*head, *_cases(views, language)])

    def report(self, report: Report) -> str:
        """Title, period, prose, figures, cases."""
        language = report.language
        head = [
            f"# {plain(report.title)}",
            "",
            plain(f"{minute(report.facts.since)} – {minute(report.facts.until)}"),
            "",
        ]
        prose = [line for sentence in report.prose for line in (plain(sentence), "")]
        dropped = [f"*{label(language, 'dropped')}: {report.dropped}*", ""] if report.dropped else []
        views = [of_case(case, language, self.look) for case in report.cases]
        techniques = tuple((self.look.technique(id_), number) for id_, number in report.facts.top_techniques)
        tops = [
            *_top("top_techniques", techniques, language),
            *_top("top_rules", report.facts.top_rules, language),
        ]
        return _joined(
            [*head, *prose, *dropped, *_figures(report.facts.counts, language), *tops, *_cases(views, language)]
        )


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _figures(counts: dict[str, int], language: str) -> list[str]:
    names = {"subjects.total": "subjects", "inputs.rejected": "rejected"}
    rows = [f"| {label(language, names.get(key, key.split('.')[1]))} | {counts.get(key, 0)} |" for key in FIGURES]
    return [f"## {label(language, 'figures')}", "", f"| | {label(language, 'number')} |", "|---|---:|", *rows, ""]


def _top(name: str, ranked: tuple[tuple[str, int], ...], language: str) -> list[str]:
    rows = [f"| {plain(word)} | {number} |" for word, number in ranked]
    return (
        [f"## {label(language, name)}", "", f"| | {label(language, 'number')} |", "|---|---:|", *rows, ""]
        if rows
        else []
    )


def _cases(views: list[View], language: str) -> list[str]:
    if not views:
        return [label(language, "nothing")]
    return [f"## {label(language, 'cases')}", "", *(line for view in views for line in _case(view, language))]


def _case(view: View, language: str) -> list[str]:
    meta = " · ".join(plain(part) for part in (view.origin, view.analyzer, view.when, view.id[:12]) if part)
    lines = [f"### {plain(view.title) or view.id[:12]}", "", meta, ""]
    if view.state != "ok":
        note = f"**{label(language, view.state)}** {plain(view.error)}".rstrip()
        lines += [note, "", label(language, "incomplete_note"), ""]
    if view.verdict:
        lines += _verdict(view.verdict, view.techniques, language)
    for id_, finding in view.numbered:
        lines += _finding(view, id_, finding, language)
    if view.answer:
        lines += [part for line in _answer.told(view.answer, language) for part in (plain(line.strip()), "")]
    elif view.state == "ok" and not view.verdict and not view.findings and not view.remediation:
        lines += [label(language, "clean"), ""]
    if view.remediation:
        lines += _remediation(view.remediation, language)
    for omission in view.omitted:
        lines += [f"*{label(language, 'omitted')}: {plain(omission.lines)} ({plain(omission.rule)})*", ""]
    return lines


def _verdict(verdict: Verdict, techniques: Sequence[str], language: str) -> list[str]:
    said = f"**{label(language, verdict.disposition)}** · {label(language, 'severity')} {label(language, verdict.severity)}"
    said += "" if verdict.score is None else f" · {label(language, 'score')} {chance(verdict.score)}"
    said += f" · {label(language, 'confidence')} {chance(verdict.confidence)}"
    said += "".join(f" · {plain(technique)}" for technique in techniques)
    lines = [said, ""]
    if verdict.floor:
        raised = f" ({label(language, 'raised')})" if verdict.raised else ""
        floor = f"{plain(verdict.floor.by)}: {plain(framed(verdict.floor.reason, language))}"
        lines += [f"{label(language, 'floor')}: {floor}{raised}", ""]
    if verdict.rationale:
        lines += [plain(framed(verdict.rationale, language)), ""]
    lines += _evidence(verdict.evidence, language)
    if verdict.missing_evidence:
        lines += [f"{label(language, 'missing')}:", "", *(f"- {plain(each)}" for each in verdict.missing_evidence), ""]
    return lines


def _finding(view: View, id_: str, finding: Finding, language: str) -> list[str]:
    cwe = plain(_cwe.title(finding.cwe, language))
    parts = [f"**{label(language, finding.severity)}**", plain(finding.rule), cwe, label(language, finding.judgement)]
    parts += [plain(told(view, finding, language)), f"{plain(finding.place.path)}\\:{finding.place.start_line}"]
    lines = [
        " · ".join(part for part in [*parts, plain(id_)] if part),
        "",
        plain(said(finding, language) + alias(finding, language)),
        "",
    ]
    if finding.secret:
        lines += [f"{label(language, finding.kind)}: {plain(finding.secret.mask)}", ""]
    if finding.rationale:
        lines += [plain(finding.rationale), ""]
    lines += _evidence(finding.evidence, language)
    if finding.fix and finding.fix.accepted:
        region = f"{label(language, 'line')} {finding.fix.start_line}–{finding.fix.end_line}"
        checks = [
            f"{plain(each.name)} {label(language, 'passed' if each.passed else 'not_passed')}"
            for each in finding.fix.checks
        ]
        lines += [f"{label(language, 'fix')} ({region}{'; ' if checks else ''}{', '.join(checks)}):", ""]
        lines += [fenced(finding.fix.replacement), ""]
    return lines


def _evidence(evidence: tuple[Evidence, ...], language: str) -> list[str]:
    if not evidence:
        return []
    quoted = [
        f"L{each.line} {f'{one_line(each.field)}: ' if each.field else ''}{each.quote}" for each in gathered(evidence)
    ]
    return [f"{label(language, 'evidence')}:", "", fenced("\n".join(quoted)), ""]


def _remediation(remediation: Remediation, language: str) -> list[str]:
    steps = sorted(remediation.steps, key=lambda step: step.phase.rank)
    rows = [
        f"{number}. **{label(language, step.phase)}**: {plain(step.action)} ({plain(step.reason)})"
        for number, step in enumerate(steps, start=1)
    ]
    return [f"#### {label(language, 'remediation')}", "", plain(remediation.summary), "", *rows, ""]


PLUGIN = Markdown()
