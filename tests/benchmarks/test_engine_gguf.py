"""GGUF files: what is written can be read back by the format's rules."""

import struct
from pathlib import Path

import numpy as np
import pytest

from benchmarks.engine import gguf
from secassist import registry

BASE = registry.BUNDLED / "base"


def test_the_head_counts_tensors_and_the_data_is_aligned(tmp_path: Path) -> None:
    out = tmp_path / "model.gguf"
    gguf.export(BASE, out)
    head = out.read_bytes()[:24]
    assert head[:4] == b"GGUF"
    version, tensors, fields = struct.unpack("<IQQ", head[4:])
    assert (version, tensors) == (3, 2 + 6 * 9)
    assert fields > 20
    assert out.stat().st_size % gguf.ALIGNMENT == 0


def test_eight_bit_blocks_come_back_within_half_a_step() -> None:
    weight = np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32)
    packed = np.frombuffer(gguf.quantized(weight), dtype=[("scale", "<f2"), ("steps", "i1", (32,))])
    back = (packed["scale"][:, None].astype(np.float32) * packed["steps"]).reshape(weight.shape)
    assert np.abs(back - weight).max() <= 0.51 * np.abs(weight).max() / 127 * 1.1
    assert len(gguf.quantized(weight)) == 4 * 64 // 32 * 34


def test_a_block_of_zeros_stays_zero() -> None:
    assert not any(gguf.quantized(np.zeros((1, 32), dtype=np.float32)))


def test_rows_of_a_head_are_interleaved() -> None:
    weight = np.arange(8, dtype=np.float32)[:, None]
    assert gguf.interleaved(weight, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_a_tensor_of_another_architecture_is_refused() -> None:
    with pytest.raises(ValueError, match="no such tensor"):
        gguf._named("model.layers.0.self_attn.q_norm.weight")
