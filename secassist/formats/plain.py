"""Plain text for people at a terminal: no markup, every quoted line once, wrapped to its width if it is one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas import Analysis, Evidence, Finding, Fix, Lineage, Remediation, Report, Verdict
from secassist.formats import _answer, _cwe
from secassist.formats._framed import framed
from secassist.formats._labels import label
from secassist.formats._said import said
from secassist.formats._text import chance, clip, minute, one_line, visible, wrapped
from secassist.formats._view import View, alias, gathered, of_analyses, of_case, told, worst_first
from secassist.formats.base import Look

INDENT = "  "
DIGITS = 12
"""Of a digest; enough to name a model or adapter to a person."""


@dataclass(frozen=True)
class Plain:
    """One block per case, its findings below it by the names that `fix` and `show` know them by."""

    name = "plain"
    summary = "Text for people at a terminal, without markup."
    suffix = ".txt"
    look: Look = field(default_factory=Look)

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """Worst first."""
        if not analyses:
            return f"{label('en', 'nothing')}\n"
        return self._joined(_block(view) for view in worst_first(of_analyses(analyses, self.look)))

    def report(self, report: Report) -> str:
        """Title, period, prose, cases."""
        head = [one_line(report.title), f"{minute(report.facts.since)} - {minute(report.facts.until)}", ""]
        prose = [one_line(sentence, 2000) for sentence in report.prose]
        cases = (_block(of_case(case, report.language, self.look)) for case in report.cases)
        return self._joined([[*head, *prose], *cases])

    def _joined(self, blocks: Iterable[Iterable[str]]) -> str:
        """Blocks apart by an empty line."""
        lines = [line for block in blocks for line in ("", *block)]
        return "\n".join(_broken(line, self.look.columns) for line in lines[1:]) + "\n"


def _broken(line: str, columns: int) -> str:
    """What comes after a break keeps the line's indent; without a terminal, for grep, nothing is broken."""
    text = line.lstrip(" ")
    return "\n".join(wrapped(text, columns, line[: len(line) - len(text)])) if columns else line


def _block(view: View) -> Iterator[str]:
    language = view.language
    yield one_line(view.title) or view.id[:DIGITS]
    yield INDENT + " · ".join(
        one_line(part) for part in (view.origin, view.analyzer, view.when, view.id[:DIGITS]) if part
    )
    if view.state != "ok":
        yield f"{INDENT}{label(language, view.state)}: {one_line(view.error)}"
        yield INDENT + label(language, "incomplete_note")
    if view.verdict:
        yield from _verdict(view.verdict, view.techniques, language)
    for id_, finding in view.numbered:
        yield ""
        yield from _finding(view, id_, finding)
    if view.answer:
        yield from (INDENT + line for line in _answer.told(view.answer, language))
    elif view.state == "ok" and not view.verdict and not view.findings and not view.remediation:
        yield INDENT + label(language, "clean")
    if view.remediation:
        yield from _remediation(view.remediation, language)
    for omission in view.omitted:
        yield f"{INDENT}{label(language, 'omitted')}: {one_line(omission.lines)} ({one_line(omission.rule)})"
    if view.lineage:
        yield from ("", f"{INDENT}{label(language, 'lineage')}: {_lineage(view.lineage)}")


def _verdict(verdict: Verdict, techniques: Sequence[str], language: str) -> Iterator[str]:
    parts = [label(language, verdict.disposition), f"{label(language, 'severity')} {label(language, verdict.severity)}"]
    if verdict.score is not None:
        parts.append(f"{label(language, 'score')} {chance(verdict.score)}")
    parts += [f"{label(language, 'confidence')} {chance(verdict.confidence)}", *map(one_line, techniques)]
    yield INDENT + " · ".join(parts)
    if verdict.floor:
        raised = f" ({label(language, 'raised')})" if verdict.raised else ""
        reason = one_line(framed(verdict.floor.reason, language))
        yield f"{INDENT}{label(language, 'floor')}: {one_line(verdict.floor.by)}: {reason}{raised}"
    if verdict.rationale:
        yield INDENT + one_line(framed(verdict.rationale, language), 2000)
    yield from _evidence(verdict.evidence, language)
    if verdict.missing_evidence:
        yield f"{INDENT}{label(language, 'missing')}:"
        yield from (f"{INDENT * 2}{one_line(each)}" for each in verdict.missing_evidence)


def _finding(view: View, id_: str, finding: Finding) -> Iterator[str]:
    language = view.language
    cwe = one_line(_cwe.title(finding.cwe, language))
    parts = [label(language, finding.severity), one_line(finding.rule), cwe, label(language, finding.judgement)]
    yield " · ".join(part for part in (one_line(id_), *parts, told(view, finding, language)) if part)
    yield f"{INDENT}{one_line(finding.place.path)}:{finding.place.start_line}"
    yield INDENT + one_line(said(finding, language) + alias(finding, language))
    if finding.secret:
        yield f"{INDENT}{label(language, finding.kind)}: {one_line(finding.secret.mask)}"
    if finding.rationale:
        yield INDENT + one_line(finding.rationale, 2000)
    yield from _evidence(finding.evidence, language)
    if finding.fix and finding.fix.accepted:
        yield from _fix(finding.fix, language)


def _fix(fix: Fix, language: str) -> Iterator[str]:
    checks = [
        f"{one_line(each.name)} {label(language, 'passed' if each.passed else 'not_passed')}" for each in fix.checks
    ]
    region = f"{label(language, 'line')} {fix.start_line}-{fix.end_line}"
    yield f"{INDENT}{label(language, 'fix')} ({'; '.join([region, *checks])}):"
    yield from (f"{INDENT * 2}{line}" for line in visible(clip(fix.replacement)).split("\n"))


def _evidence(evidence: Sequence[Evidence], language: str) -> Iterator[str]:
    if evidence:
        yield f"{INDENT}{label(language, 'evidence')}:"
    for each in gathered(evidence):
        field = f"{one_line(each.field)}: " if each.field else ""
        yield f"{INDENT * 2}L{each.line} {field}{visible(clip(each.quote))}"


def _remediation(remediation: Remediation, language: str) -> Iterator[str]:
    yield f"{INDENT}{label(language, 'remediation')}: {one_line(remediation.summary, 2000)}".rstrip()
    steps = sorted(remediation.steps, key=lambda step: step.phase.rank)
    for number, step in enumerate(steps, start=1):
        yield f"{INDENT * 2}{number}. {label(language, step.phase)}: {one_line(step.action)} ({one_line(step.reason)})"


def _lineage(lineage: Lineage) -> str:
    named = {"model": (lineage.model, lineage.model_digest), "adapter": (lineage.adapter, lineage.adapter_digest)}
    made = [f"{kind} {name} {digest[:DIGITS]}" for kind, (name, digest) in named.items() if name]
    return one_line(", ".join([lineage.template, *made]))


PLUGIN = Plain()
