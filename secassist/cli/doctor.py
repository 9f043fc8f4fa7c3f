"""The command that asks the real model one real question per analyzer and says what is unfit."""

import time

import typer

from schemas import Alert, CodeUnit, Document, Field, State, Subject
from secassist.cli._run import Exit, pipeline, write
from secassist.errors import SecassistError
from secassist.pipeline import Pipeline

QUESTIONS: dict[str, Subject] = {
    "triage": Alert(
        source="doctor",
        title="Shadow copies deleted",
        fields=(
            Field(path="EventID", value="1"),
            Field(path="Image", value="C:\\Windows\\System32\\vssadmin.exe"),
            Field(path="CommandLine", value="vssadmin.exe delete shadows /all /quiet"),
        ),
    ),
    "review": CodeUnit(
        source="doctor",
        path="doctor.py",
        language="python",
        body="import os\n\ndef ping(host):\n    os.system('ping -c 1 ' + host)\n",
    ),
    "sensitive": Document(source="doctor", body="db_password = 'Zq7-mVt2-kLp9'\n"),
    "techniques": Document(source="doctor", body="The malware adds a Run key so that it starts at every logon."),
}


def doctor() -> None:
    """Check database, templates and model, asking the model one question per analyzer."""
    good = True
    with pipeline() as (made, settings):
        for problem in made.store.check():
            good = False
            write(f"database    BAD   {problem}")
        write(f"database    ok    {made.store.count_analyses()} analyses, {settings.database.split('@')[-1]}")
        for name, subject in QUESTIONS.items():
            good &= _ask(made, name, subject)
    if not good:
        raise typer.Exit(Exit.INCOMPLETE)


def _ask(made: Pipeline, name: str, subject: Subject) -> bool:
    began = time.monotonic()
    try:
        analysis = made.judge(name, [subject])[0]
    except SecassistError as error:
        write(f"{name:<11} BAD   {error}")
        return False
    told = (
        analysis.verdict.disposition if analysis.verdict else ", ".join(f.rule for f in analysis.findings) or "nothing"
    )
    word = {State.OK: "ok   ", State.UNFIT: "UNFIT"}.get(analysis.state, "BAD  ")
    write(f"{name:<11} {word} {told} in {time.monotonic() - began:.2f} s; {analysis.lineage.template} {analysis.error}")
    return analysis.state in (State.OK, State.UNFIT)
