"""A scan as a remediation report: gathers what the page states, and has it written."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from schemas import Finding
from secassist.formats import _repository, _repository_html
from secassist.formats._repository import Repository, Scanned
from secassist.formats._text import masked
from secassist.scanning.pieces import Scope
from secassist.scanning.scan import Outcome
from secassist.scanning.trend import Trend
from secassist.sources._bytes import shown

_HTML = (".html", ".htm")


def written(
    seen: Trend, outcomes: Sequence[Outcome], scope: Scope, paths: Sequence[Path], suffix: str, language: str
) -> str:
    """A page for names that end so, else Markdown."""
    about = Repository(
        title=", ".join(shown(path.absolute()) for path in paths),
        findings=_masked(seen.findings),
        new=_masked(seen.new),
        fixed=seen.fixed,
        scans=[Scanned(each.at, each.counts, each.new, each.fixed) for each in seen.past],
        files=len(outcomes),
        silenced=sum(len(each.findings) for outcome in outcomes for each in outcome.silenced),
        left_out=Counter(item.reason for item in [*scope.left, *(i for o in outcomes for i in o.left)]),
    )
    render = _repository_html.page_of if suffix.lower() in _HTML else _repository.markdown
    return render(about, language)


def _masked(findings: Sequence[Finding]) -> list[Finding]:
    return [masked(finding) for finding in findings]
