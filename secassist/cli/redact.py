"""The command that takes secrets and personal data out of a text, and puts them back for who holds key and map."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secassist import plugins
from secassist.cli._progress import progress
from secassist.cli._run import Exit, Quiet, say
from secassist.cli._standard import NAME, standard_input
from secassist.config import read_settings
from secassist.errors import UsageError

if TYPE_CHECKING:
    from secassist.detectors.base import Detector
    from secassist.redacting.inputs import Rereadable
    from secassist.redacting.outputs import Output, Standard
    from secassist.redacting.redactor import Tally

MEGABYTE = 1_000_000
PASSES = 3
"""A file is read to find, to search and to write; a fourth time only rarely."""
EVERYTHING = 1_000_000_000
"""Kilobytes that are read for names: a text that goes to others is read whole."""
FORMATS = ("auto", "text", "json", "ndjson", "csv", "xml")

Types = list[str] | None


def redact(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text to redact, - for standard input.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write to this file instead of standard output.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="auto, text, json, ndjson, csv or xml.")] = "auto",
    key_file: Annotated[
        Path | None, typer.Option(help="Key of the placeholders; made if missing. Default: yours.")
    ] = None,
    map_: Annotated[Path | None, typer.Option("--map", help="Keep the values in this file, encrypted.")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Put the values of --map back.")] = False,
    keep: Annotated[Types, typer.Option(metavar="TYPE", help="Leave this type (email) or kind (secret).")] = None,
    only: Annotated[Types, typer.Option(metavar="TYPE", help="Take nothing but this type or kind.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Take also what looks like a placeholder or an example.")] = False,
    names: Annotated[
        bool, typer.Option("--names", help="Take also names and addresses that no pattern finds; slow.")
    ] = False,
    text: Annotated[
        bool, typer.Option("--text", "-a", help="Take it for text though it looks binary; what is encoded in it stays.")
    ] = False,
    report: Annotated[bool, typer.Option("--report", help="Say on standard error what was replaced.")] = False,
    quiet: Quiet = False,
) -> None:
    """Replace secrets and personal data by consistent placeholders, or put them back with key and map."""
    if format_ not in FORMATS:
        raise plugins.unknown("format", format_, FORMATS)
    if reveal and map_ is None:
        raise UsageError("--reveal needs the map that was written with --map")
    if reveal and (keep or only or all_ or names):
        raise UsageError("--reveal takes no --keep, --only, --all or --names: it puts back what the map holds")
    if map_ is not None and map_.absolute() in {path.absolute() for path in (out, Path(file)) if path is not None}:
        raise UsageError(f"{map_}: the map needs a file of its own")
    with _opened(file, quiet) as source, _target(out) as target:
        if reveal and map_ is not None:
            _reveal(source, target, map_, key_file, report)
        else:
            wishes = _Wishes(
                format=format_,
                keep=keep or [],
                only=only or [],
                everything=all_,
                report=report,
                names=names,
                quiet=quiet,
                text=text,
            )
            _redact(source, target, wishes, "" if file == "-" else file, map_, key_file)


@dataclass(frozen=True, kw_only=True)
class _Wishes:
    """What the user wants of a redaction; `text` takes for text what looks binary."""

    format: str
    keep: list[str]
    only: list[str]
    everything: bool
    report: bool
    names: bool
    quiet: bool
    text: bool


@contextmanager
def _opened(file: str, quiet: bool) -> Iterator["Rereadable"]:
    """The input, with progress in megabytes read in all three passes."""
    from secassist.redacting.inputs import Rereadable

    with progress("megabytes read", quiet) as told, ExitStack() as stack:
        total = 0

        def tell(done: int) -> None:
            told(done // MEGABYTE, max(total, done) // MEGABYTE)

        if file == "-":
            source = stack.enter_context(Rereadable(standard_input(), NAME, tell))
        else:
            source = stack.enter_context(Rereadable.open(Path(file), tell))
        total = PASSES * source.length()
        yield source


@contextmanager
def _target(out: Path | None) -> Iterator["Output | Standard"]:
    """Where the text goes; a file appears when all of it is there."""
    from secassist.redacting.outputs import Output, Standard

    target = Standard(sys.stdout.buffer) if out is None else Output(out)
    try:
        yield target
    finally:
        target.discard()


def _redact(
    source: "Rereadable",
    target: "Output | Standard",
    wishes: _Wishes,
    path: str,
    map_: Path | None,
    key_file: Path | None,
) -> None:
    from secassist.redacting.choosing import Format, is_code
    from secassist.redacting.finding import Wanted
    from secassist.redacting.keys import derive
    from secassist.redacting.mapfile import MapWriter, read_map
    from secassist.redacting.outputs import ReaderGoneError
    from secassist.redacting.placeholders import Names
    from secassist.redacting.redactor import Redactor

    key = _key(key_file, make=True)
    began = time.monotonic()
    with ExitStack() as stack:
        writer = stack.enter_context(MapWriter(map_, key)) if map_ is not None else None
        names = Names(derive(key, "redaction names"), found=writer.add if writer else None)
        if map_ is not None and map_.exists():
            for entry in read_map(map_, key):
                names.learn(entry)
        wanted = Wanted.of(wishes.keep, wishes.only, everything=wishes.everything)
        redactor = Redactor(
            source,
            names,
            wanted,
            reversible=writer is not None,
            more=_readers(wishes),
            text_only=not wishes.text,
        )
        gone = _until_reader_goes(
            lambda: redactor.run(target, Format(wishes.format), path, code=is_code(path)), ReaderGoneError
        )
        if writer is not None:
            writer.commit()
        target.commit()
    if wishes.report:
        _report(redactor.tally, source.size, time.monotonic() - began, names.key_id)
    elif not wishes.quiet:
        say(_summary(redactor.tally, wishes.everything))
    _warn(redactor.tally, wishes)
    if not redactor.tally.complete and not gone:
        raise typer.Exit(Exit.INCOMPLETE)


def _readers(wishes: _Wishes) -> list["Detector"]:
    """The detector of names and addresses, if it was asked for."""
    if not wishes.names:
        return []
    from secassist import bootstrap

    return [bootstrap.people(read_settings(names_kilobytes=EVERYTHING))]


def _reveal(source: "Rereadable", target: "Output | Standard", map_: Path, key_file: Path | None, report: bool) -> None:
    from secassist.redacting.outputs import ReaderGoneError
    from secassist.redacting.revealer import Revealer

    revealer = Revealer(map_, _key(key_file, make=False))
    _until_reader_goes(lambda: revealer.run(source, target), ReaderGoneError)
    target.commit()
    if report:
        say(f"{revealer.done.restored} restored")
    if revealer.done.unknown:
        say(f"{revealer.done.unknown} placeholders are not in {map_} and stay")
        if not revealer.done.restored:
            raise typer.Exit(Exit.INCOMPLETE)


def _key(path: Path | None, *, make: bool) -> bytes:
    from secassist.redacting.keys import read_key

    made = make and path is not None and not path.exists()
    key = read_key(path, read_settings().home, make=make)
    if made:
        say(f"made a key: {path}; without it no map can be opened")
    return key


def _until_reader_goes(work: Callable[[], object], gone: type[Exception]) -> bool:
    """Whether the reader of standard output went away before the end, which is no failure."""
    try:
        work()
    except gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def _report(tally: "Tally", size: int, seconds: float, key_id: str) -> None:
    for name, count in sorted(tally.replaced.items(), key=lambda item: (-item[1], item[0])):
        say(f"{name:<32} {count}")
    say(
        f"{sum(tally.replaced.values())} replaced ({tally.encoded} in another encoding), {tally.values} distinct values of "
        f"8 characters or more, as {tally.format}, key {key_id}, {size / MEGABYTE:.1f} MB in {seconds:.1f} s"
    )


def _summary(tally: "Tally", everything: bool) -> str:
    left = "" if everything else "; placeholders and test values stay (--all takes them too)"
    return f"values replaced: {sum(tally.replaced.values())}{left}; --report lists their types"


def _warn(tally: "Tally", wishes: _Wishes) -> None:
    """Says what a user would else take for granted."""
    from secassist.redacting.placeholders import LIMIT

    if wishes.only and not tally.replaced:
        say(f"nothing of type {', '.join(wishes.only)} was found; --report shows the types there are")
    if tally.not_looked_for:
        say(
            f"{tally.not_looked_for} findings beyond the first {LIMIT} values were replaced where they were found, "
            "but not looked for elsewhere or in other encodings"
        )
