"""The table of weaknesses (CWE): names, default severities and parents of those that code review speaks of."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas import Severity


@dataclass(frozen=True)
class Weakness:
    """One row: `id` like "CWE-89"; `parent` is a CWE id or ""; `severity` is the harm if nothing more is known."""

    id: str
    name: str
    severity: Severity
    parent: str


@cache
def weaknesses() -> dict[str, Weakness]:
    """Every known weakness by id."""
    text = files(__package__).joinpath("cwe.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {f"CWE-{row['id']}": _weakness(row) for row in rows}


def _weakness(row: dict[str, str]) -> Weakness:
    parent = f"CWE-{row['parent']}" if row["parent"] else ""
    return Weakness(f"CWE-{row['id']}", row["name"], Severity(row["severity"]), parent)


def exists(cwe: str) -> bool:
    """Whether the table holds this id."""
    return cwe in weaknesses()


def name(cwe: str) -> str:
    """The weakness' name; the id itself for one the table lacks."""
    found = weaknesses().get(cwe)
    return found.name if found else cwe


def severity(cwe: str) -> Severity:
    """Default severity; medium for one the table lacks."""
    found = weaknesses().get(cwe)
    return found.severity if found else Severity.MEDIUM


def parent(cwe: str) -> str:
    """The more general weakness, or ""."""
    found = weaknesses().get(cwe)
    return found.parent if found else ""
