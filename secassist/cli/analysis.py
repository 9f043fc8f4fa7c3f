"""Commands that analyze: triage, techniques, advise."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from schemas import Alert, CodeUnit, Document, LogWindow, Subject
from secassist.cli._members import is_member, read_member
from secassist.cli._progress import progress
from secassist.cli._run import (
    FORMATS,
    AsJson,
    Exit,
    FailOn,
    Language,
    Quiet,
    SourceName,
    absent,
    check_names,
    finish,
    parted,
    pipeline,
    print_analyses,
    say,
    write,
)
from secassist.cli._standard import NAME, dashed, named, standard_input
from secassist.correcting import corrections, held
from secassist.errors import UsageError
from secassist.knowledge import attack
from secassist.pipeline import Pipeline
from secassist.sources._bytes import shown
from secassist.sources._json import fault
from secassist.sources._json import made as as_subject
from secassist.sources._records import record
from secassist.sources.base import Rejected, Skipped

Paths = Annotated[list[Path], typer.Argument(help="Files or folders, - for standard input.", show_default=False)]
Advise = Annotated[bool, typer.Option("--advise", help="Add remediation steps for what was found.")]
FormatName = Annotated[str, typer.Option("--format", help=f"Output format: {FORMATS}.")]

_SCRIPTS = {"shell": "sh", "powershell": "ps1", "batch": "bat", "vbscript": "vbs"}
"""Languages of what attackers and administrators run, and their usual ending; other code is for `secassist scan`."""
_RECORDS = re.compile(r'\{\s*"|\[\s*\{')
"""How records in JSON begin."""
_ASIDE = "; a command itself goes to standard input: echo 'COMMAND' | secassist triage -"
_NO_RECORD = re.compile(r"\[\s*\]|\{\s*\}")


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
    with pipeline(language=language) as (made, settings), dashed(paths, made.limits.file_bytes) as given:
        subjects, rejected = parted(made.ingest(named(_read(made, given, source), paths, given)))
        if not subjects and not rejected:
            say("no files are there to read")
        subjects, others = _split(subjects, (Alert, LogWindow))
        asked = {NAME, *(shown(path) for path in paths)}
        rejected += [_no_alert(subject, Rejected if subject.origin in asked else Skipped) for subject in others]
        with progress("triage", quiet or as_json) as report:
            analyses = list(made.analyze("triage", subjects, settings.language, report))
        if with_advice:
            analyses += made.advise(analyses, settings.language)
        analyses = held(analyses, corrections(made.store))
    print_analyses(analyses, "json" if as_json else format_, quiet=quiet)
    finish(analyses, rejected, fail_on)


def techniques(
    text: Annotated[str, typer.Argument(help='A sentence or paragraph; "-" reads standard input.')],
    as_json: AsJson = False,
) -> None:
    """Name the ATT&CK techniques that a text describes."""
    body = standard_input().read().decode("utf-8", "replace") if text == "-" else text
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
            raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
        advice = list(made.advise([found], settings.language))
    if not advice:
        raise UsageError(f"analysis {found.id[:12]} found nothing to act on")
    print_analyses(advice, "json" if as_json else "plain")
    finish(advice, [], None)


def _read(made: Pipeline, paths: Iterable[Path], source: str | None) -> Iterable[Subject | Rejected]:
    paths = list(paths)
    missing = absent(paths)
    if missing is not None:
        raise UsageError(f"{missing}: no such file or folder{_ASIDE if ' ' in str(missing) else ''}")
    items: Iterable[Subject | Rejected] = made.read(paths, source)
    return items if source else _as_meant(made, items, {shown(path): path for path in paths if path.is_file()})


def _as_meant(
    made: Pipeline, items: Iterable[Subject | Rejected], named: Mapping[str, Path]
) -> Iterator[Subject | Rejected]:
    """Whoever names a file wants it judged, even where it was read as a document or as code; archives, what is in them."""
    for item in items:
        path = named.get(item.origin)
        if isinstance(item, Subject) and is_member(item):
            yield from read_member(made, item)
        elif path is not None and isinstance(item, Document) and not fault(item.text):
            yield from _judged(made, path, item)
        elif path is not None and isinstance(item, CodeUnit) and item.language in _SCRIPTS:
            yield _script(path.suffix.lower()[1:] or _SCRIPTS[item.language], item)
        else:
            yield item


def _judged(made: Pipeline, path: Path, item: Document) -> Iterator[Subject | Rejected]:
    """JSON of a product we do not know is an alert, a single line a command, anything else lines of a log."""
    text = item.text.strip()
    if _NO_RECORD.fullmatch(text):
        yield Skipped(item.origin, "holds no record; nothing to read")
    elif _RECORDS.match(text):
        yield from made.read([path], "alert_json")
    elif "\n" in text:
        yield from made.read([path], "syslog")
    else:
        yield _typed({"kind": "command", "command": text}, item)


def _script(ending: str, item: CodeUnit) -> Subject | Rejected:
    """What a shell runs are commands, and the rules about command lines are to see them; other rules are for PowerShell."""
    text = {"command": item.text} if item.language == "shell" else item.text
    return _typed({"kind": "script", "ext": ending, "text": text}, item)


def _typed(values: Mapping[str, Any], item: Subject) -> Subject | Rejected:
    return as_subject(values, f"{item.origin}:1", lambda value, place: record(value, item.source, place))


def _no_alert(subject: Subject, left: type[Rejected]) -> Rejected:
    """Why a subject is not judged: broken JSON was meant as an alert, whatever source read it as a text."""
    broken = fault(subject.text) if isinstance(subject, Document) else None
    if broken is not None:
        line, reason = broken
        return Rejected(f"{subject.origin}:{line}", f"{reason}; fetch it again, or mend it")
    what = subject.kind.replace("_", " ")
    if left is Rejected or (isinstance(subject, CodeUnit) and subject.language not in _SCRIPTS):
        return left(subject.origin, f"a {what} is no alert or log; use `secassist scan` for it")
    how = "unpack it and name the file" if is_member(subject) else "name the file itself"
    return left(subject.origin, f"a {what} is no alert or log; {how} to have it judged")


def _split(subjects: Sequence[Subject], kinds: tuple[type[Subject], ...]) -> tuple[list[Subject], list[Subject]]:
    return [s for s in subjects if isinstance(s, kinds)], [s for s in subjects if not isinstance(s, kinds)]
