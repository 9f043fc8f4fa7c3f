"""Checkpoints of a run: written whole or not at all, so that a stopped run goes on where the last one was made."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

NAME = "checkpoint.pt"


def save(folder: Path, step: int, optimizers: Sequence[torch.optim.Optimizer], **state: Any) -> None:
    """Replaces the checkpoint in `folder`; `step` is the number of steps done, `state` what else the run needs.

    Written aside and renamed: who is stopped in between keeps the one before. Tensors, numbers and text only.
    """
    aside = folder / "checkpoint.tmp"
    torch.save({**state, "optimizers": [one.state_dict() for one in optimizers], "step": step}, aside)
    aside.replace(folder / NAME)


def load(folder: Path) -> dict[str, Any] | None:
    """What `save` wrote in `folder`, or None."""
    path = folder / NAME
    return torch.load(path, weights_only=True) if path.exists() else None


def restore(
    state: dict[str, Any], optimizers: Sequence[torch.optim.Optimizer], learned: Sequence[torch.Tensor] = ()
) -> int:
    """Puts a loaded state back and returns the number of steps done; `learned` are filled from its "learned", in order."""
    with torch.no_grad():
        for parameter, saved in zip(learned, state["learned"] if learned else (), strict=True):
            parameter.copy_(saved)
    for optimizer, saved in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    return int(state["step"])
