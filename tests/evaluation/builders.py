"""Small real values for the tests of evaluation."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from schemas import (
    Analysis,
    Disposition,
    Evidence,
    Finding,
    FindingKind,
    Fix,
    Judgement,
    Lineage,
    Place,
    Severity,
    State,
    Subject,
    Verdict,
)
from secassist.evaluation.examples import Example

LINEAGE = Lineage(template="t@1", template_digest="", output_schema="s", schema_digest="", model="m", model_digest="")


def row(id_: str = "a-1", task: str = "S1", **more: Any) -> dict[str, Any]:
    """A row as it stands on disk."""
    return {"id": id_, "task": task, "input": "text", "label": {"spans": []}, "group": "g", "path": "bad/x.py"} | more


def example(task: str = "T3", id_: str = "a-1", **more: Any) -> Example:
    """An example of a task with a fitting input."""
    inputs: dict[str, Any] = {
        "T1": {"event": {"a": 1}},
        "T2": {"lines": ["one", "two"]},
        "T3": {"command": "id"},
        "T4": {"body": "hi"},
    }
    labels: dict[str, Any] = {"C1": {"vulnerable": True}, "S1": {"spans": []}, "S2": {"spans": []}}
    fields = {
        "id": id_,
        "task": task,
        "source": "file",
        "input": inputs.get(task, "text"),
        "label": labels.get(task, {"verdict": "malicious"}),
        "group": id_,
    }
    return Example(**(fields | more))


def write(path: Path, rows: Iterable[Any]) -> Path:
    """Rows as JSON Lines, gzip'd where the name says so; bytes are written as they are."""
    data = b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.name.endswith(".gz") else data)
    return path


def verdict(disposition: Disposition = Disposition.TRUE_POSITIVE, score: float | None = 0.9, **more: Any) -> Verdict:
    """A verdict; `lines` are the cited ones."""
    lines = more.pop("lines", ())
    evidence = tuple(Evidence(line=line, quote="") for line in lines)
    fields = {"severity": Severity.HIGH, "confidence": 0.8, "evidence": evidence} | more
    return Verdict(disposition=disposition, score=score, **fields)


def finding(kind: FindingKind = FindingKind.WEAKNESS, confidence: float = 0.7, **more: Any) -> Finding:
    """A finding on line 1; `lines`, `chars` and `fix` (start, end, text) set its place and its fix."""
    start_line, end_line = more.pop("lines", (1, 1))
    start, end = more.pop("chars", (None, None))
    fix = more.pop("fix", None)
    if fix:
        more["fix"] = Fix(start_line=fix[0], end_line=fix[1], replacement=fix[2])
    place = Place(path="", start_line=start_line, end_line=end_line, start=start, end=end)
    fields = {"rule": "rule", "message": "", "severity": Severity.LOW, "judgement": Judgement.REAL} | more
    return Finding(kind=kind, place=place, confidence=confidence, **fields)


def analysis(subject: Subject, analyzer: str = "triage", **more: Any) -> Analysis:
    """An analysis of a subject that ended well, unless `state` says otherwise."""
    fields = {"lineage": LINEAGE, "state": State.OK} | more
    return Analysis(analyzer=analyzer, subject_id=subject.id, subject_kind=subject.kind, **fields)
