"""Analyses and reports to write out: ordinary ones, and one whose every text is hostile."""

from typing import Any

from schemas import (
    Analysis,
    Case,
    Check,
    Disposition,
    Evidence,
    Finding,
    FindingKind,
    Fix,
    Floor,
    Judgement,
    Lineage,
    Omission,
    Phase,
    Place,
    Remediation,
    Report,
    ReportFacts,
    SecretTrace,
    Severity,
    State,
    Step,
    SubjectKind,
    Verdict,
)

SECRET = "INVENTED+value/0123456789abcdef"
HOSTILE = (
    "=cmd|'/C calc'!A0 <script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31mred\x1b]0;title\x07 "
    "\u202egpj.exe\u2066 zero\u200bwidth \x00 \r\n# heading | cell | [click](http://evil.invalid) `tick` ```fence {{7*7}} "
    "]]> --> \" ' & \U000e0041"
)
"""What an attacker would put in a title; harmless only if every format escapes it."""

LINEAGE = Lineage(
    template="triage@1",
    template_digest="a1" * 32,
    output_schema="Verdict",
    schema_digest="b2" * 32,
    model="secassist-base",
    model_digest="c3" * 32,
    adapter="triage",
    adapter_digest="d4" * 32,
)


def analysis(number: int, analyzer: str = "triage", kind: SubjectKind = SubjectKind.ALERT, **more: Any) -> Analysis:
    values = {
        "origin": f"alerts.jsonl:{number}",
        "title": f"Alert {number}",
        "state": State.OK,
        "created_at": f"2026-11-{1 + number % 20:02d}T0{number % 10}:15:00Z",
        "lineage": LINEAGE,
        **more,
    }
    return Analysis(analyzer=analyzer, subject_id=f"{number:064x}", subject_kind=kind, **values)


def brute_force(number: int = 1, **more: Any) -> Analysis:
    values: dict[str, Any] = {
        "disposition": Disposition.TRUE_POSITIVE,
        "severity": Severity.CRITICAL,
        "confidence": 0.91,
        "score": 0.97,
        "techniques": ("T1110.003", "T1078"),
        "evidence": (
            Evidence(line=3, field="source.ip", quote="203.0.113.45"),
            Evidence(line=7, field="event.count", quote="412", note="failed logins in 5 minutes", by="sigma"),
            Evidence(line=9, field="process.command_line", quote="powershell -nop -w hidden -EncodedCommand SQBFAFgA"),
        ),
        "rationale": "Over four hundred failed logins from one address were followed by a success and an encoded command.",
        "missing_evidence": ("the logon type of the successful session",),
        "floor": Floor(
            disposition=Disposition.SUSPICIOUS, severity=Severity.HIGH, by="sigma", reason="encoded command on a server"
        ),
        **more,
    }
    return analysis(number, title="Password spraying against vpn.example.org, then a login", verdict=Verdict(**values))


def review(number: int = 4) -> Analysis:
    injection = Finding(
        kind=FindingKind.WEAKNESS,
        rule="B608",
        message="SQL is put together from a request parameter",
        place=Place(path="shop/orders.py", start_line=41, end_line=42, start_column=5, end_column=60),
        severity=Severity.HIGH,
        confidence=0.88,
        cwe="CWE-89",
        evidence=(Evidence(line=41, quote='    query = "SELECT * FROM orders WHERE id = " + request.args["id"]'),),
        by=("python_security",),
        rationale="The id comes from the query string and reaches execute() unchanged.",
        fix=Fix(
            start_line=41,
            end_line=42,
            replacement='    query = "SELECT * FROM orders WHERE id = ?"\n    rows = db.execute(query, (request.args["id"],))',
            explanation="Bind the value as a parameter.",
            checks=(Check(name="parses", passed=True), Check(name="bandit", passed=True, detail="B608 is gone")),
        ),
    )
    return analysis(
        number,
        "review",
        SubjectKind.CODE_UNIT,
        origin="shop/orders.py",
        title="shop/orders.py",
        findings=(injection, secret(), secret(Judgement.PLACEHOLDER, 13)),
        omitted=(Omission(rule="longest functions first", lines="300-812"),),
    )


def secret(judgement: Judgement = Judgement.REAL, line: int = 12, **more: Any) -> Finding:
    values: dict[str, Any] = {
        "kind": FindingKind.SECRET,
        "rule": "invented-service-key",
        "message": "Key of an invented service",
        "place": Place(path="shop/config.py", start_line=line, end_line=line, start_column=8, end_column=39),
        "severity": Severity.CRITICAL,
        "confidence": 0.95,
        "judgement": judgement,
        "cwe": "CWE-798",
        "evidence": (Evidence(line=line, quote='KEY = "INVE...cdef"', by="secrets", redacted=True),),
        "secret": SecretTrace(mask="INVE...cdef", hmac="e5" * 32, length=len(SECRET), charset="base64"),
        **more,
    }
    return Finding(**values)


def careless() -> Analysis:
    """A secret finding whose maker forgot to redact its quote."""
    quotes = (Evidence(line=12, quote=f'KEY = "{SECRET}"'),)
    return analysis(5, "sensitive", SubjectKind.DOCUMENT, title="notes.txt", findings=(secret(evidence=quotes),))


