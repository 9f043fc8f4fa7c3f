"""A table of plain columns for terminals: no colours of ours, no control characters of anybody's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from schemas import Analysis, Finding, Judgement, Report, Severity
from secassist.formats._labels import label
from secassist.formats._said import said
from secassist.formats._text import LONGEST, chance, fit, fit_place, minute, one_line, width, wrapped
from secassist.formats._view import View, alias, is_stated, of_analyses, of_case, of_unit, probability
from secassist.formats.base import Look

COLUMNS = 128
"""Of prose and notes, where no terminal says how wide it is."""
NARROW = 100
"""Below this an entry takes three lines instead of one."""
WIDTHS = {"severity": 8, "decision": 16, "score": 4}
"""Columns of the fields of fixed width; an id takes 16, "what" and "where" share the rest."""
ID = 16
LOOK = 2
"""Urgency from which somebody has to look."""
GAP = "  "
PADDED = (46, 28)
"""Least columns of "what" and "where" in a pipe or file, where neither is cut."""
HEADS = {"severity": "severity", "decision": "decision", "score": "P", "what": "what", "origin": "where", "id": "id"}
"""The label of each column."""

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """One entry per verdict, finding or failed run, then a line of totals; a finding's id ends in its number."""

    name = "table"
    summary = "Plain columns for a terminal."
    suffix = ".txt"
    look: Look = field(default_factory=Look)

    def analyses(self, analyses: Sequence[Analysis]) -> str:
        """In the order given."""
        language = analyses[0].language if analyses else "en"
        return self._drawn(of_analyses(analyses, self.look), language)

    def report(self, report: Report) -> str:
        """Title, prose, the cases."""
        period = f"{minute(report.facts.since)} - {minute(report.facts.until)}"
        columns = self.look.columns or COLUMNS
        prose = "".join(f"{line}\n" for each in report.prose for line in wrapped(one_line(each, 2000), columns))
        cases = self._drawn([of_case(case, report.language) for case in report.cases], report.language)
        return f"{one_line(report.title)}\n{one_line(period)}\n\n{prose}\n{cases}"

    def _drawn(self, views: list[View], language: str) -> str:
        if not views:
            return f"{label(language, 'nothing')}\n"
        columns = self.look.columns or COLUMNS
        shown = [_unsettled(view) for view in views if not _settled(view)] if self.look.unsettled else views
        rows = [row for view in shown for row in _rows(view, self.look.least)]
        heads = {name: label(language, word).upper() for name, word in HEADS.items()}
        table = _lined(heads, rows, self.look.columns) if rows else []
        legend = [label(language, "legend")] if rows and self.look.columns else []
        notes = [part for note in [*legend, *_notes(shown, language)] for part in wrapped(note, columns)]
        left = _counts(views) - _counts(shown)
        if left:
            notes += wrapped(label(language, "settled_note" if left > 1 else "settled_note_one").format(left), columns)
        return "\n".join([*table, "", *wrapped(_totals(views, language), columns), *notes]) + "\n"


def _settled(view: View) -> bool:
    """Whether nobody has to look: nothing found is open, and the run ended with a harmless verdict or none."""
    return view.urgency == 0 and bool(view.findings) and not any(map(_is_open, view.findings))


def _unsettled(view: View) -> View:
    """The view without what is disproved or judged harmless."""
    kept = [(number, each) for number, each in zip(view.places, view.findings, strict=True) if _is_open(each)]
    return replace(view, findings=tuple(each for _, each in kept), numbers=tuple(number for number, _ in kept))


def _is_open(finding: Finding) -> bool:
    return finding.judgement in (Judgement.REAL, Judgement.UNSURE)


def _counts(views: Sequence[View]) -> int:
    """Findings in them."""
    return sum(len(view.findings) for view in views)


def _lined(heads: Row, rows: Sequence[Row], columns: int) -> list[str]:
    """The heads and entries at the width of a terminal; where there is none (0), nothing is cut."""
    if 0 < columns < NARROW:
        return [_lines(row, columns) for row in rows]
    return [_line(row, columns) if columns else _whole(row) for row in [heads, *rows]]


