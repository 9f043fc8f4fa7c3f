"""Calibration: how a raw probability becomes one that holds, as it is stored beside an adapter."""

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from secassist.errors import ModelError
from secassist.registry.weights import Weights, json_object

EDGE = 1e-6
"""How near to 0 and 1 a raw probability is taken to be at most; at both its logit is infinite."""


@dataclass(frozen=True)
class Calibration:
    """How a raw probability becomes a calibrated one: sigmoid(slope * logit + hears * witness' logit + intercept).

    `fit` False marks a task on which the adapter is below the floor of usefulness: its answers count as "cannot tell".
    From `bad_above` on a decision is bad; up to `benign_below` it may be closed unread, from `escalate_above` on it must
    be looked at: shares of error that hold on the calibration split. `speaks` False marks an adapter whose sentences
    say too little of what is taught: it decides, and code words the reasons.
    """

    slope: float = 1.0
    intercept: float = 0.0
    fit: bool = True
    note: str = ""
    benign_below: float = 0.5
    bad_above: float = 0.5
    escalate_above: float = 1.0
    hears: float = 0.0
    speaks: bool = True
    witness: Any = field(default=None, compare=False, repr=False)
    ranker: Any = field(default=None, compare=False, repr=False)

    def probability(self, raw: float) -> float:
        """The calibrated one (Platt 1999 on the logit), rounded to 6 places so that it prints stably."""
        bounded = min(1 - EDGE, max(EDGE, raw))
        logit = math.log(bounded / (1 - bounded))
        return round(1 / (1 + math.exp(-(self.slope * logit + self.intercept))), 6)

    def heard(self, wording: str) -> "Calibration":
        """The calibration of one question, after its witness (`registry.witness.Witness`, if there is one) spoke."""
        if self.witness is None or not self.hears:
            return self
        return replace(self, intercept=self.intercept + self.hears * self.witness.logit(wording), witness=None)

    def stored(self) -> dict[str, Any]:
        """What is kept of it as JSON; the voices have files of their own."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("witness", "ranker")}

    def nearest(self, text: str, count: int) -> list[str]:
        """The labels that the adapter's ranker (`registry.ranker.Ranker`) puts first; none where it has no ranker."""
        return self.ranker.rank(text, count) if self.ranker is not None else []


def calibration(weights: Weights | None) -> Calibration:
    """The calibration stored with an adapter, with its witness and ranker; the identity if it has none."""
    if weights is None:
        return Calibration()
    path = weights.folder / "calibration.json"
    known = _values(path) if path.exists() else {}
    return Calibration(**known, witness=_witness(weights.folder, known), ranker=_ranker(weights.folder))


def _values(path: Path) -> dict[str, Any]:
    found, default = json_object(path), Calibration()
    known = {name: found[name] for name in default.stored() if name in found}
    for name, value in known.items():
        wanted = type(getattr(default, name))
        if type(value) is not wanted and not (wanted is float and type(value) is int):
            raise ModelError(f"{path}: {name} must be {wanted.__name__}; calibrate the adapter again")
    return known


def _witness(folder: Path, known: dict[str, Any]) -> Any:
    from secassist.registry import witness

    found = witness.load(folder) if known.get("hears") else None
    if found is None and known.get("hears"):
        raise ModelError(f"{folder}: its calibration hears a witness, but {witness.FILE} is missing; ship it anew")
    return found


def _ranker(folder: Path) -> Any:
    from secassist.registry import ranker

    return ranker.load(folder)
