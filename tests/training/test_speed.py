"""Which processors compute in bf16 by themselves."""

from pathlib import Path

import pytest
import torch

from secassist.training.speed import has_bf16


@pytest.mark.parametrize(
    ("flags", "rounds"), [("avx2 avx512_bf16", False), ("avx512_bf16 amx_bf16 amx_tile", True), ("", False)]
)
def test_a_processor_rounds_where_it_is_faster(flags: str, rounds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    monkeypatch.setattr(Path, "read_text", lambda _, encoding: f"flags : fpu {flags}\n")
    assert has_bf16(torch.device("cpu")) is rounds
