"""The command that answers a question from the user's own documents, or says that they do not."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from schemas import Alert, CodeUnit, Subject
from secassist.cli._run import (
    AsJson,
    Exit,
    Language,
    Quiet,
    absent,
    finish,
    parted,
    pipeline,
    print_analyses,
    report_rejected,
    write,
)
from secassist.cli._standard import dashed, named
from secassist.errors import UsageError
from secassist.formats import _answer
from secassist.pipeline import Pipeline
from secassist.refusing import refusal
from secassist.sources._bytes import shown, visible
from secassist.sources.base import Rejected, Skipped

LONGEST = 2000
"""Characters of a question."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know, in English or Chinese.", show_default=False)],
    paths: Annotated[
        list[Path], typer.Argument(help="Files, folders or archives that hold the answer, - for standard input.")
    ],
    top: Annotated[int, typer.Option(min=1, max=8, help="At most this many sentences.")] = 3,
    language: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Answer a question from your own documents: each sentence quoted with file and line, or that they do not say."""
    asked = visible(" ".join(question.split()))
    if not asked or len(asked) > LONGEST:
        raise UsageError(f"ask a question of 1 to {LONGEST} characters")
    spoken = language or ("zh" if _CHINESE.search(asked) else None)
    with pipeline(language=spoken) as (made, settings), dashed(paths, made.limits.file_bytes) as given:
        refused = refusal(asked, settings.language) or ""
        documents, left = ([], []) if refused else parted(named(_read(made, given), paths, given))
        rejected = [item for item in left if not isinstance(item, Skipped)]
        if not refused and not documents:
            report_rejected(rejected)
            raise UsageError("no documents are there to read; name files or folders that hold text")
        found = made.ask(asked, documents, top, settings.language, refused)
    if as_json:
        print_analyses([found], "json")
    elif found.answer is not None and not quiet:
        write("\n".join(_answer.told(found.answer, settings.language)))
    finish([found], rejected, None)
    if found.answer is None or not found.answer.sentences:
        raise typer.Exit(Exit.INCOMPLETE)


def _read(made: Pipeline, paths: Iterable[Path]) -> Iterator[Subject | Rejected]:
    """What is below the paths, records of a file as the text that they stand in, so that lines are those of the file."""
    paths = list(paths)
    missing = absent(paths)
    if missing is not None:
        raise UsageError(f"{missing}: no such file or folder")
    asked = {shown(path) for path in paths}
    again: set[str] = set()
    for item in made.read(paths):
        if not isinstance(item, Alert):
            if not _is_program(item) or item.origin in asked:
                yield item
            continue
        origin = re.sub(r":\d+(?:#\d+)?$", "", item.origin)
        path = next((path for path in (Path(origin), *paths) if path.is_file() and shown(path) == origin), None)
        if path is None:
            yield item
        elif origin not in again:
            again.add(origin)
            yield from made.read([path], "text")


def _is_program(item: Subject | Rejected) -> bool:
    """Programs in a folder tell people little; whoever names one wants it read."""
    return isinstance(item, CodeUnit) and item.language not in ("html", "")
