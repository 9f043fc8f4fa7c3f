"""Optimizing: Muon and AdamW stepped together, their rates on a warm-up and a cosine."""

import math
from typing import Protocol

import torch
from torch import nn


class Schedule(Protocol):
    """What a learning-rate schedule is made of; steps are counts."""

    @property
    def steps(self) -> int: ...
    @property
    def warmup(self) -> int: ...
    @property
    def decay_to(self) -> float: ...


def rate_at(step: int, schedule: Schedule) -> float:
    """Share of the peak rate: linear warm-up, then a cosine down to `decay_to`."""
    if step < schedule.warmup:
        return (step + 1) / schedule.warmup
    done = (step - schedule.warmup) / max(1, schedule.steps - schedule.warmup)
    return schedule.decay_to + (1 - schedule.decay_to) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


class Optimizers:
    """Muon for the matrices inside the layers (or not), AdamW for the rest, stepped together on one schedule."""

    def __init__(
        self,
        model: nn.Module,
        schedule: Schedule,
        *,
        muon: bool,
        matrix_rate: float,
        other_rate: float,
        weight_decay: float = 0.0,
    ) -> None:
        learned = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        matrices = [p for name, p in learned if muon and p.ndim == 2 and "layers" in name]
        others = [p for name, p in learned if not (muon and p.ndim == 2 and "layers" in name)]
        self.schedule = schedule
        self.rates = [other_rate]
        self.pair: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(others, lr=other_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True)
        ]
        if matrices:
            self.rates.append(matrix_rate)
            self.pair.append(torch.optim.Muon(matrices, lr=matrix_rate, weight_decay=weight_decay, momentum=0.95))

    def step(self, number: int) -> None:
        """One update with the rates of step `number`; gradients are cleared."""
        share = rate_at(number, self.schedule)
        for optimizer, peak in zip(self.pair, self.rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = peak * share
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
