"""Commands over what is stored: list, show, export, report, correct."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Analysis, Disposition, Severity
from secassist import plugins
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
    write,
)
from secassist.correcting import corrections, held
from secassist.errors import UsageError
from secassist.formats.base import Look
from secassist.store import Review, Store, last_word
from secassist.styling import styled

_BY_SUFFIX = {
    ".csv": "csv",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".jsonl": "json",
    ".md": "markdown",
    ".sarif": "sarif",
    ".txt": "plain",
}
_FINDINGS_ONLY = frozenset({"gitlab", "gitlab_secrets"})
"""Formats that hold no verdicts."""
Since = Annotated[str | None, typer.Option(help="From this time on: 2026-03-01, or 7d, 24h.")]
Until = Annotated[str | None, typer.Option(help="Before this time; default: now.")]
Only = Annotated[
    Disposition | None, typer.Option(help="Only verdicts of this disposition, or those that were corrected to it.")
]
Every = Annotated[
    bool, typer.Option("--all", help="Also what a later analysis of the same file, alert or text superseded.")
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
    everything: Every = False,
    as_json: AsJson = False,
) -> None:
    """List stored analyses, newest first, with their verdicts and findings."""
    with pipeline() as (made, _):
        found = list(
            made.store.analyses(
                analyzer=analyzer,
                decided=disposition,
                severity_at_least=severity,
                history=everything,
                **_period(since, until),
                limit=limit + 1,
                newest_first=True,
            )
        )
        shown_as = "json" if as_json else "table"
        shown = held(found[:limit], corrections(made.store))
    print_analyses(shown, shown_as, least=severity)
    if len(found) > limit:
        say(f"the newest {limit}; there are older ones (--limit)")


def show(
    named: Annotated[str, typer.Argument(metavar="ID[:NUMBER]", help="Analysis id or its first digits; one finding.")],
    as_json: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help=f"Output format: {FORMATS}.")] = "plain",
) -> None:
    """Show one stored analysis, or one finding of it, with its evidence and lineage; --json as it was stored."""
    check_names(format_)
    prefix, number = reference(named)
    with pipeline() as (made, _):
        found = _find(made.store, prefix)
        reviews = made.store.reviews(found.id)
        shown_as = "json" if as_json else format_
        (told,) = [found] if shown_as == "json" else held([found], corrections(made.store))
        shown = [told if number is None else _alone(told, number)]
    numbers = None if number is None else {found.id: (number,)}
    print_analyses(shown, shown_as, numbers=numbers)
    for review in reviews:
        about = "" if review.finding is None else f"finding {review.finding} "
        note = f": {review.comment}" if review.comment else ""
        say(f"corrected: {about}{_words(review)} by {review.author}{note}")


def _alone(found: Analysis, number: int) -> Analysis:
    """The analysis with this finding only."""
    if number >= len(found.findings):
        there = f"they are 0 to {len(found.findings) - 1}" if found.findings else "it has none"
        raise UsageError(f"analysis {found.id[:12]} has no finding {number}; {there}")
    return found.model_copy(update={"findings": found.findings[number : number + 1]})


def export(
    format_: Annotated[
        str | None,
        typer.Option("--format", "-f", help=f"Output format: {FORMATS}; default: what --out ends in says, else json."),
    ] = None,
    out: Out = None,
    analyzer: Annotated[str | None, typer.Option(help="Only this analyzer.")] = None,
    disposition: Only = None,
    severity: Annotated[
        Severity | None, typer.Option(help="Only analyses with a verdict or finding at or above it.")
    ] = None,
    since: Since = None,
    until: Until = None,
    everything: Every = False,
) -> None:
    """Write stored analyses in any output format."""
    name = format_ or _format_of(out, "json")
    writer = styled(plugins.load("formats", name), Look())
    chosen = _period(since, until)
    with pipeline() as (made, _):
        wanted = {"analyzer": analyzer, "decided": disposition, "severity_at_least": severity, **chosen}
        found = list(made.store.analyses(**wanted, history=everything))
        found = held(found, corrections(made.store))
    write(writer.analyses(found), out)
    if found and name in _FINDINGS_ONLY and not any(each.findings for each in found):
        say(
            f"{name} holds findings, and these {len(found)} analyses are verdicts: --format json, csv, ocsf or html has them"
        )


def _format_of(out: Path | None, otherwise: str) -> str:
    """The format that the end of a file's name speaks of."""
    return otherwise if out is None else _BY_SUFFIX.get(out.suffix.lower(), otherwise)


