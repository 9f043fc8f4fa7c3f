"""Pretraining of the base: packed sequences, checkpoints with exact resume."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from secassist.training import checkpoint, losses
from secassist.training.optimizing import Optimizers
from secassist.training.speed import Precision, fuse, mixed

Tokens = np.ndarray[Any, np.dtype[np.int32]]


@dataclass(frozen=True)
class Recipe:
    """Sizes are counts; `batch` sequences of `length` tokens per step; rates are peak learning rates."""

    vocabulary: int = 8192
    hidden: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    feed_forward: int = 688
    positions: int = 2048
    length: int = 512
    batch: int = 12
    steps: int = 1000
    warmup: int = 40
    matrix_rate: float = 0.02
    other_rate: float = 2e-3
    decay_to: float = 0.05
    weight_decay: float = 0.05
    checkpoint_every: int = 100
    seed: int = 7
    threads: int = 2
    precision: Precision = "auto"
    compiled: bool = False
    device: str = "cpu"


def build_model(recipe: Recipe) -> nn.Module:
    """A Llama-shaped model with tied embeddings and random weights, fixed by the recipe's seed."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(recipe.seed)
    config = LlamaConfig(
        vocab_size=recipe.vocabulary,
        hidden_size=recipe.hidden,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        num_key_value_heads=recipe.kv_heads,
        intermediate_size=recipe.feed_forward,
        max_position_embeddings=recipe.positions,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=1,
    )
    return LlamaForCausalLM(config)


def batches(tokens: Tokens, recipe: Recipe, start: int) -> Iterator[torch.Tensor]:
    """Batches (batch, length) of int64 from step `start` on; the order depends on the seed and the step only."""
    windows = len(tokens) // recipe.length
    per_epoch = windows // recipe.batch
    if per_epoch == 0:
        raise ValueError(f"{len(tokens)} tokens do not fill one batch of {recipe.batch} x {recipe.length}")
    for step in range(start, recipe.steps):
        epoch, index = divmod(step, per_epoch)
        order = np.random.default_rng([recipe.seed, epoch]).permutation(windows)
        chosen = order[index * recipe.batch : (index + 1) * recipe.batch]
        rows = np.stack([tokens[w * recipe.length : (w + 1) * recipe.length] for w in chosen])
        yield torch.from_numpy(rows.astype(np.int64))


def pretrain(
    recipe: Recipe,
    tokens: Tokens,
    validation: dict[str, Tokens],
    folder: Path,
    *,
    initial: Path | None = None,
    log: Callable[[str], None] = print,
) -> Path:
    """Trains (or resumes) in `folder` and returns the folder of the finished model (safetensors).

    The same recipe and tokens give the same losses whether or not the run was interrupted in between. `initial` is a
    model folder to start from instead of random weights.
    """
    torch.set_num_threads(recipe.threads)
    folder.mkdir(parents=True, exist_ok=True)
    model = build_model(recipe) if initial is None else _given(initial)
    model.to(recipe.device)
    optimizers = Optimizers(
        model,
        recipe,
        muon=True,
        matrix_rate=recipe.matrix_rate,
        other_rate=recipe.other_rate,
        weight_decay=recipe.weight_decay,
    )
    start = _resume(folder, model, optimizers)
    losses.cut(folder, start)
    fuse(model, compiled=recipe.compiled)
    began = time.monotonic()
    for number, batch in enumerate(batches(tokens, recipe, start), start=start):
        loss = _stepped(model, optimizers, batch, recipe, number)
        losses.record(folder, {"step": number, "loss": loss})
        if number % 20 == 0:
            rate = (number - start + 1) * recipe.batch * recipe.length / (time.monotonic() - began)
            log(f"step {number}/{recipe.steps} loss {loss:.4f} {rate:.0f} tokens/s")
        if (number + 1) % recipe.checkpoint_every == 0 or number + 1 == recipe.steps:
            checkpoint.save(folder, number + 1, optimizers.pair, model=model.state_dict())
            held = {name: validation_loss(model, rows, recipe) for name, rows in validation.items()}
            losses.record(folder, {"step": number, "validation": held})
            log(f"step {number} validation " + " ".join(f"{k}={v:.3f}" for k, v in held.items()))
    final = folder / "model"
    model.save_pretrained(str(final), safe_serialization=True)  # type: ignore[operator]
    (final / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
    losses.curve(folder, final / "losses.svg", f"Base model, {recipe.steps} steps")
    return final


def _given(folder: Path) -> nn.Module:
    from transformers import AutoModelForCausalLM

    found: nn.Module = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, dtype=torch.float32)
    return found


def _stepped(model: nn.Module, optimizers: Optimizers, batch: torch.Tensor, recipe: Recipe, number: int) -> float:
    """One update on a batch (batch, length); the loss before it, in nats per token."""
    rows = batch.to(recipe.device)
    with mixed(recipe.precision, rows.device):
        loss = model(input_ids=rows, labels=rows).loss
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizers.step(number)
    return float(loss.item())


@torch.no_grad()
def validation_loss(model: nn.Module, tokens: Tokens, recipe: Recipe, windows: int = 16) -> float:
    """Mean loss in nats per token over the first windows."""
    model.eval()
    count = min(windows, len(tokens) // recipe.length)
    rows = torch.from_numpy(tokens[: count * recipe.length].reshape(count, recipe.length).astype(np.int64))
    rows = rows.to(recipe.device)
    loss = float(model(input_ids=rows, labels=rows).loss.item()) if count else float("nan")
    model.train()
    return loss


def _resume(folder: Path, model: nn.Module, optimizers: Optimizers) -> int:
    state = checkpoint.load(folder)
    if state is None:
        return 0
    model.load_state_dict(state["model"])
    return checkpoint.restore(state, optimizers.pair)
