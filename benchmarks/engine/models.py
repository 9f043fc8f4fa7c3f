"""Models: one folder per analyzer with its adapter merged in, as Hugging Face weights and as GGUF, for every contestant."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.engine import gguf
from secassist import registry

FORMATS = {"f32": gguf.F32, "q8_0": gguf.Q8_0}
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
LONG = 16_384
"""Positions of the random model for long inputs; the bundled one has 2,048."""


def prepare(work: Path, analyzers: Sequence[str]) -> None:
    """Merged weights and both GGUF files per analyzer below `work/models`; what is there already is kept."""
    base = registry.base("bundled")
    for name in analyzers:
        folder = work / "models" / name
        if not (folder / "q8_0.gguf").exists():
            _write(_merged(base.folder, registry.BUNDLED / "adapters" / name), base.folder, folder)


def _merged(base: Path, adapter: Path) -> Any:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base, local_files_only=True, dtype=torch.float32)
    return PeftModel.from_pretrained(model, str(adapter), use_safetensors=True).merge_and_unload()


def random_model(work: Path) -> Path:
    """Base of the bundled one's shape with random weights and LONG positions, and one adapter-free GGUF."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    base = registry.base("bundled")
    folder = work / "models" / "random-long"
    if not (folder / "q8_0.gguf").exists():
        config = AutoConfig.from_pretrained(base.folder, local_files_only=True)
        config.max_position_embeddings = LONG
        torch.manual_seed(5)
        made: Any = AutoModelForCausalLM
        _write(made.from_config(config, dtype=torch.float32), base.folder, folder)
    return folder


def copied_adapters(work: Path, count: int) -> Path:
    """A folder with `count` adapters a01, a02, ...: the triage adapter, each scaled a little differently."""
    from safetensors.numpy import load_file, save_file

    folder = work / "adapters"
    source = registry.BUNDLED / "adapters" / "triage"
    weights = load_file(source / "adapter_model.safetensors")
    for number in range(1, count + 1):
        place = folder / f"a{number:02d}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "adapter_config.json", place)
        scaled = {name: (value * (1 + number / 1000)).astype(value.dtype) for name, value in weights.items()}
        save_file(scaled, place / "adapter_model.safetensors")
    return folder


def alias(work: Path, names: Sequence[str]) -> None:
    """Lets these names stand for the triage model where only speed is measured, which weights do not change."""
    for name in names:
        place = work / "models" / name
        if not place.exists():
            place.symlink_to("triage", target_is_directory=True)


def parameters(folder: Path) -> dict[str, int]:
    """Shape numbers of a model folder, from its config."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return {name: value for name, value in config.items() if isinstance(value, int) and not isinstance(value, bool)}


def _write(model: Any, base: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder, safe_serialization=True)
    for name in TOKENIZER_FILES:
        shutil.copy(base / name, folder)
    for name, kind in FORMATS.items():
        gguf.export(folder, folder / f"{name}.gguf", kind)
