"""Ingredients: what each option of our engine gains, by switching it off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.engine.contest import Plan

CELLS = ("1", "32", "prefill")
ALL_ON = "everything on"
SWITCHES: dict[str, dict[str, Any]] = {
    "batches of 1": {"batch": 1},
    "batches of 8": {"batch": 8},
    "no shared beginnings": {"prefix_megabytes": 0},
    "no guesses": {"guesses": 0},
    "forced tokens chosen one by one": {"engine.forced": False, "guesses": 0},
    "every choice compared": {"engine.shortcut": False},
    "adapters beside the base": {"merged_megabytes": 0},
    "prompts in pieces of 256": {"step_tokens": 256},
}
"""Name in the table, and the settings that switch it off; a setting that does not exist leaves a line that says so."""


def parse(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`name:field=value,field=value` from the command line; raises ValueError for anything else."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, _, rest = text.partition(":")
        pairs = [pair.partition("=") for pair in rest.split(",")]
        if not name or not rest or not all(field and sign for field, sign, _ in pairs):
            raise ValueError(f"{text!r} is not name:setting=value")
        found[name] = {field: value for field, _, value in pairs}
    return found


def plans(base: Plan, switches: Mapping[str, Mapping[str, Any]]) -> Iterator[Plan]:
    """One plan with everything on, then one per switch."""
    for name, settings in {ALL_ON: {}, **switches}.items():
        extra = {**base.extra, "part": "ingredient", "x": name}
        yield replace(base, contestant="ours", cells=CELLS, settings=dict(settings), extra=extra)