def report(
    since: Since = "7d",
    until: Until = None,
    out: Out = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", help="html, markdown, plain, table, csv or json; default: what --out ends in, else html."
        ),
    ] = None,
    language: Language = None,
    title: Annotated[str, typer.Option(help="Title of the report.")] = "Security report",
) -> None:
    """Report on everything analysed in a period: counted facts, checked prose, the cases behind them.

    Without --out and --format, a terminal is shown plain text; a pipe gets the HTML page.
    """
    to_terminal = out is None and format_ is None and sys.stdout.isatty()
    shown_as = format_ or ("table" if to_terminal else _format_of(out, "html"))
    writer = styled(plugins.load("formats", shown_as), Look(columns()))
    period = _period(since or "7d", until)
    with pipeline(language=language) as (made, settings):
        found = made.report(period["since"], period["until"] or datetime.now(UTC), title, settings.language)
    if found.report is not None:
        write(writer.report(found.report), out)
    if to_terminal:
        say("the page for people: --out report.html")
    finish([found], [], None)


def correct(
    named: Annotated[str, typer.Argument(metavar="ID[:NUMBER]", help="Analysis id or its first digits; one finding.")],
    author: Annotated[str, typer.Option(help="Who says so.")],
    disposition: Annotated[Disposition | None, typer.Option(help="What it really was.")] = None,
    severity: Annotated[
        Severity | None, typer.Option(help="How grave it really was; alone: the rest is right.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    comment: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Record an analyst's correction of a verdict or a severity; corrected dispositions become training data."""
    prefix, number = reference(named)
    comment = note or comment
    with pipeline() as (made, _):
        found = _find(made.store, prefix)
        was = _correctable(found, number, disposition, severity)
        now = _standing(made.store.reviews(found.id), number, was)
        severity = severity or (now[1] if disposition == now[0] and now[1] != was[1] else None)  # it goes on to hold
        said = (disposition or now[0], severity or (now[1] if disposition in (None, now[0]) else None))
        name = found.id[:12] + ("" if number is None else f":{number}")
        if said == now != was and not comment:
            told = f"nothing changes: {name} was corrected to {', '.join(str(word) for word in said if word)} before"
        else:
            review = made.store.add_review(
                found.id, disposition=disposition, finding=number, severity=severity, author=author, comment=comment
            )
            told = f"recorded: {name} is {_words(review)}" + (
                ", as it was said; nothing changes" if said == was else ""
            )
    say(told)


_Word = tuple[Disposition | None, Severity | None]


def _correctable(
    found: Analysis, number: int | None, disposition: Disposition | None, severity: Severity | None
) -> _Word:
    """What was said of the analysis or its finding; raises UsageError where a correction would speak of nothing."""
    if disposition is None and severity is None:
        raise UsageError("nothing is corrected; give --disposition, --severity or both")
    if number is not None:
        if disposition is not None:
            raise UsageError("a disposition is of the whole analysis; leave the number out, or give --severity only")
        return None, _alone(found, number).findings[0].severity
    if disposition is None and found.verdict is None:
        there = f"; name a finding, like {found.id[:12]}:0" if found.findings else ""
        raise UsageError(f"analysis {found.id[:12]} has no verdict whose severity could be corrected{there}")
    return (found.verdict.disposition, found.verdict.severity) if found.verdict else (None, None)


def _standing(reviews: Sequence[Review], number: int | None, was: _Word) -> _Word:
    """What holds by now: the last corrections, and what was said where there is none."""
    said = last_word(reviews)
    if number is not None:
        return None, (said.findings[number].severity if number in said.findings else None) or was[1]
    kept = was[1] if said.disposition in (None, was[0]) else None
    return said.disposition or was[0], said.severity or kept


def _words(review: Review) -> str:
    """What a correction says, like "true_positive, high"."""
    return ", ".join(str(word) for word in (review.disposition, review.judgement, review.severity) if word)


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
