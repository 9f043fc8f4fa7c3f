"""Commands over what is stored: list, show, export, report, correct."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Analysis, Disposition, Severity
from secassist import plugins
from secassist.cli._corrected import corrections, marked, marked_cases
from secassist.cli._run import (
    FORMATS,
    AsJson,
    Language,
    check_names,
    columns,
    finish,
    pipeline,
    print_analyses,
    reference,
    say,
    styled,
    write,
)
from secassist.errors import UsageError
from secassist.formats.base import Look
from secassist.store import Store

Since = Annotated[str | None, typer.Option(help="From this time on: 2026-03-01, or 7d, 24h.")]
Until = Annotated[str | None, typer.Option(help="Before this time; default: now.")]
Only = Annotated[
    Disposition | None, typer.Option(help="Only verdicts of this disposition, or those that were corrected to it.")
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")]


def list_(
    analyzer: Annotated[str | None, typer.Option(help="Only this analyzer.")] = None,
    disposition: Only = None,
    severity: Annotated[
        Severity | None, typer.Option(help="Only verdicts and findings at or above it; --json: the analyses with one.")
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many analyses.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List stored analyses, newest first, with their verdicts and findings."""
    with pipeline() as (made, _):
        found = list(
            made.store.analyses(
                analyzer=analyzer,
                decided=disposition,
                severity_at_least=severity,
                **_period(since, until),
                limit=limit + 1,
                newest_first=True,
            )
        )
        shown_as = "json" if as_json else "table"
        shown = marked(found[:limit], corrections(made.store, shown_as))
    print_analyses(shown, shown_as, least=severity)
    if len(found) > limit:
        say(f"the newest {limit}; there are older ones (--limit)")


def show(
    named: Annotated[str, typer.Argument(metavar="ID[:NUMBER]", help="Analysis id or its first digits; one finding.")],
    as_json: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help=f"Output format: {FORMATS}.")] = "plain",
) -> None:
    """Show one stored analysis, or one finding of it, with its evidence and lineage."""
    check_names(format_)
    prefix, number = reference(named)
    with pipeline() as (made, _):
        found = _find(made.store, prefix)
        reviews = made.store.reviews(found.id)
        shown_as = "json" if as_json else format_
        shown = marked([found if number is None else _alone(found, number)], corrections(made.store, shown_as))
    numbers = None if number is None else {found.id: (number,)}
    print_analyses(shown, shown_as, numbers=numbers)
    for review in reviews:
        say(f"corrected: {review.disposition or review.judgement} by {review.author} {review.comment}".rstrip())


def _alone(found: Analysis, number: int) -> Analysis:
    """The analysis with this finding only."""
    if number >= len(found.findings):
        there = f"they are 0 to {len(found.findings) - 1}" if found.findings else "it has none"
        raise UsageError(f"analysis {found.id[:12]} has no finding {number}; {there}")
    return found.model_copy(update={"findings": found.findings[number : number + 1]})


def export(
    format_: Annotated[str, typer.Option("--format", "-f", help=f"Output format: {FORMATS}.")] = "json",
    out: Out = None,
    analyzer: Annotated[str | None, typer.Option(help="Only this analyzer.")] = None,
    disposition: Only = None,
    severity: Annotated[
        Severity | None, typer.Option(help="Only analyses with a verdict or finding at or above it.")
    ] = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Write stored analyses in any output format."""
    writer = styled(plugins.load("formats", format_), Look())
    chosen = _period(since, until)
    with pipeline() as (made, _):
        found = list(made.store.analyses(analyzer=analyzer, decided=disposition, severity_at_least=severity, **chosen))
        found = marked(found, corrections(made.store, format_))
    write(writer.analyses(found), out)


def report(
    since: Since = "7d",
    until: Until = None,
    out: Out = None,
    format_: Annotated[
        str | None, typer.Option("--format", "-f", help="html, markdown, plain, table, csv or json; default: html.")
    ] = None,
    language: Language = None,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Security report",
) -> None:
    """Report on everything analysed in a period: counted facts, checked prose, the cases behind them.

    Without --out and --format, a terminal is shown a table instead of a page.
    """
    to_terminal = out is None and format_ is None and sys.stdout.isatty()
    shown_as = format_ or ("table" if to_terminal else "html")
    writer = styled(plugins.load("formats", shown_as), Look(columns()))
    period = _period(since or "7d", until)
    with pipeline(language=language) as (made, settings):
        found = made.report(period["since"], period["until"] or datetime.now(UTC), title, settings.language)
        known = corrections(made.store, shown_as)
    if found.report is not None:
        cases = marked_cases(found.report.cases, found.report.language, known)
        write(writer.report(found.report.model_copy(update={"cases": cases})), out)
    if to_terminal:
        say("the page for people: --out report.html")
    finish([found], [], None)


def correct(
    prefix: Annotated[str, typer.Argument(metavar="ID", help="Analysis id or its first digits.")],
    disposition: Annotated[Disposition, typer.Option(help="What it really was.")],
    author: Annotated[str, typer.Option(help="Who says so.")],
    comment: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Record an analyst's correction of a verdict; corrections become training data."""
    with pipeline() as (made, _):
        found = _find(made.store, prefix)
        made.store.add_review(found.id, disposition=disposition, author=author, comment=comment)
    say(f"recorded: {found.id[:12]} is {disposition}")


def _find(store: Store, prefix: str) -> Analysis:
    found = store.find_analysis(prefix)
    if found is None:
        raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
    return found


def _period(since: str | None, until: str | None) -> dict[str, Any]:
    """What the store is asked for; raises UsageError for a period that ends before it begins."""
    begin, end = (moment(text) if text else None for text in (since, until))
    if begin and (end or datetime.now(UTC)) <= begin:
        raise UsageError(f"--since {since} is not before --until {until or 'now'}; name a period that has passed")
    return {"since": begin, "until": end}


def moment(text: str) -> datetime:
    """A time from "2026-03-01", an ISO 8601 time (UTC unless it says otherwise), or an age like "7d" or "24h"."""
    units = {"d": "days", "h": "hours", "m": "minutes"}
    try:
        if text[:-1].isdigit() and text[-1:] in units:
            return datetime.now(UTC) - timedelta(**{units[text[-1]]: int(text[:-1])})
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no time; write 2026-03-01, 2026-03-01T12:00, 7d or 24h") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
