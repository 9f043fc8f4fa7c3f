"""Matrices: a weight packed for one precision, applied to rows; each row's result depends on that row alone."""

import warnings
from typing import Literal, Protocol

import torch
from torch import Tensor

Precision = Literal["fp32", "bf16", "int8"]


class Matrix(Protocol):
    """(rows, in) -> (rows, out), into `out` if it is given."""

    def __call__(self, rows: Tensor, out: Tensor | None = None) -> Tensor: ...


SMALLEST = 1e-12


def pack(weight: Tensor, precision: Precision) -> Matrix:
    """A weight (out, in) made ready: "fp32" exact, "bf16" for machines that multiply it natively, "int8" for the others."""
    if precision == "bf16":
        return _Half(weight)
    return _Byte(weight) if precision == "int8" else _Full(weight)


def dtype(precision: Precision) -> torch.dtype:
    """The type that activations are kept in between matrices."""
    return torch.bfloat16 if precision == "bf16" else torch.float32


def natively_half() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware; elsewhere it is emulated, at a sixth of fp32's speed."""
    probes = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, name, lambda: False)()) for name in probes)


class _Full:
    """Kept as (in, out), which multiplies few rows up to three times as fast as (out, in)."""

    def __init__(self, weight: Tensor) -> None:
        self._weight = weight.float().t().contiguous()

    def __call__(self, rows: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.mm(rows, self._weight, out=out)


class _Half:
    def __init__(self, weight: Tensor) -> None:
        self._weight = weight.to(torch.bfloat16).contiguous()

    def __call__(self, rows: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.mm(rows.to(torch.bfloat16), self._weight.t(), out=out)


class _Byte:
    """Eight-bit weights per output, eight-bit activations.

    The kernel quantizes by the range of all rows together. Each row is therefore brought to the range -1..1 first and a
    guard row holds both ends, so that the range, and with it a row's result, never depends on its neighbours.
    """

    def __init__(self, weight: Tensor) -> None:
        weight = weight.float()
        scales = weight.abs().amax(1).clamp_min(SMALLEST) / 127
        zeros = torch.zeros(len(weight), dtype=torch.long)
        with warnings.catch_warnings():
            # torch means to replace these tensors; until it does, theirs is the one fast kernel on CPUs without AVX-512
            warnings.simplefilter("ignore", UserWarning)
            quantized = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        self._weight = torch.ops.quantized.linear_prepack(quantized, None)
        self._guard = torch.zeros(1, weight.shape[1])
        self._guard[0, 0], self._guard[0, 1 % weight.shape[1]] = 1.0, -1.0

    def __call__(self, rows: Tensor, out: Tensor | None = None) -> Tensor:
        scale = rows.abs().amax(1, keepdim=True).clamp_min_(SMALLEST)
        guarded = torch.cat([rows / scale, self._guard])
        product: Tensor = torch.ops.quantized.linear_dynamic(guarded, self._weight, reduce_range=True)
        return torch.mul(product[:-1], scale, out=out)
