"""Nouns to store: each call gives a distinct one by its number."""

from datetime import UTC, datetime, timedelta

from schemas import (
    Alert,
    Analysis,
    CodeUnit,
    Disposition,
    Evidence,
    Field,
    Finding,
    FindingKind,
    Judgement,
    Lineage,
    LogWindow,
    Place,
    SecretTrace,
    Severity,
    State,
    Subject,
    Verdict,
)

START = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
LINEAGE = Lineage(
    template="triage@1",
    template_digest="a" * 64,
    output_schema="Verdict",
    schema_digest="b" * 64,
    model="tiny",
    model_digest="c" * 64,
)


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def alert(number: int = 1) -> Alert:
    fields = (Field(path="rule.name", value=f"Odd login {number}"), Field(path="user.name", value="mallory"))
    return Alert(source="json", origin=f"alerts.jsonl:{number}", title=f"Odd login {number}", fields=fields)


def window(number: int = 1) -> LogWindow:
    return LogWindow(
        source="syslog", origin="auth.log:1", title="auth.log", body=f"sshd[{number}]: Failed password\nsecond"
    )


def code(number: int = 1) -> CodeUnit:
    body = f"import os\nos.system(user_input_{number})\n"
    return CodeUnit(source="code", origin="app.py", title="app.py", path="app.py", language="python", body=body)


def verdict(
    disposition: Disposition = Disposition.TRUE_POSITIVE, severity: Severity = Severity.HIGH, **more: object
) -> Verdict:
    values: dict[str, object] = {"confidence": 0.9, "score": 0.9, "techniques": ("T1110",), **more}
    return Verdict(disposition=disposition, severity=severity, **values)  # type: ignore[arg-type]


def finding(number: int = 1, **more: object) -> Finding:
    values: dict[str, object] = {
        "kind": FindingKind.WEAKNESS,
        "rule": "B605",
        "message": "shell with user input",
        "place": Place(path="app.py", start_line=number, end_line=number),
        "severity": Severity.HIGH,
        "confidence": 0.8,
        "cwe": "CWE-78",
        "evidence": (Evidence(line=number, quote="os.system(x)"),),
        **more,
    }
    return Finding(**values)  # type: ignore[arg-type]


def secret(number: int = 1, judgement: Judgement = Judgement.REAL) -> Finding:
    trace = SecretTrace(mask="INVE****0001", hmac="d" * 64, length=24, charset="alphanumeric")
    quote = Evidence(line=number, quote="key = INVE****0001", redacted=True)
    return finding(
        number,
        kind=FindingKind.SECRET,
        rule="invented-key",
        cwe="CWE-798",
        secret=trace,
        evidence=(quote,),
        judgement=judgement,
    )


def analysis(subject: Subject, *, minutes: float | None = None, analyzer: str = "triage", **more: object) -> Analysis:
    values: dict[str, object] = {
        "state": State.OK,
        "created_at": "" if minutes is None else later(minutes).isoformat(),
        "origin": subject.origin,
        "title": subject.title,
        "lineage": LINEAGE,
        **more,
    }
    return Analysis(analyzer=analyzer, subject_id=subject.id, subject_kind=subject.kind, **values)  # type: ignore[arg-type]
