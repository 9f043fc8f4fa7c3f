"""The command that guides an analyst through the investigation of stored analyses."""

import getpass
from collections.abc import Sequence
from typing import Annotated

import typer

from schemas import Alert, Analysis, LogWindow
from secassist.cli._run import AsJson, Language, columns, pipeline, say, write
from secassist.detectors.base import Signal
from secassist.errors import UsageError
from secassist.investigating import writing
from secassist.investigating.blocks import blocks
from secassist.investigating.case import Investigated, opened
from secassist.investigating.choosing import chosen
from secassist.investigating.linking import SHOWN, links
from secassist.investigating.sheet import Sheet, as_json, sheet
from secassist.pipeline import Pipeline
from secassist.store import Store

FORMATS = ("table", "plain", "markdown", "html", "json")
Given = Annotated[
    tuple[str, str] | None,
    typer.Option("--answer", metavar="N yes|no|unknown", help="Keep an answer to question N (its number or name)."),
]


def investigate(
    prefixes: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Analysis id or its first digits; several are one case.")
    ],
    answer: Given = None,
    note: Annotated[str, typer.Option(help="What the answer rests on; secrets in it are masked.")] = "",
    author: Annotated[str, typer.Option(help="Who answers; default: the user of this machine.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Every question that fits, not only the best ones.")
    ] = False,
    linked: Annotated[int, typer.Option(min=0, help="At most this many linked analyses.")] = SHOWN,
    language: Language = None,
    json_: AsJson = False,
    format_: Annotated[str, typer.Option("--format", help=f"Output format: {', '.join(FORMATS)}.")] = "table",
) -> None:
    """Investigate a stored analysis: what is known, what is linked, what to find out next, with ready queries."""
    if format_ not in FORMATS:
        raise UsageError(f"--format {format_}: an investigation is written as {', '.join(FORMATS)}")
    if note and answer is None:
        raise UsageError("--note goes with --answer N yes|no|unknown")
    with pipeline(language=language) as (made, settings):
        case = opened(made.store, [_found(made.store, prefix) for prefix in prefixes], lambda s: _signals(made, s))
        if answer is not None:
            _keep(made.store, case.lead.analysis.id, _named(answer[0], case), answer[1], author, note)
        told = made.store.answers.of(case.lead.analysis.id)
        shown = sheet(case, links(made.store, case, linked), told, settings.language, everything)
    write(_written(shown, "json" if json_ else format_))


def _signals(made: Pipeline, subject: Alert | LogWindow) -> Sequence[Signal]:
    return made.driver.detect(made.analyzers["triage"], subject).signals


def _found(store: Store, prefix: str) -> Analysis:
    found = store.find_analysis(prefix)
    if found is None:
        raise UsageError(f"no analysis begins with {prefix[:6]!r} and so on; `secassist list` shows them")
    return found


def _named(word: str, case: Investigated) -> str:
    """The id of a question of this case, by its number or id."""
    fitting = chosen(case, everything=True)
    found = next((each for each in fitting if word in (str(each.number), each.question.id)), None)
    if found is None:
        raise UsageError(f"this case has no question {word[:40]!r}; they are 1 to {len(fitting)}")
    return found.question.id


def _keep(store: Store, analysis_id: str, question: str, answer: str, author: str, note: str) -> None:
    kept = store.answers.add(analysis_id, question, answer.lower(), author=author or getpass.getuser(), note=note)
    say(f"recorded: {kept.question} is {kept.answer}")


def _written(made: Sheet, format_: str) -> str:
    if format_ == "json":
        return as_json(made)
    if format_ == "markdown":
        return writing.markdown(blocks(made))
    if format_ == "html":
        return writing.html(blocks(made), made.language)
    return writing.plain(blocks(made), columns())
