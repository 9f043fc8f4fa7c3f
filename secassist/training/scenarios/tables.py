"""The tables of hand-written families: read once from YAML, each case with its judgement and its template."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

KINDS = ("run", "line", "win", "event", "lines", "http", "param", "mail", "script", "alert")
"""Keys of a case that hold its templates; the key decides the shape of the input."""


@dataclass(frozen=True)
class Case:
    """One way a family can turn out. `bodies` are alternative templates of the shape `kind`."""

    verdict: str
    disposition: str
    severity: str
    techniques: tuple[str, ...]
    kind: str
    bodies: tuple[Any, ...]
    cite: tuple[str, ...]
    rationale: dict[str, str]
    parent: str = ""
    user: str = ""
    context: bool = False
    night: bool = False
    log_type: str = ""
    platform: str = ""


@dataclass(frozen=True)
class Family:
    """Malicious cases and their harmless twins about one subject; `often` is how many turns it has in a round, at least."""

    name: str
    cases: tuple[Case, ...]
    often: int = 1


@cache
def families() -> tuple[Family, ...]:
    """All families of `tables/*.yaml`, in the order of file names."""
    folder = Path(__file__).parent / "tables"
    raw = (entry for path in sorted(folder.glob("*.yaml")) for entry in yaml.safe_load(path.read_text("utf-8")))
    return tuple(_family(entry) for entry in raw)


def _family(raw: dict[str, Any]) -> Family:
    cases = tuple(_case(raw, case) for case in raw["cases"])
    return Family(raw["family"], cases, raw.get("often", 1))


def _case(family: dict[str, Any], raw: dict[str, Any]) -> Case:
    verdict, disposition, severity = judgement(raw)
    kind = next(kind for kind in KINDS if kind in raw)
    bodies = raw[kind] if isinstance(raw[kind], list) else [raw[kind]]
    techniques = raw.get("techniques", family.get("techniques", ())) if verdict != "benign" else ()
    return Case(
        verdict=verdict,
        disposition=disposition,
        severity=severity,
        techniques=tuple(techniques),
        kind=kind,
        bodies=(bodies,) if kind == "lines" else tuple(bodies),
        cite=tuple(str(item) for item in raw.get("cite", ())),
        rationale={"en": raw["en"], "zh": raw["zh"]},
        parent=raw.get("parent", ""),
        user=raw.get("user", ""),
        context=raw.get("context", False),
        night=raw.get("night", False),
        log_type=raw.get("log_type", family.get("log_type", "")),
        platform=family.get("platform", ""),
    )


def judgement(raw: dict[str, Any]) -> tuple[str, str, str]:
    """Verdict, disposition and severity of an entry that says `bad` or `sus` with a severity, or `ok` with a reason."""
    if "bad" in raw:
        return "malicious", "true_positive", raw["bad"]
    if "sus" in raw:
        return "suspicious", "suspicious", raw["sus"]
    return "benign", {"expected": "benign_expected", "mistaken": "false_positive"}[raw["ok"]], "info"
