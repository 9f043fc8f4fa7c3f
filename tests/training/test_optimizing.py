"""The rates of a run, and which weights Muon steps."""

import pytest
import torch

from secassist.training.optimizing import Optimizers, rate_at
from secassist.training.pretraining import Recipe, build_model

TINY = Recipe(vocabulary=64, hidden=16, layers=1, heads=2, kv_heads=1, feed_forward=24, steps=8, warmup=2)


def test_the_rate_rises_then_falls_to_its_end() -> None:
    assert rate_at(0, TINY) == pytest.approx(0.5)
    assert rate_at(2, TINY) == pytest.approx(1.0)
    assert rate_at(8, TINY) == pytest.approx(TINY.decay_to)


def test_a_step_changes_matrices_and_the_rest_and_clears_gradients() -> None:
    model = build_model(TINY)
    optimizers = Optimizers(model, TINY, muon=True, matrix_rate=0.02, other_rate=2e-3)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    rows = torch.arange(32).reshape(2, 16)
    model(input_ids=rows, labels=rows).loss.backward()
    optimizers.step(0)
    after = dict(model.named_parameters())
    assert all(not torch.equal(before[name], after[name]) for name in before)
    assert all(value.grad is None for value in after.values())
    assert [group["lr"] for one in optimizers.pair for group in one.param_groups] == [1e-3, 0.01]


def test_without_muon_everything_is_stepped_by_one() -> None:
    model = build_model(TINY)
    (only,) = Optimizers(model, TINY, muon=False, matrix_rate=0.02, other_rate=2e-3).pair
    assert sum(len(group["params"]) for group in only.param_groups) == len(list(model.parameters()))
