"""One case as a card of the HTML page: what was decided, why, on which lines, and what to do."""

from schemas import Check, Evidence, Finding, Fix, Judgement, Lineage, Remediation, Verdict
from secassist.formats import _answer, _cwe
from secassist.formats._framed import framed
from secassist.formats._labels import label
from secassist.formats._said import said
from secassist.formats._text import html
from secassist.formats._view import View, alias, gathered, told


def card(view: View, language: str) -> str:
    """All text of inputs and of the model is escaped here, nowhere else."""
    parts = [_head(view, language)]
    if view.state != "ok":
        parts.append(f"<p>{label(language, 'incomplete_note')}</p>{_para(view.error)}")
    if view.verdict:
        parts.append(_verdict(view.verdict, language))
    parts += [_finding(view, id_, finding, language) for id_, finding in view.numbered]
    if view.answer:
        parts += [_para(line.strip()) for line in _answer.told(view.answer, language)]
    elif view.state == "ok" and not (view.verdict or view.findings or view.remediation):
        parts.append(f"<p>{label(language, 'clean')}</p>")
    if view.remediation:
        parts.append(_remediation(view.remediation, language))
    parts += [
        f'<p class="note">{label(language, "omitted")}: {html(each.lines)} · {html(each.rule)} {html(each.detail)}</p>'
        for each in view.omitted
    ]
    if view.lineage:
        parts.append(_lineage(view.lineage, view.id, language))
    return f'<article class="case {_look(view)}">{"".join(parts)}</article>\n'


def _look(view: View) -> str:
    if view.urgency >= 2 and view.severity:
        return view.severity.value
    return "calm" if view.urgency == 0 else ""


def _head(view: View, language: str) -> str:
    title = html(view.title, 200) or view.id[:12]
    meta = " · ".join(html(part, 300) for part in (view.origin, view.analyzer, view.when, view.id[:12]) if part)
    chips = [_chip(label(language, view.state), "strong")] if view.state != "ok" else []
    if verdict := view.verdict:
        dot = verdict.severity.value if verdict.disposition.is_bad else _look(view)
        chips.append(_chip(label(language, verdict.disposition), "strong", dot))
        chips.append(_chip(f"{label(language, 'severity')}: {label(language, verdict.severity)}"))
        if verdict.score is not None:
            chips.append(_chip(f"{label(language, 'score')} {_share(verdict.score)}"))
        chips.append(_chip(f"{label(language, 'confidence')} {_share(verdict.confidence)}"))
        chips += [_chip(html(technique, 100)) for technique in view.techniques]
    row = f'<div class="chips">{"".join(chips)}</div>' if chips else ""
    return f'<h3>{title}</h3><p class="meta">{meta}</p>{row}'


def _share(number: float) -> str:
    """In per cent; nothing here is so sure as 0 or 100."""
    return "&lt; 1%" if number < 0.01 else "&gt; 99%" if number > 0.99 else f"{number:.0%}"


def _chip(content: str, look: str = "", dot: str | None = None) -> str:
    """`content` is escaped already."""
    mark = "" if dot is None else f'<span class="dot {dot}"></span>'
    return f'<span class="chip {look}">{mark}{content}</span>'


def _verdict(verdict: Verdict, language: str) -> str:
    parts = []
    if floor := verdict.floor:
        raised = f" ({label(language, 'raised')})" if verdict.raised else ""
        said = f"{html(floor.by, 80)}: {html(framed(floor.reason, language))}"
        parts.append(f'<p class="floor">{label(language, "floor")}: {said}{raised}</p>')
    parts += [_para(framed(verdict.rationale, language)), _evidence(verdict.evidence, language)]
    if verdict.missing_evidence:
        items = "".join(f"<li>{html(each)}</li>" for each in verdict.missing_evidence)
        parts.append(f'<h4>{label(language, "missing")}</h4><ul class="plain">{items}</ul>')
    return "".join(parts)