def _whole(row: Row) -> str:
    """All of an entry in one line, as long as it is."""
    fixed = [fit(row.get(name, ""), room) for name, room in WIDTHS.items()]
    texts = [one_line(row.get(name, ""), LONGEST) for name in ("what", "origin")]
    padded = [fit(text, max(room, width(text))) for text, room in zip(texts, PADDED, strict=True)]
    return GAP.join([*fixed, *padded, row["id"]]).rstrip()


def _line(row: Row, columns: int) -> str:
    """All of an entry in one line; of what is left beside the fixed fields, the place gets two fifths."""
    room = columns - sum(WIDTHS.values()) - ID - len(GAP) * 5
    where = room * 2 // 5
    what = room - where
    fixed = [fit(row.get(name, ""), room) for name, room in WIDTHS.items()]
    texts = [fit(row.get("what", ""), what), fit_place(row.get("origin", ""), where)]
    return GAP.join([*fixed, *texts, row["id"]]).rstrip()


def _lines(row: Row, columns: int) -> str:
    """An entry below another's end: decision and id, then where, then what."""
    fixed = [fit(row.get(name, ""), room) for name, room in WIDTHS.items()]
    head = GAP.join([*fixed, row["id"]]).rstrip()
    texts = (fit_place(row.get("origin", ""), columns - 2), fit(row.get("what", ""), columns - 2))
    return "\n".join([head, *(f"{GAP}{text}".rstrip() for text in texts if text.strip())])


def _rows(view: View, least: Severity | None) -> Iterator[Row]:
    """Those at or above `least`; what failed is always among them."""
    word = partial(label, view.language)
    shared = {"id": one_line(view.id[:12]), "origin": view.origin}
    verdict = view.verdict
    if verdict and _grave(verdict.severity, least):
        yield {
            **shared,
            "severity": word(verdict.severity),
            "decision": word(verdict.disposition),
            "score": "" if verdict.score is None else chance(verdict.score),
            "what": view.title,
        }
    yield from _findings(view, least)
    if view.state != "ok":
        yield {**shared, "decision": word(view.state), "what": view.error or view.title}
    elif not verdict and not view.findings and least is None:
        yield {**shared, "decision": word("ok" if view.remediation else "none_found"), "what": view.title}


def _findings(view: View, least: Severity | None) -> Iterator[Row]:
    for id_, finding in view.numbered:
        if not _grave(finding.severity, least):
            continue
        trace = f" {finding.secret.mask}" if finding.secret else ""
        shown = probability(view, finding)
        yield {
            "id": one_line(id_),
            "severity": label(view.language, finding.severity),
            "decision": label(view.language, finding.judgement),
            "score": "-" if is_stated(finding) else "" if shown is None else chance(shown),
            "what": f"{finding.rule}{trace} {finding.cwe} {said(finding, view.language)}"
            + alias(finding, view.language),
            "origin": f"{finding.place.path}:{finding.place.start_line}",
        }


def _grave(severity: Severity, least: Severity | None) -> bool:
    return least is None or severity.rank >= least.rank


def _notes(views: Iterable[View], language: str) -> list[str]:
    """What a blank or a dash in the column of probabilities means, where there is one."""
    views = list(views)
    stated = any(is_stated(finding) for view in views for finding in view.findings)
    needed = {"unit_note": any(map(of_unit, views)), "stated_note": stated}
    return [label(language, name) for name, is_needed in needed.items() if is_needed]


def _totals(views: list[View], language: str) -> str:
    counted = {
        "made": len(views),
        "needs_look": sum(view.urgency >= LOOK for view in views),
        "incomplete": sum(view.state != "ok" for view in views),
    }
    words = {name: f"{name}_one" if number == 1 and name != "incomplete" else name for name, number in counted.items()}
    return ", ".join(f"{number} {label(language, words[name])}" for name, number in counted.items())


PLUGIN = Table()
