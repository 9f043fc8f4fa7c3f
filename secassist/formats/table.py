"""A table of plain columns for terminals: no colours of ours, no control characters of anybody's."""

from collections.abc import Iterable, Sequence
from functools import partial

from schemas import Analysis, Report
from secassist.formats._labels import label
from secassist.formats._text import fit, one_line
from secassist.formats._view import View, of_analyses, of_case

WIDTHS = {"severity": 9, "decision": 17, "score": 5, "what": 44, "origin": 28, "id": 12}
"""Columns of each field; together with two spaces between them they fit 128."""


class Table:
    """One line per verdict, finding or failed run, then a line of totals."""

    name = "table"
    summary = "Plain columns for a terminal."
    suffix = ".txt"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """In the order given."""
        language = analyses[0].language if analyses else "en"
        return _drawn(of_analyses(analyses), language)

    def report(self, report: Report) -> str:
        """Title, prose, the cases."""
        period = f"{report.facts.since} - {report.facts.until}"
        prose = "".join(f"{one_line(sentence, 2000)}\n" for sentence in report.prose)
        cases = _drawn([of_case(case, report.language) for case in report.cases], report.language)
        return f"{one_line(report.title)}\n{one_line(period)}\n\n{prose}\n{cases}"


def _drawn(views: list[View], language: str) -> str:
    if not views:
        return f"{label(language, 'nothing')}\n"
    heads = dict(zip(WIDTHS, ("SEVERITY", "DECISION", "P", "WHAT", "WHERE", "ID"), strict=True))
    lines = [_line(heads)] + [_line(row) for view in views for row in _rows(view)]
    return "\n".join([*lines, "", _totals(views, language)]) + "\n"


def _line(row: dict[str, str]) -> str:
    return "  ".join(fit(row.get(name, ""), columns) for name, columns in WIDTHS.items()).rstrip()


def _rows(view: View) -> Iterable[dict[str, str]]:
    word = partial(label, view.language)
    shared = {"id": view.id[:12], "origin": view.origin}
    if verdict := view.verdict:
        yield {
            **shared,
            "severity": word(verdict.severity),
            "decision": word(verdict.disposition),
            "score": "" if verdict.score is None else f"{verdict.score:.2f}",
            "what": view.title,
        }
    for finding in view.findings:
        trace = f" {finding.secret.mask}" if finding.secret else ""
        yield {
            **shared,
            "severity": word(finding.severity),
            "decision": word(finding.judgement),
            "score": f"{finding.confidence:.2f}",
            "what": f"{finding.rule}{trace} {finding.cwe} {finding.message}",
            "origin": f"{finding.place.path}:{finding.place.start_line}",
        }
    if view.state != "ok":
        yield {**shared, "decision": word(view.state), "what": view.error or view.title}
    elif not verdict and not view.findings:
        yield {**shared, "decision": word("ok"), "what": view.title}


def _totals(views: list[View], language: str) -> str:
    counted = {
        "subjects": len(views),
        "needs_look": sum(view.urgency >= 2 for view in views),
        "incomplete": sum(view.state != "ok" for view in views),
    }
    return ", ".join(f"{number} {label(language, name)}" for name, number in counted.items())


PLUGIN = Table()
