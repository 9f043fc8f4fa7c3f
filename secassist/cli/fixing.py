"""The command that fixes: shows a change that others than its author have re-checked, applies it on request, takes it back."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Analysis, CodeUnit, Finding, Fix, Judgement, Subject, digest
from schemas.noun import canonical_json
from secassist import config
from secassist.cli._progress import progress
from secassist.cli._run import AsJson, Exit, Quiet, pipeline, reference, say, write
from secassist.config import Settings, read_settings
from secassist.errors import SourceError, UsageError
from secassist.fixing.base import FixError, Outcome, Proposer, Tried, Wanted, as_fix
from secassist.fixing.files import Undos
from secassist.fixing.loop import Fixer
from secassist.fixing.oracles import unit_of
from secassist.fixing.places import Placed, numbered, placed
from secassist.fixing.showing import coloured, diff, masked_alike, told
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
    all_: Annotated[
        bool, typer.Option("--all", help="Every finding of the analysis; with --apply each accepted change is written.")
    ] = False,
    test_command: Annotated[
        str | None, typer.Option(help="The repository's own tests; they are run in a copy of it, without a shell.")
    ] = None,
    test_seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the tests may take.")] = 300.0,
    k: Annotated[int, typer.Option("--k", min=1, max=20, help="At most this many changes are tried.")] = 3,
    proposals: Annotated[
        bool | None,
        typer.Option(
            "--proposals/--no-proposals",
            help="Ask the model for changes where no rewrite is accepted; by default a served model only.",
        ),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave the model's judgement and its proposals out.")] = False,
    as_json: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help="text, diff or json.")] = "text",
    quiet: Quiet = False,
) -> None:
    """Fix a finding: a change that parser, detectors, judge and tests accept is shown; --apply writes it."""
    prefix, asked = _asked(analysis, number)
    _refuse(apply, undo, all_ and asked is not None, all_, fast and bool(proposals), format_)
    with _wired(fast) as (made, settings):
        found = made.store.find_analysis(prefix)
        if found is None:
            raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
        undos = Undos(settings.home, config.key(settings.home))
        if undo:
            at, _ = numbered(found, asked)
            say(made.redactor(f"restored {undos.undo(f'{found.id}:{at}').path}"))
            return
        asking = not fast and (settings.backend == "server" if proposals is None else proposals)
        how = _How(test_command, test_seconds, k, fast, asking, "json" if as_json else format_, quiet)
        job = _Job(made, settings, how, found, undos, apply)
        if all_:
            whole = job.every()
        else:
            at, finding = numbered(found, asked)
            if settled := _settled(finding):
                raise UsageError(f"finding {at}: {settled}")
            with progress("fix: changes tried", quiet) as told:
                where, outcome = job.fixed(finding, told)
            job.keep(where, outcome, at)
            whole = outcome.kept is not None
    if not whole:
        raise typer.Exit(Exit.INCOMPLETE)


def _refuse(apply: bool, undo: bool, two: bool, all_: bool, silent: bool, format_: str) -> None:
    """Raises UsageError for what cannot be asked for together."""
    if apply and undo:
        raise UsageError("--apply and --undo exclude each other")
    if two or (all_ and undo):
        raise UsageError("--all goes through every finding; --undo takes one at a time, the last applied first")
    if silent:
        raise UsageError("--fast asks no model, so it cannot ask for --proposals")
    if format_ not in FORMATS:
        raise UsageError(f"--format is one of {', '.join(FORMATS)}, not {format_!r}")


@dataclass(frozen=True)
class _How:
    """What the options say."""

    command: str | None
    seconds: float
    most: int
    fast: bool
    proposals: bool
    format: str
    quiet: bool


@dataclass(frozen=True)
class _Job:
    """One analysis whose findings are fixed."""

    made: Pipeline
    settings: Settings
    how: _How
    analysis: Analysis
    undos: Undos
    apply: bool

    def fixed(self, finding: Finding, told: Callable[[int, int], None]) -> tuple[Placed, Outcome]:
        """The finding's file, and what became of every change that was tried."""
        made = self.made
        where = placed(
            self.analysis, finding, _in_change(made, self.analysis), _reading(made), _ids(made), self.undos.earlier
        )
        return where, _fixer(made, self.settings, where, self.how, told).fix(where.wanted)

    def keep(self, where: Placed, outcome: Outcome, at: int) -> None:
        """Stores an accepted fix with its finding, shows all, and writes the change where that is asked for."""
        fixed = _fix(self.made, where, outcome.kept) if outcome.kept is not None else None
        if fixed is not None:
            self.made.store.add_fix(self.analysis.id, at, fixed)
        _show(self.made, where, outcome, self.how.format, self.how.quiet, (self.analysis, at), fixed)
        if outcome.kept is not None and self.apply:
            self._write(where, outcome.kept, at)

    def _write(self, where: Placed, kept: Tried, at: int) -> None:
        finding = f"{self.analysis.id}:{at}"
        self.undos.apply(where.page, where.page.written(kept.change.runs), finding, kept.checks)
        again = f"`secassist fix {self.analysis.id[:12]} {at} --undo` takes it back"
        say(self.made.redactor(f"applied to {where.page.path}; {again}"))

    def every(self) -> bool:
        """All findings, one after the other; whether each of them got a fix."""
        whole, total = True, len(self.analysis.findings)
        with progress("fix: findings", self.how.quiet) as told:
            for at, finding in enumerate(self.analysis.findings):
                told(at, total)
                if not self.how.quiet and self.how.format == "text":
                    say(_text.one_line(self.made.redactor(f"finding {at}: {finding.rule}, {_place(finding)}")))
                if settled := _settled(finding):
                    say(_text.one_line(self.made.redactor(f"finding {at}: {settled}")))
                    continue
                try:
                    where, outcome = self.fixed(finding, lambda _tried, _most: None)
                except FixError as error:
                    say(_text.visible(self.made.redactor(f"finding {at}: {error}")))
                    whole = False
                    continue
                self.keep(where, outcome, at)
                whole = whole and outcome.kept is not None
            told(total, total)
        return whole


