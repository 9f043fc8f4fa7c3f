"""The remediation report of a repository: what, where, how bad, what first, how much work, and what changed; as Markdown."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import Finding, Judgement, Severity
from secassist.formats import _advice, _cvss, _cwe
from secassist.formats._labels import label
from secassist.formats._said import said
from secassist.formats._text import markdown as plain

MOST_PLACES = 50
"""Places named per group; the rest is counted."""
MOST_FILES = 25
_MINUTES = {_advice.MINUTES: 15, _advice.HOUR: 60, _advice.DAY: 480}
"""One place each; what the report adds up."""


@dataclass(frozen=True)
class Gone:
    """What is kept of a finding, to tell of it when a later scan does not see it any more."""

    severity: str
    rule: str
    cwe: str
    path: str
    line: int


@dataclass(frozen=True)
class Scanned:
    """An earlier scan, or this one: when, how many findings by severity, how many came and went."""

    at: str
    counts: Mapping[str, int]
    new: int = 0
    fixed: int = 0


@dataclass(frozen=True)
class Repository:
    """All that a report states. `scans` end with the one reported; `left_out` counts files by the reason."""

    title: str
    findings: Sequence[Finding]
    new: Sequence[Finding] = ()
    fixed: Sequence[Gone] = ()
    scans: Sequence[Scanned] = ()
    files: int = 0
    silenced: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def remaining(self) -> int:
        """Findings that were there last time, too."""
        return len(self.findings) - len(self.new) if len(self.scans) > 1 else 0


@dataclass(frozen=True)
class Group:
    """Findings that are mended in the same way, worst first."""

    name: str
    findings: tuple[Finding, ...]
    advice: _advice.Advice

    @property
    def severity(self) -> Severity:
        """The worst."""
        return self.findings[0].severity

    @property
    def score(self) -> float:
        """Of the worst, CVSS 3.1."""
        return _cvss.score(_cvss.vector(self.findings[0]))

    @property
    def minutes(self) -> int:
        """For all places together, as the advice states it for one."""
        accepted = sum(1 for each in self.findings if each.fix and each.fix.accepted)
        return _MINUTES[self.advice.effort] * (len(self.findings) - accepted) + 5 * accepted


def groups(findings: Iterable[Finding], language: str = "en") -> list[Group]:
    """What to do first: by severity, then what is surest, then what costs least."""
    sorted_in = defaultdict[str, list[Finding]](list)
    for finding in findings:
        sorted_in[_cwe.title(finding.cwe, language) if finding.cwe else said(finding, language)].append(finding)
    made = [
        Group(name, tuple(sorted(found, key=_badness, reverse=True)), _advice.about(max(found, key=_badness)))
        for name, found in sorted_in.items()
    ]
    return sorted(made, key=lambda g: (*(-part for part in _badness(g.findings[0])), g.minutes, g.name))


def _badness(finding: Finding) -> tuple[int, int, float]:
    return finding.severity.rank, finding.judgement is Judgement.REAL, finding.confidence


def by_file(findings: Iterable[Finding]) -> list[tuple[str, Counter[Severity]]]:
    """Files with their findings by severity, the worst file first."""
    found = defaultdict[str, Counter[Severity]](Counter)
    for finding in findings:
        found[finding.place.path][finding.severity] += 1
    return sorted(found.items(), key=lambda row: ([-row[1][s] for s in reversed(Severity)], row[0]))


def effort(minutes: int) -> str:
    """In the unit that people plan in; a day has eight hours."""
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 960 else f"{minutes / 480:.0f} d"


def markdown(about: Repository, language: str = "en") -> str:
    """For tickets and pull requests."""
    ranked = groups(about.findings, language)
    parts = [
        [f"# {label(language, 'remediation_report')}: {plain(about.title)}", ""],
        _overview(about, ranked, language),
        _trend(about, language),
        _first(ranked, language),
        _files(about, language),
        *(_group(number, group, language) for number, group in enumerate(ranked, start=1)),
        _gone(about, language),
        _left_out(about, language),
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _overview(about: Repository, ranked: Sequence[Group], language: str) -> list[str]:
    if not about.findings:
        return [label(language, "clean"), "", f"{label(language, 'files')}: {about.files}", ""]
    tally = Counter(finding.severity for finding in about.findings)
    said = ", ".join(f"{tally[s]} {label(language, s)}" for s in reversed(Severity) if tally[s])
    total = effort(sum(group.minutes for group in ranked))
    lines = [f"**{len(about.findings)} {label(language, 'findings')}**: {said}."]
    lines += [f"{label(language, 'files')}: {about.files}. {label(language, 'effort')}: {total}."]
    if about.silenced:
        lines.append(f"{label(language, 'silenced')}: {about.silenced}.")
    return [" ".join(lines), ""]


def _trend(about: Repository, language: str) -> list[str]:
    if len(about.scans) < 2:
        return [f"*{label(language, 'first_scan')}*", ""]
    words = ", ".join(
        f"{label(language, word)} {number}"
        for word, number in (("new", len(about.new)), ("fixed", len(about.fixed)), ("remaining", about.remaining))
    )
    head = [f"## {label(language, 'trend')}", "", f"{words} ({plain(about.scans[-2].at[:16])}).", ""]
    shown = [s for s in reversed(Severity) if any(each.counts.get(s.value) for each in about.scans)]
    cells = " | ".join(label(language, s) for s in shown)
    head += [f"| {label(language, 'when')} | {cells} | {label(language, 'new')} | {label(language, 'fixed')} |"]
    head += ["|---|" + "---:|" * (len(shown) + 2)]
    rows = [
        f"| {plain(each.at[:16])} | "
        + " | ".join(str(each.counts.get(s.value, 0)) for s in shown)
        + f" | {each.new} | {each.fixed} |"
        for each in about.scans[-8:]
    ]
    return [*head, *rows, ""]


def _first(ranked: Sequence[Group], language: str) -> list[str]:
    if not ranked:
        return []
    names = ("what", "severity", "score_cvss", "places", "effort", "remedy")
    head = "| # | " + " | ".join(label(language, name) for name in names) + " |"
    rows = [
        f"| {number} | {plain(group.name, 80)} | {label(language, group.severity)} | {group.score:.1f} "
        f"| {len(group.findings)} | {effort(group.minutes)} | {plain(group.advice.remedy)} |"
        for number, group in enumerate(ranked, start=1)
    ]
    return [f"## {label(language, 'do_first')}", "", head, "|---:|---|---|---:|---:|---:|---|", *rows, ""]


def _files(about: Repository, language: str) -> list[str]:
    found = by_file(about.findings)
    if not found:
        return []
    rows = [
        f"| {plain(path)} | {', '.join(f'{tally[s]} {label(language, s)}' for s in reversed(Severity) if tally[s])} |"
        for path, tally in found[:MOST_FILES]
    ]
    more = [f"*+{len(found) - MOST_FILES}*", ""] if len(found) > MOST_FILES else []
    head = [f"## {label(language, 'where')}", "", f"| {label(language, 'file')} | {label(language, 'findings')} |"]
    return [*head, "|---|---|", *rows, "", *more]


def _group(number: int, group: Group, language: str) -> list[str]:
    lines = [f"### {number}. {plain(group.name)}", "", group.advice.risk, ""]
    for finding in group.findings[:MOST_PLACES]:
        sure = "" if finding.judgement is Judgement.REAL else f" ({label(language, finding.judgement)})"
        fixed = f"; {label(language, 'fix_ready')}" if finding.fix and finding.fix.accepted else ""
        place = f"{plain(finding.place.path)}\\:{finding.place.start_line}"
        told = f"{plain(finding.rule)}: {plain(said(finding, language), 200)}"
        lines.append(f"- **{label(language, finding.severity)}** {place} {told}{sure}{fixed}")
    left = len(group.findings) - MOST_PLACES
    return [*lines, *([f"- *+{left}*"] if left > 0 else []), ""]


def _gone(about: Repository, language: str) -> list[str]:
    if not about.fixed:
        return []
    rows = [
        f"- {plain(each.path)}\\:{each.line} {plain(each.rule)} {plain(each.cwe)}" for each in about.fixed[:MOST_PLACES]
    ]
    left = len(about.fixed) - MOST_PLACES
    return [f"## {label(language, 'fixed')}", "", *rows, *([f"- *+{left}*"] if left > 0 else []), ""]


def _left_out(about: Repository, language: str) -> list[str]:
    rows = [f"- {count}: {plain(reason)}" for reason, count in sorted(about.left_out.items())]
    return [f"## {label(language, 'not_read')}", "", *rows, ""] if rows else []
