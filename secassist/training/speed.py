"""How training computes: rounded to bf16 where the processor multiplies that in hardware, and fused by the compiler."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Literal

import torch
from torch.nn.functional import pad

Precision = Literal["auto", "fp32", "bf16"]
WIDTH = 64
"""Batches are padded to a multiple of it when compiled, so that few shapes have to be compiled."""


def has_bf16(device: torch.device) -> bool:
    """Whether products of bf16 are faster than of fp32 there: a GPU that says so, or a CPU with AMX.

    AVX-512 BF16 without AMX does not count: there a step took twice as long as in fp32 when it was measured.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    flags = Path("/proc/cpuinfo")
    found = flags.read_text(encoding="utf-8").split() if device.type == "cpu" and flags.is_file() else []
    return "amx_bf16" in found


def mixed(precision: Precision, device: torch.device) -> AbstractContextManager[Any]:
    """The context a loss is computed in; weights, gradients and optimizer stay fp32 (Micikevicius et al. 2018)."""
    rounded = precision == "bf16" or (precision == "auto" and has_bf16(device))
    return torch.autocast(device.type, dtype=torch.bfloat16) if rounded else nullcontext()


def fuse(model: Any, *, compiled: bool) -> None:
    """Compiles a causal model's body in place (its first two steps then take a minute, and need a C++ compiler)."""
    if compiled:
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        inner.model.forward = torch.compile(inner.model.forward, dynamic=True)


def widen(*tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The same (batch, width) tensors with zeros on the right, up to a multiple of WIDTH."""
    return tuple(pad(tensor, (0, -tensor.shape[1] % WIDTH)) for tensor in tensors)
