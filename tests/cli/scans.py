"""What tests of scans share: texts with a finding each, and what was found."""

from pathlib import Path

from schemas import Analysis

CALL = "import os\n\n\ndef ping(host):\n    os.system('ping ' + host)\n"
VALUE = "Qx7Invented9Canary3Vault5Zw"
PASSWORD = f"password = '{VALUE}'\n"


def analyses(text: str) -> list[Analysis]:
    return [Analysis.model_validate_json(line) for line in text.splitlines()]


def rules(text: str) -> set[tuple[str, str, int]]:
    """(file name, rule, line) of every finding."""
    return {
        (Path(finding.place.path).name, finding.rule, finding.place.start_line)
        for analysis in analyses(text)
        for finding in analysis.findings
    }
