"""The command that fixes: shows a change that others than its author have re-checked, applies it on request, takes it back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Analysis, CodeUnit, Fix, Subject, digest
from schemas.noun import canonical_json
from secassist import config
from secassist.cli._run import AsJson, Exit, Quiet, pipeline, say, write
from secassist.config import Settings, read_settings
from secassist.errors import SourceError, UsageError
from secassist.fixing.base import Outcome, Tried, Wanted, as_fix
from secassist.fixing.files import Undos
from secassist.fixing.loop import Fixer
from secassist.fixing.oracles import unit_of
from secassist.fixing.places import Placed, numbered, placed
from secassist.fixing.showing import coloured, diff, told
from secassist.fixing.trial import Trial, root_of
from secassist.formats import _text
from secassist.pipeline import Pipeline
from secassist.sources.base import Rejected

REVIEWED = ("review", "sensitive")
"""The analyzers whose detectors re-check a change."""
FORMATS = ("text", "diff", "json")


def fix(
    analysis: Annotated[str, typer.Argument(metavar="ANALYSIS[:NUMBER]", help="Analysis id or its first digits.")],
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", min=0, help="The finding in it, from 0.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the accepted change to the working tree.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what --apply wrote for this finding.")] = False,
    test_command: Annotated[
        str | None, typer.Option(help="The repository's own tests; they are run in a copy of it, without a shell.")
    ] = None,
    test_seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the tests may take.")] = 300.0,
    k: Annotated[int, typer.Option("--k", min=1, max=20, help="At most this many changes are tried.")] = 3,
    fast: Annotated[bool, typer.Option("--fast", help="Leave the model's judgement out.")] = False,
    as_json: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help="text, diff or json.")] = "text",
    quiet: Quiet = False,
) -> None:
    """Fix a finding: a change that parser, detectors, judge and tests accept is shown; --apply writes it."""
    if apply and undo:
        raise UsageError("--apply and --undo exclude each other")
    if format_ not in FORMATS:
        raise UsageError(f"--format is one of {', '.join(FORMATS)}, not {format_!r}")
    prefix, asked = _asked(analysis, number)
    with _wired(fast) as (made, settings):
        found = made.store.find_analysis(prefix)
        if found is None:
            raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
        at, finding = numbered(found, asked)
        undos = Undos(settings.home, config.key(settings.home))
        name = f"{found.id}:{at}"
        if undo:
            say(made.redactor(f"restored {undos.undo(name).path}"))
            return
        where = placed(found, finding, _in_change(made, found), _reading(made), _ids(made))
        outcome = _fixer(made, where, test_command, test_seconds, k, fast).fix(where.wanted)
        kept = outcome.kept
        fixed = _fix(made, where, kept) if kept is not None else None
        if fixed is not None:
            made.store.add_fix(found.id, at, fixed)
        _show(made, where, outcome, "json" if as_json else format_, quiet, (found, at), fixed)
        if kept is not None and apply:
            undos.apply(where.page, where.page.written(kept.change.runs), name, kept.checks)
            say(
                made.redactor(
                    f"applied to {where.page.path}; `secassist fix {found.id[:12]} {at} --undo` takes it back"
                )
            )
    if kept is None:
        raise typer.Exit(Exit.INCOMPLETE)


def _asked(text: str, number: int | None) -> tuple[str, int | None]:
    """ "ID:3" as well as "ID 3"."""
    prefix, mark, tail = text.partition(":")
    if not mark:
        return prefix, number
    if number is not None or not tail.isdigit():
        raise UsageError(f"{text!r} names no finding; write ID:NUMBER or ID NUMBER")
    return prefix, int(tail)


@contextmanager
def _wired(fast: bool) -> Iterator[tuple[Pipeline, Settings]]:
    """The pipeline; where no model is asked, none is wired."""
    from secassist import bootstrap
    from secassist.scanning.rules import NoModel

    if not fast:
        with pipeline() as both:
            yield both
        return
    settings = read_settings()
    made = bootstrap.pipeline(settings, NoModel())
    try:
        yield made, settings
    finally:
        made.store.close()


def _in_change(made: Pipeline, analysis: Analysis) -> bool:
    stored = made.store.find_subject(analysis.subject_id)
    return stored is not None and stored.source == "diff"


def _reading(made: Pipeline) -> Any:
    def reading(path: Path) -> Iterator[Subject]:
        yield from (item for item in made.read([path]) if not isinstance(item, Rejected))

    return reading


def _ids(made: Pipeline) -> Any:
    def ids(subject: Subject) -> set[str]:
        try:
            return {subject.id, made.conceal(subject).id, made.kept_as("sensitive", subject)}
        except SourceError:
            return {subject.id}

    return ids


def _fixer(made: Pipeline, where: Placed, command: str | None, seconds: float, most: int, fast: bool) -> Fixer:
    from secassist.fixing.proposers import PROPOSERS

    def judge(unit: CodeUnit) -> Analysis:
        return made.judge("review", [unit])[0]

    trial = Trial(root_of(where.page.path), where.page.path, command, seconds) if command else None
    names = {name for of in REVIEWED for name in made.analyzers[of].detectors} & made.driver.detectors.keys()
    detectors = {name: made.driver.detectors[name] for name in sorted(names)}
    tests = (lambda change: trial.run(where.page.written(change.runs))) if trial else None
    return Fixer(detectors, PROPOSERS, None if fast else judge, tests, most)


def _fix(made: Pipeline, where: Placed, kept: Tried) -> Fix:
    """The fix as it is kept with its finding: secrets masked, and marked so where that changes the text."""
    whole = as_fix(kept, where.wanted)
    unit = made.conceal(unit_of(where.wanted, kept.change.text))
    lines = unit.body.split("\n") if isinstance(unit, CodeUnit) else []
    first, count = whole.start_line - 1, whole.replacement.count("\n") + 1
    shown = made.redactor("\n".join(lines[first : first + count]) if whole.replacement else "")
    return whole.model_copy(
        update={
            "replacement": shown,
            "masked": shown != whole.replacement,
            "diff": _masked_diff(made, where.wanted, kept),
            "before": where.page.digest,
            "after": digest(where.page.written(kept.change.runs)),
        }
    )


def _show(
    made: Pipeline,
    where: Placed,
    outcome: Outcome,
    format_: str,
    quiet: bool,
    about: tuple[Analysis, int],
    fixed: Fix | None,
) -> None:
    """The change on standard output, who said what about it on standard error; secrets are masked in both."""
    wanted = where.wanted
    if format_ == "json":
        write(_text.json(canonical_json(_record(made, wanted, outcome, about, fixed))))
        return
    if fixed is not None:
        shown = _text.visible(fixed.diff)
        write(coloured(shown) if format_ == "text" and sys.stdout.isatty() else shown)
    if not quiet:
        for line in _talk(outcome, wanted):
            say(_text.visible(made.redactor(line)))


def _masked_diff(made: Pipeline, wanted: Wanted, tried: Tried) -> str:
    texts = []
    for text in (wanted.text, tried.change.text):
        unit = made.conceal(unit_of(wanted, text))
        texts.append(unit.body if isinstance(unit, CodeUnit) else "")
    return diff(wanted.path, *texts)


def _talk(outcome: Outcome, wanted: Wanted) -> Iterator[str]:
    for tried in outcome.tried:
        accepted = "accepted" if tried.accepted else "refused"
        yield f"{tried.change.proposal.name} by {tried.change.by}: {accepted}. {tried.change.proposal.explanation}"
        yield from (f"  {line}" for line in told(tried.checks))
    yield from (f"advice: {line}" for line in outcome.advice)
    if wanted.said:
        yield f"the model said: {wanted.said}"
    if not outcome.tried and not outcome.advice:
        yield f"no rewrite is known for {wanted.cwe or wanted.rule} in {wanted.language or 'this kind of file'}"


def _record(
    made: Pipeline, wanted: Wanted, outcome: Outcome, about: tuple[Analysis, int], fixed: Fix | None
) -> dict[str, Any]:
    tried = [
        {
            "name": each.change.proposal.name,
            "by": each.change.by,
            "accepted": each.accepted,
            "touched": each.change.touched,
            "checks": [{**c.model_dump(mode="json"), "detail": made.redactor(c.detail)} for c in each.checks],
        }
        for each in outcome.tried
    ]
    return {
        "analysis": about[0].id,
        "finding": about[1],
        "path": made.redactor(wanted.path),
        "fix": fixed.model_dump(mode="json") if fixed else None,
        "diff": fixed.diff if fixed else "",
        "tried": tried,
        "advice": list(outcome.advice),
    }
