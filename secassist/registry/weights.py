"""Weights on disk: models and adapters by folder and digest; weights are safetensors or they are refused."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from secassist.errors import ModelError

BUNDLED = Path(__file__).resolve().parent.parent / "models"
SETTINGS = (
    "config.json",
    "adapter_config.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "chat_template.json",
    "calibration.json",
)
"""Files that shape prompts, tokens or decisions, and so belong to the digest of a model."""
VOICES = ("witness.safetensors", "ranker.safetensors")
"""Weights in an adapter's folder that speak beside the model and are not its own."""
UNSAFE = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".msgpack", ".h5"}


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


@dataclass(frozen=True)
class Weights:
    """A folder with weights: a base model or a LoRA adapter."""

    name: str
    folder: Path
    digest: str


def base(setting: str) -> Weights:
    """The base model: "bundled" or a folder; raises ModelError when it is missing or unsafe."""
    return _weights(BUNDLED / "base" if setting == "bundled" else Path(setting), "config.json")


def adapter(setting: str, analyzer: str) -> Weights | None:
    """The adapter of an analyzer, or None if this folder has none for it."""
    folder = (BUNDLED / "adapters" if setting == "bundled" else Path(setting)) / analyzer
    return _weights(folder, "adapter_config.json") if (folder / "adapter_config.json").exists() else None


def adapters(setting: str) -> tuple[Weights, ...]:
    """Every adapter in a folder, by name."""
    folder = BUNDLED / "adapters" if setting == "bundled" else Path(setting)
    found = (
        (adapter(setting, path.name) for path in sorted(folder.iterdir()) if path.is_dir()) if folder.is_dir() else ()
    )
    return tuple(weights for weights in found if weights)


def calibration(weights: Weights | None) -> Calibration:
    """The calibration stored with an adapter, with its witness and ranker; the identity if it has none."""
    if weights is None:
        return Calibration()
    path = weights.folder / "calibration.json"
    known = _values(path) if path.exists() else {}
    return Calibration(**known, witness=_witness(weights.folder, known), ranker=_ranker(weights.folder))


def _values(path: Path) -> dict[str, Any]:
    found, default = _object(path), Calibration()
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


def card(weights: Weights) -> dict[str, Any]:
    """The machine-readable part of the model card: training.json, or {}."""
    path = weights.folder / "training.json"
    return _object(path) if path.exists() else {}


def _object(path: Path) -> dict[str, Any]:
    """The JSON object in a file beside weights; raises ModelError when it is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read as JSON: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path}: holds no JSON object")
    return found


@cache
def _weights(folder: Path, marker: str) -> Weights:
    return _found(folder, marker)


def _found(folder: Path, marker: str) -> Weights:
    if not (folder / marker).is_file():
        raise ModelError(f"{folder}: no model here ({marker} is missing); name a folder in Hugging Face layout")
    unsafe = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in UNSAFE)
    if unsafe:
        raise ModelError(f"{folder}: refused, {unsafe[0]} can run code when loaded; convert it to safetensors")
    files = sorted(path for path in folder.iterdir() if path.suffix == ".safetensors")
    if not files:
        raise ModelError(f"{folder}: no .safetensors file; only safetensors weights are loaded")
    return Weights(name=folder.name, folder=folder, digest=_digest(files + _settings(folder)))


def _settings(folder: Path) -> list[Path]:
    """The files beside the weights that an answer depends on."""
    return [folder / name for name in SETTINGS if (folder / name).exists()]


def at(folder: Path) -> Weights:
    """The adapter in this very folder, looked at anew; raises ModelError when it is missing or unsafe."""
    return _found(folder, "adapter_config.json")


def _digest(files: list[Path]) -> str:
    """SHA-256 over names and contents."""
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