def several() -> list[Analysis]:
    first = brute_force()
    advice = Remediation(
        about=first.id,
        summary="Cut the session first, then close the way in.",
        steps=(
            Step(
                phase=Phase.PREVENT,
                action="Require a second factor on the VPN.",
                reason="Passwords alone were guessed.",
            ),
            Step(phase=Phase.CONTAIN, action="End all sessions of the account.", reason="The attacker is logged in."),
            Step(phase=Phase.ERADICATE, action="Remove the scheduled task it left.", reason="It would run again."),
        ),
    )
    personal = Finding(
        kind=FindingKind.PERSONAL_DATA,
        rule="cn-id-number",
        message="Resident identity number",
        place=Place(path="hr/list.txt", start_line=2, end_line=2),
        severity=Severity.MEDIUM,
        confidence=0.8,
        secret=SecretTrace(mask="1101...001X", length=18),
    )
    calm = {"floor": None, "score": 0.04, "missing_evidence": (), "rationale": "A planned scan by the scanner account."}
    return [
        first,
        analysis(2, "remediate", remediation=advice),
        brute_force(3, disposition=Disposition.BENIGN_EXPECTED, severity=Severity.LOW, **calm),
        review(),
        brute_force(6, disposition=Disposition.SUSPICIOUS, severity=Severity.MEDIUM, score=0.61, raised=True),
        analysis(7, state=State.QUARANTINED, error="the answer did not fit the schema", title="Odd parent process"),
        analysis(8, "sensitive", SubjectKind.DOCUMENT, title="hr/list.txt", findings=(personal,)),
        analysis(9, "review", SubjectKind.CODE_UNIT, title="shop/clean.py", origin="shop/clean.py"),
    ]


def report(language: str = "en", title: str = "Week 45: logins and leaked keys") -> Report:
    counts = {
        "subjects.total": 48,
        "analyses.total": 52,
        "analyses.state.ok": 51,
        "analyses.state.quarantined": 1,
        "verdicts.total": 40,
        "verdicts.true_positive": 6,
        "verdicts.true_positive.critical": 2,
        "verdicts.true_positive.high": 4,
        "verdicts.suspicious": 9,
        "verdicts.suspicious.high": 3,
        "verdicts.suspicious.medium": 6,
        "verdicts.benign_expected": 8,
        "verdicts.benign_expected.low": 8,
        "verdicts.false_positive": 15,
        "verdicts.false_positive.low": 9,
        "verdicts.false_positive.info": 6,
        "verdicts.not_evaluable": 2,
        "findings.total": 11,
        "findings.weakness": 7,
        "findings.weakness.high": 3,
        "findings.weakness.medium": 4,
        "findings.secret": 3,
        "findings.secret.critical": 3,
        "findings.personal_data": 1,
        "findings.personal_data.medium": 1,
        "inputs.rejected": 2,
    }
    facts = ReportFacts(
        since="2026-11-01T00:00:00Z",
        until="2026-11-21T00:00:00Z",
        counts=counts,
        top_techniques=(("T1110.003", 5), ("T1078", 4), ("T1059.001", 2)),
        top_rules=(("B608", 3), ("invented-service-key", 3)),
    )
    prose = ("Six alerts were true positives, two of them critical.", "Three live keys were found in source files.")
    if language == "zh":
        prose = ("共有 6 条告警被判定为真实攻击，其中 2 条为严重级别。", "在源代码中发现 3 个有效密钥。")
    cases = tuple(case(each) for each in several() if each.verdict or each.findings)
    return Report(title=title, language=language, facts=facts, prose=prose, dropped=1, cases=cases)


def case(given: Analysis) -> Case:
    return Case(
        analysis_id=given.id,
        subject_id=given.subject_id,
        title=given.title,
        origin=given.origin,
        analyzer=given.analyzer,
        state=given.state.value,
        created_at=given.created_at,
        verdict=given.verdict,
        findings=given.findings,
    )


def hostile() -> list[Analysis]:
    """Every free text is HOSTILE, once in each kind of outcome."""
    quote = (Evidence(line=1, quote=HOSTILE, field=HOSTILE, note=HOSTILE, by=HOSTILE),)
    verdict = Verdict(
        disposition=Disposition.TRUE_POSITIVE,
        severity=Severity.HIGH,
        confidence=0.5,
        score=0.5,
        techniques=(HOSTILE,),
        evidence=quote,
        rationale=HOSTILE,
        missing_evidence=(HOSTILE,),
        floor=Floor(disposition=Disposition.SUSPICIOUS, severity=Severity.LOW, by=HOSTILE, reason=HOSTILE),
    )
    found = Finding(
        kind=FindingKind.WEAKNESS,
        rule=HOSTILE,
        message=HOSTILE,
        place=Place(path=f"../../{HOSTILE}", start_line=1, end_line=1),
        severity=Severity.HIGH,
        confidence=0.5,
        cwe=HOSTILE,
        evidence=quote,
        by=(HOSTILE,),
        rationale=HOSTILE,
        fix=Fix(
            start_line=1,
            end_line=1,
            replacement=HOSTILE,
            explanation=HOSTILE,
            checks=(Check(name=HOSTILE, passed=True, detail=HOSTILE),),
        ),
    )
    texts = {"title": HOSTILE, "origin": HOSTILE, "error": HOSTILE, "omitted": (Omission(rule=HOSTILE, lines=HOSTILE),)}
    step = Step(phase=Phase.CONTAIN, action=HOSTILE, reason=HOSTILE, ref=HOSTILE)
    return [
        analysis(1, verdict=verdict, **texts),
        analysis(2, "review", findings=(found,), **texts),
        analysis(3, "remediate", remediation=Remediation(about="f" * 64, summary=HOSTILE, steps=(step,)), **texts),
        analysis(4, state=State.FAILED, **texts),
    ]
