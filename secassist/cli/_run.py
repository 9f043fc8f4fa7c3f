"""What commands share: settings, what they print, exit codes."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from schemas import Analysis, Finding, Judgement, Severity, State, Subject
from secassist import plugins
from secassist.config import Settings, read_settings
from secassist.errors import UsageError
from secassist.formats.base import Look
from secassist.pipeline import Pipeline
from secassist.sources.base import Rejected, Skipped
from secassist.store import AwayError
from secassist.styling import styled


class Exit(IntEnum):
    """Exit codes of every command."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERNAL = 4


LANGUAGES = ("en", "zh")
FORMATS = "csv, gitlab, gitlab_secrets, html, json, markdown, ocsf, plain, sarif or table"
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")]
SourceName = Annotated[str | None, typer.Option("--source", help="Read the input as this format instead of guessing.")]
FailOn = Annotated[Severity | None, typer.Option(help="Exit with 1 when something at or above this severity is found.")]
Language = Annotated[str | None, typer.Option(help="Language of the answers: en or zh.")]


@contextmanager
def pipeline(**given: object) -> Iterator[tuple[Pipeline, Settings]]:
    """A wired pipeline that is closed at the end."""
    from secassist import bootstrap

    if given.get("language") not in (None, *LANGUAGES):
        raise UsageError(f"--language {given['language']}: answers are written in {' or '.join(LANGUAGES)}")
    settings = read_settings(**given)
    made = bootstrap.pipeline(settings)
    try:
        yield made, settings
    finally:
        made.store.close()


@contextmanager
def supervised_by(supervisor: bool) -> Iterator[None]:
    """A supervisor does not start again what is set up wrongly; a database that is away may be back by then."""
    try:
        yield
    except AwayError as error:
        if not supervisor:
            raise
        say(str(error))
        raise typer.Exit(Exit.INTERNAL) from error


def write(text: str, out: Path | None = None) -> None:
    """To the file, or to standard output; a reader that goes away, such as `head`, changes nothing else."""
    if out is None:
        try:
            sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
            sys.stdout.flush()
        except OSError as error:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # else the interpreter tries again at its end
            if not isinstance(error, BrokenPipeError):
                raise UsageError(f"standard output cannot be written: {error.strerror}") from error
    else:
        if out.is_dir():
            raise UsageError(f"{out}: is a folder; name a file to write to")
        try:
            make_folder(out)
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
        say(f"wrote {out}")


def make_folder(file: Path, mode: int = 0o777) -> None:
    """The folder for a file, and those around it; says so where one was missing, for it may be a slip of the pen."""
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True, exist_ok=True, mode=mode)
        say(f"made the folder {file.parent}")


def say(text: str) -> None:
    """One line of talk."""
    sys.stderr.write(text + "\n")


def counted(number: int, noun: str) -> str:
    """ "1 job", "3 jobs"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


Find = Callable[[Sequence[str]], Mapping[str, Analysis]]
"""Stored analyses by their ids."""


def print_analyses(
    analyses: Sequence[Analysis],
    format_: str,
    *,
    quiet: bool = False,
    least: Severity | None = None,
    numbers: Mapping[str, Sequence[int]] | None = None,
    unsettled: bool = False,
) -> None:
    """All of them in one of the output formats; no table when quiet.

    With `least`, a table leaves out milder rows, with `unsettled` what code disproved. `numbers` are those of findings
    in the stored analyses, where fewer may be left (see `stored_numbers`).
    """
    if quiet and format_ == "table":
        return
    made = plugins.load("formats", format_)
    write(styled(made, Look(columns(), least, numbers or {}, unsettled)).analyses(analyses))


def columns() -> int:
    """How wide the terminal is that standard output goes to, 0 where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def stored_numbers(analyses: Sequence[Analysis], find: Find) -> dict[str, tuple[int, ...]]:
    """By id, at which places in the stored analysis the findings stand that are left of it."""
    stored = find([analysis.id for analysis in analyses if analysis.findings])
    return {a.id: _places(a.findings, stored[a.id].findings) for a in analyses if a.id in stored}


def _places(left: Sequence[Finding], whole: Sequence[Finding]) -> tuple[int, ...]:
    """`left` is in the order of `whole`; what a scan adds to a finding differs, and lines that old analyses counted."""
    found, at = list[int](), 0
    for finding in left:
        key = _key(finding)
        at = next((number for number in range(at, len(whole)) if _key(whole[number]) == key), at)
        found.append(at)
        at += 1
    return tuple(found)


def _key(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return finding.kind, finding.rule, finding.message, finding.evidence, place.start_column, place.end_column


def reference(text: str) -> tuple[str, int | None]:
    """An analysis, or a finding in it, as tables name them: "3fa94c", "3fa94c:2"."""
    prefix, mark, number = text.partition(":")
    if mark and not (number.isascii() and number.isdigit() and len(number) < 7):
        raise UsageError("that names no finding; write ID:NUMBER, as tables show it")
    return prefix, int(number) if mark else None


def check_names(format_: str, source: str | None = None) -> None:
    """Raises UsageError for an unknown plug-in, before any work is done."""
    plugins.load("formats", format_)
    if source is not None:
        plugins.load("sources", source)


def absent(paths: Iterable[Path]) -> Path | None:
    """The first that is not there; nor is one whose name is longer than a name can be."""
    return next((path for path in paths if not _exists(path)), None)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def parted(items: Iterable[Subject | Rejected]) -> tuple[list[Subject], list[Rejected]]:
    """What was read, and what could not be."""
    subjects, rejected = list[Subject](), list[Rejected]()
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            subjects.append(item)
    return subjects, rejected


def report_rejected(rejected: Sequence[Rejected], shown: int = 20) -> None:
    """Each unreadable input with its reason, the rest counted."""
    for item in rejected[:shown]:
        say(f"{'skipped' if isinstance(item, Skipped) else 'not read'}: {item.origin}: {item.reason}")
    if len(rejected) > shown:
        say(f"skipped or not read: {len(rejected) - shown} more")


def worst(analyses: Sequence[Analysis]) -> Severity | None:
    """The gravest severity among bad verdicts and real findings."""
    found = [a.verdict.severity for a in analyses if a.verdict and a.verdict.disposition.is_bad]
    found += [f.severity for a in analyses for f in a.findings if f.judgement is Judgement.REAL]
    return max(found, key=lambda severity: severity.rank, default=None)


def finish(analyses: Sequence[Analysis], rejected: Sequence[Rejected], fail_on: Severity | None) -> None:
    """Ends the command with its exit code; findings count before gaps, and only when asked for."""
    report_rejected(rejected)
    broken = [a for a in analyses if a.state not in (State.OK, State.UNFIT)]
    for analysis in broken[:20]:
        say(f"not judged: {analysis.origin or analysis.subject_id[:12]}: {analysis.state}: {analysis.error}")
    gravest = worst(analyses)
    if fail_on and gravest and gravest.rank >= fail_on.rank:
        raise typer.Exit(Exit.FINDINGS)
    if broken or any(not isinstance(item, Skipped) for item in rejected):
        raise typer.Exit(Exit.INCOMPLETE)
