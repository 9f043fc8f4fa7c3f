"""Commands that analyze: triage, scan, techniques, advise."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from schemas import Alert, Analysis, Document, LogWindow, Subject
from secassist.cli._run import (
    AsJson,
    Exit,
    FailOn,
    Language,
    Quiet,
    check_names,
    finish,
    pipeline,
    print_analyses,
    progress,
    say,
    write,
)
from secassist.errors import UsageError
from secassist.knowledge import attack
from secassist.pipeline import Pipeline, suited
from secassist.sources.base import Rejected, Skipped

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.", show_default=False)]
SourceName = Annotated[str | None, typer.Option("--source", help="Read the input as this format instead of guessing.")]
Advise = Annotated[bool, typer.Option("--advise", help="Add remediation steps for what was found.")]
FormatName = Annotated[
    str, typer.Option("--format", help="Output format: table, json, markdown, html, sarif, ocsf, csv.")
]


def triage(
    paths: Paths,
    source: SourceName = None,
    language: Language = None,
    as_json: AsJson = False,
    format_: FormatName = "table",
    fail_on: FailOn = None,
    with_advice: Advise = False,
    quiet: Quiet = False,
) -> None:
    """Judge alerts, log windows and e-mail: verdict, severity, techniques, quoted evidence."""
    check_names(format_, source)
    with pipeline(language=language) as (made, settings):
        subjects, rejected = _sorted(made.ingest(_read(made, paths, source)))
        subjects, others = _split(subjects, (Alert, LogWindow))
        left = Skipped if all(path.is_dir() for path in paths) else Rejected
        rejected += [left(s.origin, f"a {s.kind} is no alert or log; use `secassist scan` for it") for s in others]
        with progress("triage", quiet or as_json) as report:
            analyses = list(made.analyze("triage", subjects, settings.language, report))
        if with_advice:
            analyses += made.advise(analyses, settings.language)
    print_analyses(analyses, "json" if as_json else format_, quiet=quiet)
    finish(analyses, rejected, fail_on)


def scan(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders.", show_default=False)] = None,
    diff: Annotated[str | None, typer.Option(help="Scan what a git range BASE..HEAD adds instead of files.")] = None,
    only: Annotated[str | None, typer.Option(help="Only this analysis: review or sensitive.")] = None,
    language: Language = None,
    as_json: AsJson = False,
    format_: FormatName = "table",
    fail_on: FailOn = None,
    with_advice: Advise = False,
    quiet: Quiet = False,
) -> None:
    """Find vulnerable code, secrets and personal data in files, folders or a git range."""
    if only not in (None, "review", "sensitive"):
        raise UsageError(f"--only is review or sensitive, not {only!r}")
    check_names(format_)
    if not paths and not diff:
        raise UsageError("name files or folders to scan, or a git range with --diff BASE..HEAD")
    with pipeline(language=language) as (made, settings):
        given = _read_diff(diff, (paths or [Path()])[0]) if diff else _read(made, paths or [], None)
        subjects, rejected = _sorted(given)
        for item in rejected:
            made.store.add_rejection(item.origin, item.reason)
        analyses: list[Analysis] = []
        for analyzer in ("review", "sensitive"):
            if only in (None, analyzer):
                chosen = [s for s in subjects if analyzer in (*suited(s), "sensitive")]
                with progress(analyzer, quiet or as_json) as report:
                    analyses += made.analyze(analyzer, chosen, settings.language, report)
        if with_advice:
            analyses += made.advise(analyses, settings.language)
    print_analyses(analyses, "json" if as_json else format_, quiet=quiet)
    finish(analyses, rejected, fail_on)


def techniques(
    text: Annotated[str, typer.Argument(help='A sentence or paragraph; "-" reads standard input.')],
    as_json: AsJson = False,
) -> None:
    """Name the ATT&CK techniques that a text describes."""
    body = sys.stdin.read() if text == "-" else text
    with pipeline() as (made, settings):
        found = list(made.analyze("techniques", [Document(source="text", body=body)], settings.language))
    if as_json:
        print_analyses(found, "json")
    for analysis in [] if as_json else found:
        for technique in analysis.verdict.techniques if analysis.verdict else ():
            write(f"{technique:<10} {attack.name(technique)}")
    finish(found, [], None)
    if not any(analysis.verdict for analysis in found):
        say("no technique is near this text")
        raise typer.Exit(Exit.INCOMPLETE)


def advise(
    prefix: Annotated[str, typer.Argument(metavar="ID", help="Analysis id or its first digits.")],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Give ordered remediation steps for a stored analysis."""
    with pipeline(language=language) as (made, settings):
        found = made.store.find_analysis(prefix)
        if found is None:
            raise UsageError(f"no analysis begins with {prefix!r}; `secassist list` shows them")
        advice = list(made.advise([found], settings.language))
    if not advice:
        raise UsageError(f"analysis {found.id[:12]} found nothing to act on")
    print_analyses(advice, "json" if as_json else "markdown")
    finish(advice, [], None)


def _read(made: Pipeline, paths: Iterable[Path], source: str | None) -> Iterable[Subject | Rejected]:
    paths = list(paths)
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise UsageError(f"{missing}: no such file or folder")
    return made.read(paths, source)


def _read_diff(range_: str, repository: Path) -> Iterable[Subject | Rejected]:
    from secassist.sources.diff import PLUGIN

    return PLUGIN.read_git(repository, range_)


def _sorted(items: Iterable[Subject | Rejected]) -> tuple[list[Subject], list[Rejected]]:
    subjects: list[Subject] = []
    rejected: list[Rejected] = []
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            subjects.append(item)
    return subjects, rejected


def _split(subjects: Sequence[Subject], kinds: tuple[type[Subject], ...]) -> tuple[list[Subject], list[Subject]]:
    return [s for s in subjects if isinstance(s, kinds)], [s for s in subjects if not isinstance(s, kinds)]
