"""Weights from disk: read straight from safetensors where the shape is ours, through transformers and peft elsewhere."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from secassist import registry
from secassist.engine import weights as parts
from secassist.engine.weights import Change, Low, Shape, Weights
from secassist.errors import ModelError

LAYER = "base_model.model.model.layers."
PLAIN = {"peft_type": "LORA", "bias": "none", "fan_in_fan_out": False, "use_dora": False}
"""Settings of a LoRA adapter that is nothing but two thin matrices per projection."""
VIRTUAL = {"PROMPT_TUNING", "PREFIX_TUNING", "P_TUNING", "MULTITASK_PROMPT_TUNING", "ADAPTION_PROMPT"}
"""Kinds of adapters that put learned tokens before the prompt."""
ABSENT = ("rank_pattern", "alpha_pattern", "modules_to_save", "trainable_token_indices", "target_parameters")


def read_base(base: registry.Weights) -> Weights | None:
    """The base taken apart, or None where only transformers can load it; raises ModelError when it is damaged."""
    config = SimpleNamespace(**_json(base.folder / "config.json"))
    rope = getattr(config, "rope_parameters", None) or {}
    theta = rope.get("rope_theta", getattr(config, "rope_theta", None))
    if parts.unsuited(config) or theta is None or rope.get("rope_type", "default") != "default":
        return None
    if getattr(config, "rope_scaling", None):
        return None
    try:
        return parts.from_state(_tensors(base.folder), parts.shape_of(config), parts.frequencies(config, theta))
    except (AttributeError, KeyError, ValueError, RuntimeError) as error:
        raise ModelError(f"{base.folder}: cannot be loaded: {error}") from error


def read_change(adapter: registry.Weights, shape: Shape) -> Change | None:
    """A plain LoRA adapter's changes, or None where only peft can apply them; raises ModelError when it does not fit."""
    config = _json(adapter.folder / "adapter_config.json")
    plain = all(config.get(name, value) == value for name, value in PLAIN.items())
    if not plain or any(config.get(name) for name in ABSENT):
        return None
    rank = int(config["r"])
    scale = config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank)
    tensors = _tensors(adapter.folder)
    deltas: dict[tuple[int, str], Low] = {}
    for name, down in tensors.items():
        place = _place(name)
        if place is None:
            return None
        if name.endswith("lora_A.weight"):
            up = tensors[name.replace("lora_A", "lora_B")]
            deltas[place] = Low(down.float(), up.float() * scale)
    try:
        return parts.lora_change(shape, deltas)
    except RuntimeError as error:
        raise ModelError(f"{adapter.folder}: cannot be loaded: it was made for another base: {error}") from error


def _place(name: str) -> tuple[int, str] | None:
    """Layer number and projection that a tensor of an adapter belongs to."""
    if not name.startswith(LAYER) or not name.endswith((".lora_A.weight", ".lora_B.weight")):
        return None
    number, _, rest = name[len(LAYER) :].partition(".")
    projection = rest.rsplit(".", 2)[0]
    return (int(number), projection) if number.isdigit() and projection in parts.PROJECTIONS else None


def _tensors(folder: Path) -> Mapping[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    found: dict[str, Any] = {}
    for path in sorted(path for path in folder.glob("*.safetensors") if path.name not in registry.VOICES):
        try:
            found |= load_file(path)
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{folder}: cannot be loaded: {path.name}: {error}") from error
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path.parent}: cannot be loaded: {path.name}: {error}") from error
    if not isinstance(found, dict):
        raise ModelError(f"{path.parent}: cannot be loaded: {path.name} holds no JSON object")
    return found


def load_model(base: registry.Weights, adapter: registry.Weights | None) -> Any:
    """The base in fp32 through transformers, with the adapter's LoRA weights merged in by peft."""
    import warnings

    import torch
    import transformers
    from safetensors import SafetensorError
    from transformers.utils import logging

    if adapter is not None:
        _refuse_virtual(adapter)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # peft 0.21 reads a name that transformers 5.23 calls deprecated; nothing a user could do about it
    warnings.filterwarnings("ignore", message=".is_gradient_checkpointing.", category=FutureWarning)
    try:
        given = {"trust_remote_code": False, "local_files_only": True}
        config = transformers.AutoConfig.from_pretrained(base.folder, **given)
        kind = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
        model = kind.from_pretrained(base.folder, use_safetensors=True, dtype=torch.float32, **given)
        if adapter is None:
            return model
        from peft import PeftModel

        return PeftModel.from_pretrained(model, str(adapter.folder), use_safetensors=True).merge_and_unload()
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        where = adapter.folder if adapter else base.folder
        raise ModelError(f"{where}: cannot be loaded: {error}") from error


def _refuse_virtual(adapter: registry.Weights) -> None:
    """Raises ModelError for adapters that are virtual tokens: nothing of theirs can be merged."""
    kind = str(_json(adapter.folder / "adapter_config.json").get("peft_type"))
    if kind in VIRTUAL:
        raise ModelError(f"{adapter.folder}: {kind} is for comparison and is not served; train it with --method lora")
