"""How products write an alert down: shapes with places for facts, and what the facts are on every scale."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from secassist.training.scenarios.names import Names

FACT: Final = re.compile(r"\$([a-z_A-Z]+)")
"""The name of a fact in a shape."""
LEVELS: Final = 4
"""Severities that products report, low to critical."""
_SCALES: Final[Mapping[str, tuple[Any, ...]]] = {
    "sev": ("low", "medium", "high", "critical"),
    "Sev": ("Low", "Medium", "High", "Critical"),
    "SEV": ("LOW", "MEDIUM", "HIGH", "CRITICAL"),
    "sev_zh": ("低", "中", "高", "严重"),
    "danger_zh": ("低危", "中危", "高危", "危急"),
    "of_four": (1, 2, 3, 4),
    "of_five": (2, 3, 4, 5),
    "of_ten": (2, 5, 8, 10),
    "of_hundred": (21, 47, 73, 99),
    "level": (3, 7, 12, 15),
    "prio": ("P4", "P3", "P2", "P1"),
}
_COMMON: Final = {
    "id": "{guid}",
    "number": "{numsix}",
    "few": "{numtwo}",
    "account": "{acct}",
    "region": "{awsregion}",
    "time_iso": "{t_iso}",
    "time_ms": "{t_ms}",
    "time_win": "{t_win}",
    "time_epoch": "{t_epoch}",
}


@cache
def read(name: str) -> Any:
    """What `name`.yaml beside this file holds."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def facts(names: Names, drawn: Mapping[str, str], level: int) -> dict[str, Any]:
    """Every fact a shape may name: those drawn, the common ones, and the level (from 0) on all scales."""
    made = {key: names.fill(text) for key, text in {**_COMMON, **drawn}.items()}
    return made | {scale: steps[level] for scale, steps in _SCALES.items()}


def filled(shape: Any, facts: Mapping[str, Any]) -> Any:
    """The shape with its facts; leaves without one, and what becomes empty by that, are left out."""
    if isinstance(shape, dict):
        inner = {key: filled(value, facts) for key, value in shape.items()}
        return {key: value for key, value in inner.items() if value not in ("", {}, [], None)}
    if isinstance(shape, list):
        entries = [filled(value, facts) for value in shape]
        return [entry for entry, given in zip(entries, shape, strict=True) if _told(entry, given)]
    if not isinstance(shape, str) or "$" not in shape:
        return shape
    whole = FACT.fullmatch(shape)
    return facts.get(whole[1], "") if whole else FACT.sub(lambda match: str(facts.get(match[1], "")), shape)


def _told(entry: Any, given: Any) -> bool:
    """Whether an element of a list says more than its constants, such as a kind without a value."""
    if not isinstance(given, dict):
        return entry not in ("", None)
    return any(entry.get(key) for key, value in given.items() if not isinstance(value, str) or "$" in value)
