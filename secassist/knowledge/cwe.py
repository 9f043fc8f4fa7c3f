"""The table of weaknesses (CWE): short name, parent and usual severity of those that code analysis meets."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas import Severity


@dataclass(frozen=True)
class Weakness:
    """One row: `id` like "CWE-79"; `parent` is the id above it in CWE's research view, "" at the top."""

    id: str
    name: str
    parent: str
    severity: Severity


@cache
def weaknesses() -> dict[str, Weakness]:
    """Every weakness by id, in order of number."""
    text = files(__package__).joinpath("cwe.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["id"]: Weakness(row["id"], row["name"], row["parent"], Severity(row["severity"])) for row in rows}


def exists(cwe: str) -> bool:
    """Whether the id is in the table."""
    return cwe in weaknesses()


def name(cwe: str) -> str:
    """Its short name; "" if unknown."""
    row = weaknesses().get(cwe)
    return row.name if row else ""


def parent(cwe: str) -> str:
    """The id above it; "" at the top or if unknown. The parent itself need not be in the table."""
    row = weaknesses().get(cwe)
    return row.parent if row else ""


def severity(cwe: str) -> Severity:
    """The harm it usually does; medium if unknown."""
    row = weaknesses().get(cwe)
    return row.severity if row else Severity.MEDIUM
