"""JSON Lines: one whole Analysis per line, or one Report; what other programs read."""

from collections.abc import Sequence

from schemas import Analysis, Finding, Report
from secassist.formats._text import json, masked


class Json:
    """Text has the value that it has in the noun; who shows it must escape it again."""

    name = "json"
    summary = "One Analysis per line (JSON Lines), or one Report; complete and exact."
    suffix = ".jsonl"

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """One line each, in the order given."""
        return "".join(f"{json(_masked(analysis).model_dump_json())}\n" for analysis in analyses)

    def report(self, report: Report) -> str:
        """One line."""
        cases = tuple(case.model_copy(update={"findings": _all(case.findings)}) for case in report.cases)
        return f"{json(report.model_copy(update={'cases': cases}).model_dump_json())}\n"


def _masked(analysis: Analysis) -> Analysis:
    shown = _all(analysis.findings)
    return analysis if shown == analysis.findings else analysis.model_copy(update={"findings": shown})


def _all(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(masked(finding) for finding in findings)


PLUGIN = Json()
