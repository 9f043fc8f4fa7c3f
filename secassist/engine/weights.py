"""Weights: a Llama-shaped model taken apart into the few packed matrices that a pass needs, with its LoRA adapters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from secassist.engine.matrices import Matrix, Precision, dtype, pack

SHAPES = frozenset({"llama", "mistral", "qwen2", "qwen3"})
"""Model types whose layers are: norm, rotary attention with shared key heads, norm, gated SiLU."""
STATIC_ROPE = frozenset({"default", "linear", "llama3", "yarn"})
"""Rotary scalings whose frequencies do not depend on the length of the input."""
PARTS = ("qkv", "o", "gate_up", "down")


@dataclass(frozen=True)
class Shape:
    """Sizes of a model; `context` in tokens, `scaling` multiplies the rotary cosines and sines."""

    layers: int
    heads: int
    key_heads: int
    head: int
    hidden: int
    inner: int
    vocabulary: int
    context: int
    epsilon: float
    scaling: float = 1.0


@dataclass(frozen=True)
class Layer:
    """One layer of the base, unpacked, each matrix (out, in)."""

    first_norm: Tensor
    second_norm: Tensor
    matrices: Mapping[str, Tensor]
    bias: Tensor | None = None
    query_norm: Tensor | None = None
    key_norm: Tensor | None = None


@dataclass(frozen=True)
class Low:
    """A LoRA change of one matrix: its product up @ down (out, rank) @ (rank, in) is added, the scale already in `up`."""

    down: Tensor
    up: Tensor


Change = Mapping[tuple[int, str], Low]
"""What an adapter changes: by layer number and part."""


@dataclass
class Weights:
    """The whole model. `frequencies` are the inverse rotary frequencies (head / 2)."""

    shape: Shape
    embedding: Tensor
    layers: list[Layer]
    norm: Tensor
    output: Tensor
    frequencies: Tensor


def unsuited(config: Any) -> str:
    """Why a Hugging Face configuration cannot be run by our own pass, "" if it can."""
    kind = getattr(config, "model_type", "")
    if kind not in SHAPES:
        return f"models of type {kind!r} have layers of another make"
    window = getattr(config, "sliding_window", None)
    if window and getattr(config, "use_sliding_window", True) and window < config.max_position_embeddings:
        return f"its attention looks back {window} tokens only"
    if getattr(config, "hidden_act", "silu") not in ("silu", "swish"):
        return f"its activation is {config.hidden_act}"
    rope = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    if rope not in STATIC_ROPE:
        return f"its rotary scaling {rope!r} depends on the input's length"
    if getattr(config, "mlp_bias", False):
        return "its feed-forward layers have biases"
    if kind == "llama" and getattr(config, "attention_bias", False):
        return "its attention output has a bias"
    return ""


def shape_of(config: Any) -> Shape:
    """Sizes from a Hugging Face configuration."""
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return Shape(
        layers=config.num_hidden_layers,
        heads=config.num_attention_heads,
        key_heads=config.num_key_value_heads,
        head=head,
        hidden=config.hidden_size,
        inner=config.intermediate_size,
        vocabulary=config.vocab_size,
        context=config.max_position_embeddings,
        epsilon=config.rms_norm_eps,
    )


def frequencies(config: Any, theta: float) -> Tensor:
    """Inverse rotary frequencies (head / 2) without scaling: theta to the power of -2i / head."""
    head = shape_of(config).head
    return 1.0 / theta ** (torch.arange(0, head, 2, dtype=torch.float32) / head)


def take_apart(model: Any) -> Weights:
    """The weights of a Hugging Face model of one of our SHAPES; raises KeyError when a tensor is missing."""
    rotary = model.model.rotary_emb
    shape = replace(shape_of(model.config), scaling=float(rotary.attention_scaling))
    return from_state(model.state_dict(), shape, rotary.inv_freq.detach().float())


def from_state(state: Mapping[str, Tensor], shape: Shape, inverse: Tensor) -> Weights:
    """The weights from named tensors as Hugging Face saves them; raises KeyError when one is missing."""
    state = {name: tensor.detach().float() for name, tensor in state.items()}
    return Weights(
        shape=shape,
        embedding=state["model.embed_tokens.weight"],
        layers=[_layer(state, number) for number in range(shape.layers)],
        norm=state["model.norm.weight"],
        output=state.get("lm_head.weight", state["model.embed_tokens.weight"]),
        frequencies=inverse,
    )


def _layer(state: Mapping[str, Tensor], number: int) -> Layer:
    at = f"model.layers.{number}."
    attention, feed = f"{at}self_attn.", f"{at}mlp."
    biases = [state[f"{attention}{x}_proj.bias"] for x in "qkv" if f"{attention}{x}_proj.bias" in state]
    return Layer(
        first_norm=state[f"{at}input_layernorm.weight"],
        second_norm=state[f"{at}post_attention_layernorm.weight"],
        matrices={
            "qkv": torch.cat([state[f"{attention}{x}_proj.weight"] for x in "qkv"]),
            "o": state[f"{attention}o_proj.weight"],
            "gate_up": torch.cat([state[f"{feed}{x}_proj.weight"] for x in ("gate", "up")]),
            "down": state[f"{feed}down_proj.weight"],
        },
        bias=torch.cat(biases) if biases else None,
        query_norm=state.get(f"{attention}q_norm.weight"),
        key_norm=state.get(f"{attention}k_norm.weight"),
    )


PROJECTIONS = {
    "self_attn.q_proj": "qkv",
    "self_attn.k_proj": "qkv",
    "self_attn.v_proj": "qkv",
    "self_attn.o_proj": "o",
    "mlp.gate_proj": "gate_up",
    "mlp.up_proj": "gate_up",
    "mlp.down_proj": "down",
}


def lora_change(shape: Shape, deltas: Mapping[tuple[int, str], Low]) -> Change:
    """An adapter's changes by projection (as in PROJECTIONS) joined into changes of our fused matrices."""
    joined: dict[tuple[int, str], Low] = {}
    for number in range(shape.layers):
        for part in PARTS:
            names = [name for name, fused in PROJECTIONS.items() if fused == part]
            found = [(name, deltas[number, name]) for name in names if (number, name) in deltas]
            if found:
                joined[number, part] = _join(shape, part, found)
    return joined


