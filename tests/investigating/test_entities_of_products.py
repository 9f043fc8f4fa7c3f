"""Who and what records of many products name, in which role: invented records, each with everything it names."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas import Line
from secassist.investigating.entities import found
from secassist.sources._records import record

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "records" / "entities.jsonl").read_text(encoding="utf-8").splitlines()
]
LEAST_RECALL, LEAST_PRECISION = 0.97, 0.95
"""Over all records; what falls short of it is a step back."""


def pairs(row: dict[str, Any]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What is named and what was found."""
    lines = (Line(number=1, text=row["text"]),) if "text" in row else record(row["record"], "json", "o").lines
    named = {(kind, value) for kind, values in row["names"].items() for value in values}
    return named, {(each.kind, each.value) for each in found(lines)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["of"])
def test_who_did_what_to_whom_is_named(row: dict[str, Any]) -> None:
    named, made = pairs(row)
    roles = ("user", "changed", "group", "host", "source", "target")
    assert {each for each in named if each[0] in roles} == {each for each in made if each[0] in roles}


def test_recall_and_precision_over_all() -> None:
    both = [pairs(row) for row in ROWS]
    hits = sum(len(named & made) for named, made in both)
    recall, precision = hits / sum(len(n) for n, _ in both), hits / sum(len(m) for _, m in both)
    assert recall >= LEAST_RECALL and precision >= LEAST_PRECISION, (recall, precision)
