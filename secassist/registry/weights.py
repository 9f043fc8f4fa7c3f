"""Weights on disk: models and adapters by folder and digest; weights are safetensors or they are refused."""

import hashlib
import json
from dataclasses import dataclass
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


def card(weights: Weights) -> dict[str, Any]:
    """The machine-readable part of the model card: training.json, or {}."""
    path = weights.folder / "training.json"
    return json_object(path) if path.exists() else {}


def json_object(path: Path) -> dict[str, Any]:
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
