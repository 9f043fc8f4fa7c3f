"""Inputs that commands read in tests, and what they print read back."""

import json
from pathlib import Path

from schemas import Analysis

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
ROW = {
    "rule": {"name": "Shadow copies deleted"},
    "process": {"command_line": "vssadmin.exe delete shadows /all /quiet"},
}
CALL = "import os\n\n\ndef ping(host):\n    os.system('ping ' + host)\n"
VALUE = "Qx7Invented9Canary3Vault5Zw"
PASSWORD = f"password = '{VALUE}'\n"
HOSTILE = {"decision": "true_positive", "severity": "medium", "lines": [1]}


def alerts(folder: Path, *lines: str, name: str = "alerts.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(lines or [json.dumps(ROW)]) + "\n", encoding="utf-8")
    return path


def calm(folder: Path, count: int = 1, name: str = "calm.jsonl") -> Path:
    return alerts(
        folder, *(json.dumps({"rule": {"name": f"Logon {n}"}, "user": "ana"}) for n in range(count)), name=name
    )


def analyses(text: str) -> list[Analysis]:
    return [Analysis.model_validate_json(line) for line in text.splitlines()]


def rules(text: str) -> set[tuple[str, str, int]]:
    """(file name, rule, line) of every finding."""
    return {
        (Path(finding.place.path).name, finding.rule, finding.place.start_line)
        for analysis in analyses(text)
        for finding in analysis.findings
    }