def _settled(finding: Finding) -> str:
    """Why there is nothing to fix, "" where there may be."""
    return f"{finding.rationale}; there is nothing to fix" if finding.judgement is Judgement.REFUTED else ""


def _place(finding: Finding) -> str:
    """ "src/app.py:12"."""
    return f"{finding.place.path}:{finding.place.start_line}"


def _asked(text: str, number: int | None) -> tuple[str, int | None]:
    """ "ID:3" as well as "ID 3"."""
    prefix, named = reference(text)
    if named is not None and number is not None:
        raise UsageError(f"{text!r} names a finding already; write ID:NUMBER or ID NUMBER")
    return prefix, number if named is None else named


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


def _fixer(made: Pipeline, settings: Settings, where: Placed, how: _How, told: Callable[[int, int], None]) -> Fixer:
    from secassist.fixing.proposers import PROPOSERS

    def judge(unit: CodeUnit) -> Analysis:
        return made.judge("review", [unit])[0]

    trial = Trial(root_of(where.page.path), where.page.path, how.command, how.seconds) if how.command else None
    names = {name for of in REVIEWED for name in made.analyzers[of].detectors} & made.driver.detectors.keys()
    detectors = {name: made.driver.detectors[name] for name in sorted(names)}
    tests = (lambda change: trial.run(where.page.written(change.runs))) if trial else None
    asked = [_model(made, settings, how)] if how.proposals else []
    *rewrites, by_hand = PROPOSERS
    return Fixer(detectors, [*rewrites, *asked, by_hand], None if how.fast else judge, tests, how.most, told)


def _model(made: Pipeline, settings: Settings, how: _How) -> Proposer:
    """The proposer that asks the model; it sees no secret."""
    from secassist.fixing.proposals import ModelProposals
    from secassist.fixing.voices import voices

    return ModelProposals(
        voices(settings, made.driver.backend, how.most),
        lambda wanted: _covered(made, wanted, wanted.text),
        settings.language,
    )


def _fix(made: Pipeline, where: Placed, kept: Tried) -> Fix:
    """The fix as it is kept with its finding: secrets masked, and marked so where that changes the text."""
    whole = as_fix(kept)
    lines = _covered(made, where.wanted, kept.change.text).split("\n")
    first, count = whole.start_line - 1, whole.replacement.count("\n") + 1
    shown = made.redactor("\n".join(lines[first : first + count]) if whole.replacement else "")
    return whole.model_copy(
        update={
            "replacement": shown,
            "masked": shown != whole.replacement,
            "explanation": made.redactor(whole.explanation),
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


def _covered(made: Pipeline, wanted: Wanted, text: str) -> str:
    """The text with secrets masked, line by line."""
    unit = made.conceal(unit_of(wanted, text))
    return unit.body if isinstance(unit, CodeUnit) else ""


def _masked_diff(made: Pipeline, wanted: Wanted, tried: Tried) -> str:
    before, after = wanted.text, tried.change.text
    shown = _covered(made, wanted, before)
    return diff(wanted.path, shown, masked_alike(before, after, shown, _covered(made, wanted, after)))


def _talk(outcome: Outcome, wanted: Wanted) -> Iterator[str]:
    for tried in outcome.tried:
        accepted = (
            "refused" if not tried.accepted else "accepted" if tried is outcome.kept else "accepted, and not shown"
        )
        yield f"{tried.change.proposal.name} by {tried.change.by}: {accepted}. {tried.change.proposal.explanation}"
        yield from (f"  {line}" for line in told(tried.checks))
    yield from (f"advice: {line}" for line in outcome.advice)
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