def _join(shape: Shape, part: str, found: list[tuple[str, Low]]) -> Low:
    """Downs under each other, ups each in the rows of its projection."""
    rows = _rows(shape, part)
    total = max(end for _, end in rows.values())
    down = torch.cat([low.down for _, low in found])
    up = torch.zeros(total, len(down))
    column = 0
    for name, low in found:
        start, end = rows[name]
        up[start:end, column : column + len(low.down)] = low.up
        column += len(low.down)
    return Low(down.contiguous(), up)


def _rows(shape: Shape, part: str) -> dict[str, tuple[int, int]]:
    """Where each projection's outputs lie in the fused matrix."""
    sizes = {
        "self_attn.q_proj": shape.heads * shape.head,
        "self_attn.k_proj": shape.key_heads * shape.head,
        "self_attn.v_proj": shape.key_heads * shape.head,
        "self_attn.o_proj": shape.hidden,
        "mlp.gate_proj": shape.inner,
        "mlp.up_proj": shape.inner,
        "mlp.down_proj": shape.hidden,
    }
    rows, start = {}, 0
    for name, fused in PROJECTIONS.items():
        if fused == part:
            rows[name] = (start, start + sizes[name])
            start += sizes[name]
    return rows


class Bank:
    """One part of one layer for every adapter: merged copies while they are small, low-rank side paths beyond.

    A side path costs two thin products a row and a few kilobytes an adapter; a merged copy costs nothing a row.
    """

    def __init__(self, weight: Tensor, precision: Precision) -> None:
        self._weight = weight
        self._precision = precision
        self._dtype = dtype(precision)
        self._packed: dict[str, Matrix] = {"": pack(weight, precision)}
        self._side: dict[str, tuple[Matrix, Matrix]] = {}

    def add(self, adapter: str, low: Low | None, merge: bool) -> None:
        """Makes an adapter known; None if it leaves this part alone."""
        if low is None:
            self._packed[adapter] = self._packed[""]
        elif merge:
            self._packed[adapter] = pack(self._weight + low.up @ low.down, self._precision)
        else:
            precision: Precision = "fp32" if self._precision == "int8" else self._precision
            self._side[adapter] = (pack(low.down, precision), pack(low.up, precision))

    def __call__(self, rows: Tensor, spans: list[tuple[str, int, int]]) -> Tensor:
        """(rows, out) for rows that stand in spans (adapter, start, end), one after the other."""
        if len(spans) == 1 and spans[0][0] in self._packed:
            return self._packed[spans[0][0]](rows)
        if any(adapter in self._side for adapter, _, _ in spans):
            return self._with_sides(rows, spans)
        out = torch.empty(len(rows), len(self._weight), dtype=self._dtype, device=rows.device)
        for adapter, start, end in spans:
            self._packed[adapter](rows[start:end], out[start:end])
        return out

    def _with_sides(self, rows: Tensor, spans: list[tuple[str, int, int]]) -> Tensor:
        out = self._packed[""](rows)
        for adapter, start, end in spans:
            if adapter in self._side:
                down, up = self._side[adapter]
                out[start:end] += up(down(rows[start:end]))
            elif adapter:
                out[start:end] = self._packed[adapter](rows[start:end])
        return out
