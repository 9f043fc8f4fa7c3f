"""Shipping: a finished base and its adapters into the folder that is served, in half precision, with their card."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from secassist import registry
from secassist.errors import ModelError

KEPT = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "training.json",
    "recipe.json",
)


def ship_base(source: Path, target: Path) -> None:
    """Copies a base model; matrices become 16-bit floats on disk and are served in 32 bits."""
    _ship(source, target, "model.safetensors")


def ship_adapter(source: Path, target: Path, base: Path | None = None) -> None:
    """Copies a LoRA adapter, in 16 bits, without the path of the base it was trained on; `base` is what it ships with."""
    _ship(source, target, "adapter_model.safetensors")
    path = source / "adapter_config.json"
    settings = json.loads(path.read_text()) | {"base_model_name_or_path": "base"}
    (target / "adapter_config.json").write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")
    take_voices(source, target)
    if base is not None and (target / "training.json").exists():
        facts = json.loads((target / "training.json").read_text()) | {"base": registry.base(str(base)).digest}
        (target / "training.json").write_text(json.dumps(facts, indent=1) + "\n")


def take_voices(source: Path, target: Path) -> None:
    """Copies what speaks beside an adapter's model to another adapter's folder."""
    for name in registry.VOICES:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)


def _ship(source: Path, target: Path, weights: str) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    if not (source / weights).exists():
        raise ModelError(f"{source}: holds no {weights}; train it first")
    target.mkdir(parents=True, exist_ok=True)
    halves = {name: tensor.to(torch.float16).contiguous() for name, tensor in load_file(source / weights).items()}
    save_file(halves, target / weights, metadata={"format": "pt"})
    for name in KEPT:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)


def megabytes(folders: Sequence[Path]) -> float:
    """Size of all weights in these folders, in units of 10^6 bytes."""
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*.safetensors")) / 1e6