def _finding(view: View, id_: str, finding: Finding, language: str) -> str:
    belief = told(view, finding, language)
    chips = [
        _chip(label(language, finding.severity), "strong", _dot(finding)),
        _chip(label(language, finding.kind)),
        _chip(html(finding.rule, 80)),
        *([_chip(html(_cwe.title(finding.cwe, language), 80))] if finding.cwe else []),
        _chip(label(language, finding.judgement)),
        *([_chip(html(belief))] if belief else []),
    ]
    mask = f"<p><code>{html(finding.secret.mask, 40)}</code></p>" if finding.secret else ""
    return (
        f'<div class="finding"><h3>{html(said(finding, language) + alias(finding, language), 400)}</h3>'
        f'<div class="place">{html(finding.place.path, 300)}:{finding.place.start_line} · {html(id_)}</div>'
        f'<div class="chips">{"".join(chips)}</div>{mask}{_para(finding.rationale)}'
        f"{_evidence(finding.evidence, language)}{_fix(finding.fix, language)}</div>"
    )


def _dot(finding: Finding) -> str:
    """Grey for what leaves nothing to do."""
    return finding.severity.value if finding.judgement in (Judgement.REAL, Judgement.UNSURE) else "info"


def _evidence(evidence: tuple[Evidence, ...], language: str) -> str:
    if not evidence:
        return ""
    rows = "".join(_quote(each) for each in gathered(evidence))
    return f'<h4>{label(language, "evidence")}</h4><ul class="evidence">{rows}</ul>'


def _quote(evidence: Evidence) -> str:
    field = f'<span class="field">{html(evidence.field, 120)}: </span>' if evidence.field else ""
    look = ' class="masked"' if evidence.redacted else ""
    said = " · ".join(
        html(part, 200) for part in (evidence.by if evidence.by != "model" else "", evidence.note) if part
    )
    by = f' <span class="by">— {said}</span>' if said else ""
    return (
        f'<li><span class="at">L{evidence.line}</span><span>{field}<q{look}>{html(evidence.quote)}</q>{by}</span></li>'
    )


def _fix(fix: Fix | None, language: str) -> str:
    """Only what others than its author have re-checked."""
    if fix is None or not fix.accepted:
        return ""
    checks = "".join(f"<li>{_check(each, language)}</li>" for each in fix.checks)
    listed = f'<ul class="plain note">{checks}</ul>' if checks else ""
    head = f"{label(language, 'fix')} ({label(language, 'line')} {fix.start_line}–{fix.end_line})"
    return f"<h4>{head}</h4><pre>{html(fix.replacement)}</pre>{_para(fix.explanation)}{listed}"


def _check(check: Check, language: str) -> str:
    detail = f" — {html(check.detail, 300)}" if check.detail else ""
    return f"{html(check.name, 80)}: {label(language, 'passed' if check.passed else 'not_passed')}{detail}"


def _remediation(remediation: Remediation, language: str) -> str:
    steps = sorted(remediation.steps, key=lambda step: step.phase.rank)
    rows = "".join(
        f"<li><strong>{label(language, step.phase)}:</strong> {html(step.action)} "
        f'<span class="why">{html(step.reason)}</span></li>'
        for step in steps
    )
    return f'<h4>{label(language, "remediation")}</h4>{_para(remediation.summary)}<ol class="steps">{rows}</ol>'


def _lineage(lineage: Lineage, id_: str, language: str) -> str:
    values = {"analysis": id_, **lineage.model_dump()}
    rows = "".join(
        f"<dt>{name.replace('_', ' ')}</dt><dd>{html(value, 100)}</dd>" for name, value in values.items() if value
    )
    return f'<details><summary>{label(language, "lineage")}</summary><dl class="lineage">{rows}</dl></details>'


def _para(text: str) -> str:
    return f"<p>{html(text)}</p>" if text else ""
