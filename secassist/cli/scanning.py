"""The command that scans: files, changes, staged files, lists or a whole history."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from schemas import Analysis, Subject
from secassist import plugins
from secassist.cli._asked import Asked
from secassist.cli._progress import scan_progress
from secassist.cli._run import (
    FORMATS,
    AsJson,
    Exit,
    FailOn,
    Language,
    Quiet,
    check_names,
    finish,
    pipeline,
    print_analyses,
    say,
    stored_numbers,
    write,
)
from secassist.config import Settings, read_settings
from secassist.correcting import corrections, held
from secassist.detectors import semgrep as engine
from secassist.detectors.base import Detection
from secassist.errors import UsageError
from secassist.pipeline import Pipeline
from secassist.scanning import baseline as baselines
from secassist.scanning import pieces
from secassist.scanning.comparing import compare, updated
from secassist.scanning.detecting import AllRemembered, Recalled
from secassist.scanning.index import Index
from secassist.scanning.rules import NoModel, Rules
from secassist.scanning.scan import ANALYZERS, Outcome, Scan
from secassist.scanning.steady import Steady
from secassist.scanning.trend import root_of, trend
from secassist.sources.base import Rejected, Skipped
from secassist.store import Gathering

_SHOWN = 20
"""Names of what was left out, per reason; all with --left-out."""


def scan(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files or folders; with --history also a range of commits.", show_default=False),
    ] = None,
    diff: Annotated[str | None, typer.Option(help="Only what a git range BASE..HEAD adds.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Only what is staged for the next commit.")] = False,
    files_from: Annotated[
        str | None, typer.Option(help='Files named in this file, one per line or NUL-ended; "-" is standard input.')
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Every line that any commit (or those of a RANGE) added: secrets.")
    ] = False,
    only: Annotated[str | None, typer.Option(help="Only this analysis: review or sensitive.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Rules only; no model is asked.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(help="Leave out what matches, in .gitignore syntax.")] = None,
    semgrep: Annotated[
        bool | None,
        typer.Option("--semgrep/--no-semgrep", help="Run our rules by semgrep, too; default: if installed."),
    ] = None,
    generated: Annotated[bool, typer.Option("--generated", help="Read generated and vendored files too.")] = False,
    baseline: Annotated[Path | None, typer.Option(help="Only findings that are not in this file count.")] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the findings of this scan to --baseline.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Processes that read and detect.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show what is clean, too.")] = False,
    left_out: Annotated[bool, typer.Option("--left-out", help="Name every file that was not read.")] = False,
    language: Language = None,
    as_json: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help=f"Output format: {FORMATS}.")] = "table",
    report: Annotated[
        Path | None, typer.Option(help="Write a remediation report here: .html, or Markdown by any other name.")
    ] = None,
    fail_on: FailOn = None,
    with_advice: Annotated[bool, typer.Option("--advise", help="Add remediation steps for what was found.")] = False,
    quiet: Quiet = False,
) -> None:
    """Find vulnerable code, secrets and personal data in files, folders, changes or a git history."""
    asked = Asked(paths or [], diff, staged, files_from, history, exclude or [], generated)
    asked.check()
    _check(asked, only, fast, with_advice, report)
    check_names(format_)
    known = _known(baseline, update_baseline)
    analyzers = (only,) if only else ("sensitive",) if history else ANALYZERS
    from secassist import bootstrap

    with _wired(language, fast) as (wired, settings), closing(Index(settings.home)) as index:
        made, store = _equipped(wired, fast)
        running = Scan(
            made,
            store,
            index,
            bootstrap.redactor,
            analyzers,
            settings.language,
            jobs or _cores(),
            everything,
            together=_semgrep(made, semgrep),
            sealing=made.sealer is not None,
        )
        scope = _without(asked.scope(made, fast), baseline)
        with scan_progress("scan", scope.count, scope.bytes, quiet or as_json) as told:
            outcomes = sorted(running.run(scope, told), key=lambda outcome: outcome.number)
        if asked.whole:
            seen = trend(outcomes, root_of(asked.paths, *analyzers, str(fast)), index)
            if report is not None:
                from secassist.scanning import reporting

                write(reporting.written(seen, outcomes, scope, asked.paths, report.suffix, settings.language), report)
        others = [analysis for outcome in outcomes for analysis in outcome.silenced]
        if known is not None and baseline is not None:
            others += _beside(outcomes, known, scope, made, baseline if update_baseline else None)
        analyses, numbers = _as_corrected(outcomes, store)
        left = [*scope.left, *(item for outcome in outcomes for item in outcome.left)]
        spoken = [*_told(outcomes, left, left_out, quiet), *_idle(outcomes, everything or as_json)]
        lines = [made.redactor(line) for line in spoken]
        _save_rejections(left, store)
        if with_advice:
            analyses += wired.advise(analyses, settings.language)
        told_too = others if format_ == "sarif" and not as_json else []
        shown_as = "json" if as_json else format_
        print_analyses([*analyses, *told_too], shown_as, quiet=quiet, numbers=numbers, unsettled=not everything)
    for line in lines:
        say(line)
    finish(analyses, [], fail_on)
    if any(not isinstance(item, Skipped) for item in left):
        raise typer.Exit(Exit.INCOMPLETE)


def _check(asked: Asked, only: str | None, fast: bool, with_advice: bool, report: Path | None) -> None:
    """Raises UsageError for options that do not go together."""
    if only not in (None, *ANALYZERS):
        raise plugins.unknown("analysis of a scan (--only)", only, ANALYZERS)
    if with_advice and fast:
        raise UsageError("--advise asks the model and --fast does not; leave one of them out")
    if report is not None and not asked.whole:
        raise UsageError("--report is about whole folders; leave --diff, --staged, --files-from and --history out")


def _cores() -> int:
    return min(8, len(os.sched_getaffinity(0)))


@contextmanager
def _wired(language: str | None, fast: bool) -> Iterator[tuple[Pipeline, Settings]]:
    """The pipeline of every command; on the fast path not even the code of a backend is loaded."""
    from secassist import bootstrap

    if not fast:
        with pipeline(language=language) as both:
            yield both
        return
    settings = read_settings(language=language, names="off")
    made = bootstrap.pipeline(settings, NoModel())
    try:
        yield made, settings
    finally:
        made.store.close()


def _equipped(wired: Pipeline, fast: bool) -> tuple[Pipeline, Gathering]:
    """The pipeline with detectors that remember what worker processes found, and without a model on the fast path.

    Beside it the store it writes to, which has to be flushed.
    """
    kept = AllRemembered(wired.driver.detectors)
    old = wired.driver
    driver = Rules if fast else Steady
    steady = driver(NoModel() if fast else old.backend, kept, old.key, old.now, brief=old.brief)
    redactor = Recalled(wired.redactor)
    gathering = Gathering.over(wired.store, redactor)
    concealer = replace(wired.concealer, secrets=kept["secrets"], personal=kept["personal_data"], redactor=redactor)
    return replace(wired, driver=steady, concealer=concealer, store=gathering), gathering


def _without(scope: pieces.Scope, baseline: Path | None) -> pieces.Scope:
    if baseline is not None:
        scope.leave_out(baseline, "the baseline itself: hashes, no source")
    for other in [path for path in map(Path, scope.scanned) if baselines.is_one(path)]:
        scope.leave_out(other, "a baseline: hashes, no source")
    return scope


def _known(path: Path | None, update: bool) -> baselines.Baseline | None:
    """The baseline that was named, an empty one where it is yet to be written; None where none was named."""
    if path is None:
        if update:
            raise UsageError("--update-baseline needs --baseline FILE")
        return None
    if update and not path.exists():
        return baselines.Baseline(path.absolute().parent)
    return baselines.load(path)


def _semgrep(made: Pipeline, asked: bool | None) -> Callable[[Sequence[Subject]], Mapping[str, Detection]] | None:
    """How semgrep looks at many texts, where it is installed or asked for; then it is a detector of the review, too."""
    here = engine.program() is not None
    if asked and not here:
        raise UsageError("--semgrep: the program is not on the PATH; install it in an environment of its own")
    if not here or asked is False or not isinstance(made.driver, Steady):
        return None
    made.driver.extra = {"review": ("semgrep",)}
    return engine.PLUGIN.look


def _beside(
    outcomes: Sequence[Outcome], known: baselines.Baseline, scope: pieces.Scope, made: Pipeline, written: Path | None
) -> list[Analysis]:
    """Takes out what the baseline knows, or writes a new one; gives what is taken out, and what is gone."""
    if written is not None:
        fresh, count = updated(outcomes, known, scope)
        fresh.save(written)
        say(f"baseline: {count} findings written to {written}")
        return []
    found = compare(outcomes, known, scope, lambda unit: made.driver.plan(made.analyzers["review"], unit))
    say(f"baseline: {found.known} known findings left out")
    return found.others


def _as_corrected(
    outcomes: Sequence[Outcome], store: Gathering
) -> tuple[list[Analysis], Mapping[str, tuple[int, ...]]]:
    """What was found as analysts corrected it, and by analysis where its findings stand in the stored one."""
    found = [analysis for outcome in outcomes for analysis, _ in outcome.analyses]
    numbers = stored_numbers(found, store.find_analyses)
    return held(found, corrections(store), numbers), numbers


def _save_rejections(left: Sequence[Rejected], store: Gathering) -> None:
    """Saves what could not be read, and all that waits with it."""
    for item in left:
        if not isinstance(item, Skipped):
            store.add_rejection(item.origin, item.reason)
    store.flush()


def _told(outcomes: Sequence[Outcome], left: Sequence[Rejected], every: bool, quiet: bool) -> Iterator[str]:
    """What the tables do not show: left out, suppressed, reused."""
    if not outcomes and not left:
        yield "nothing is there to scan"
    reasons = Counter((isinstance(item, Skipped), item.reason) for item in left)
    seen: Counter[str] = Counter()
    for item in sorted(left, key=lambda item: isinstance(item, Skipped)):
        seen[item.reason] += 1
        skipped = isinstance(item, Skipped)
        if every or (seen[item.reason] <= _SHOWN and not (quiet and skipped)):
            yield f"{'skipped' if skipped else 'not read'}: {item.origin}: {item.reason}"
    for (skipped, reason), count in reasons.items():
        if count > _SHOWN and not every:
            yield f"{'skipped' if skipped else 'not read'}: {count - _SHOWN} more: {reason} (--left-out names them)"
    yield from (fault for outcome in outcomes for fault in outcome.faults)
    suppressed = sum(len(each.findings) for outcome in outcomes for each in outcome.silenced)
    if suppressed:
        yield f"suppressed by comments: {suppressed}"
    if not quiet and outcomes:
        reused = sum(outcome.reused for outcome in outcomes)
        yield f"scanned: {len(outcomes)}, of which unchanged: {reused}"


def _idle(outcomes: Sequence[Outcome], every: bool) -> list[str]:
    """Suppressions that cover nothing: each, or how many."""
    idle = [line for outcome in outcomes for line in outcome.idle]
    return idle if every or not idle else [f"suppressions that cover nothing: {len(idle)} (--all names them)"]
