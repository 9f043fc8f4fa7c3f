"""The command that asks the real model one real question per analyzer and says what is unfit."""

import time
from typing import Any

import typer

from schemas import Alert, Analysis, CodeUnit, Document, Field, ReportFacts, State, Subject
from secassist.analyzers.base import CUT
from secassist.cli._run import Exit, pipeline, write
from secassist.detectors.semgrep import program
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
    "remediate": Document(source="doctor", body="advice"),
    "report": Document(source="doctor", body="report"),
    "ask": Document(source="doctor", body="ask"),
}
FACTS = ReportFacts(
    since="2026-03-01",
    until="2026-03-08",
    counts={"analyses.triage": 24, "verdicts.true_positive": 3, "findings.secret": 2},
)
CONTEXTS: dict[str, dict[str, Any]] = {
    "remediate": {
        "about": "",
        "finding": "true_positive high; T1490 Inhibit System Recovery; shadow copies were deleted",
        "techniques": ["T1490"],
        "cwe": [],
        "kinds": ["windows"],
    },
    "ask": {
        "title": "Who approves the isolation of a server?",
        "candidates": [{"path": "doctor", "line": 1, "end_line": 1, "quote": "The duty manager approves isolation."}],
        "chosen": [1],
        "documents": 1,
        "abroad": 0,
        "top": 1,
        "model": False,
        "refused": "",
    },
    "report": {"facts": FACTS.model_dump(mode="json"), "title": "doctor"},
}


def doctor() -> None:
    """Check database, templates and model, asking the model one question per analyzer."""
    with pipeline() as (made, settings):
        problems = made.store.check()
        good = not problems
        for problem in problems:
            write(f"database    BAD   {problem}")
        if good:
            write(f"database    ok    {made.store.count_analyses()} analyses, {settings.database.split('@')[-1]}")
        engine = program()
        write(f"semgrep     {'ok    ' + engine if engine else '-     not on the PATH; its rules are left out'}")
        for name, subject in QUESTIONS.items():
            good &= _ask(made, name, subject)
    if not good:
        raise typer.Exit(Exit.INCOMPLETE)


def _ask(made: Pipeline, name: str, subject: Subject) -> bool:
    began = time.monotonic()
    try:
        analysis = made.driver.analyze(made.analyzers[name], [subject], contexts=[CONTEXTS.get(name, {})])[0]
    except SecassistError as error:
        write(f"{name:<11} BAD   {error}")
        return False
    word = {State.OK: "ok   ", State.UNFIT: "UNFIT"}.get(analysis.state, "BAD  ")
    told = f"{_told(analysis)} in {time.monotonic() - began:.2f} s; {analysis.lineage.template}"
    write(f"{name:<11} {word} {told} {_explained(analysis)}".rstrip())
    return analysis.state in (State.OK, State.UNFIT)


def _explained(analysis: Analysis) -> str:
    """What went wrong; a decision whose sentences ran too long is as good as any."""
    if analysis.state is State.OK and CUT in analysis.error:
        return "(its sentences ran too long and are left out; the verdict does not rest on them)"
    return analysis.error


def _told(analysis: Analysis) -> str:
    if analysis.remediation:
        return f"{len(analysis.remediation.steps)} steps"
    if analysis.answer:
        return f"{len(analysis.answer.sentences)} sentences cited"
    if analysis.report:
        return f"{len(analysis.report.prose)} sentences, {analysis.report.dropped} dropped"
    if analysis.analyzer == "techniques" and analysis.verdict:
        return ", ".join(analysis.verdict.techniques)
    rules = ", ".join(finding.rule for finding in analysis.findings)
    return rules or (str(analysis.verdict.disposition) if analysis.verdict else "nothing")
