"""The command that shows the main job on the bundled examples."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from schemas import Analysis, State, Subject
from secassist import plugins
from secassist.cli._progress import progress
from secassist.cli._run import (
    Exit,
    Language,
    parted,
    pipeline,
    print_analyses,
    report_rejected,
    say,
    write,
)
from secassist.errors import UsageError
from secassist.formats.base import Look
from secassist.pipeline import Pipeline, suited
from secassist.styling import styled

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


def demo(
    examples: Annotated[Path, typer.Option(help="Folder with alerts/, logs/, webapp/ and documents/.")] = EXAMPLES,
    out: Annotated[Path, typer.Option(help="Where the HTML report goes.")] = Path("out/report.html"),
    language: Language = None,
) -> None:
    """Run the main job on the example alerts, logs, code and documents, and write an HTML report."""
    if not examples.is_dir():
        raise UsageError(f"{examples}: no such folder; run the demo from a clone, or name a folder with --examples")
    if out.is_dir():
        raise UsageError(f"{out}: is a folder; name a file for the report with --out")
    examples = _from_here(examples)
    began = datetime.now(UTC) - timedelta(days=3650)
    with pipeline(language=language) as (made, settings):
        folders = [examples / name for name in ("alerts", "logs", "webapp", "documents")]
        subjects, rejected = parted(made.ingest(made.read(folders)))
        report_rejected(rejected)
        analyses = _analyze(made, subjects, settings.language)
        made_advice = list(made.advise(analyses, settings.language))
        print_analyses(analyses, "table")
        found = made.report(began, datetime.now(UTC) + timedelta(seconds=1), "Demo report", settings.language)
        if found.report is None:
            raise typer.Exit(Exit.INCOMPLETE)
        write(styled(plugins.load("formats", "html"), Look()).report(found.report), out)
        for sentence in found.report.prose:
            say(f"  {sentence}")
        say(f"{len(analyses)} analyses, {len(made_advice)} remediations; database {settings.database}")
    if any(a.state not in (State.OK, State.UNFIT) for a in analyses):
        raise typer.Exit(Exit.INCOMPLETE)


def _from_here(folder: Path) -> Path:
    """The folder as it is named from the working directory, where it lies below that: shorter to read in every line."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_absolute() and folder.is_relative_to(here) else folder


def _analyze(made: Pipeline, subjects: list[Subject], language: str) -> list[Analysis]:
    analyses: list[Analysis] = []
    for analyzer in ("triage", "review", "sensitive"):
        chosen = [s for s in subjects if analyzer in suited(s)]
        with progress(analyzer, quiet=False) as report:
            analyses += made.analyze(analyzer, chosen, language, report)
    return analyses
