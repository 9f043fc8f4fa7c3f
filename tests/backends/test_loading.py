"""Weights read straight from safetensors are those that transformers and peft would load."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from secassist import registry
from secassist.backends._loading import load_model, read_base, read_change
from secassist.config import Settings
from secassist.engine.decoder import Decoder
from secassist.engine.plain import Plain
from secassist.engine.weights import take_apart
from secassist.errors import ModelError
from secassist.registry import witness


def changed(folder: Path, tmp_path: Path, name: str, **values: Any) -> Path:
    """A copy with some settings changed."""
    copied = Path(shutil.copytree(folder, tmp_path / folder.name))
    config = json.loads((copied / name).read_text())
    (copied / name).write_text(json.dumps(config | values))
    return copied


def weights(folder: Path, marker: str = "adapter_config.json") -> registry.Weights:
    return registry.weights._weights(folder, marker)


def test_the_base(base: Path) -> None:
    ours, theirs = read_base(registry.base(str(base))), take_apart(load_model(registry.base(str(base)), None))
    assert ours is not None
    assert ours.shape == theirs.shape
    for mine, other in zip(ours.layers, theirs.layers, strict=True):
        assert all(torch.equal(mine.matrices[part], other.matrices[part]) for part in mine.matrices)
    assert torch.equal(ours.embedding, theirs.embedding)
    assert torch.equal(ours.output, theirs.output)
    assert torch.allclose(ours.frequencies, theirs.frequencies, rtol=1e-6)


def test_an_adapter_merges_as_peft_merges_it(base: Path, adapters: Path) -> None:
    plain = read_base(registry.base(str(base)))
    assert plain is not None
    change = read_change(weights(adapters / "triage"), plain.shape)
    assert change
    merged = take_apart(load_model(registry.base(str(base)), weights(adapters / "triage")))
    for number, (mine, theirs) in enumerate(zip(plain.layers, merged.layers, strict=True)):
        for part, matrix in mine.matrices.items():
            low = change.get((number, part))
            got = matrix if low is None else matrix + low.up @ low.down
            assert torch.allclose(got, theirs.matrices[part], atol=1e-6)
            assert low is None or not torch.allclose(matrix, got, atol=1e-6), "the adapter changes something"


def test_the_bundled_model_needs_no_transformers() -> None:
    plain = read_base(registry.base("bundled"))
    assert plain is not None
    for adapter in registry.adapters("bundled"):
        assert read_change(adapter, plain.shape)


@pytest.mark.parametrize(
    "values", [{"use_dora": True}, {"alpha_pattern": {"q_proj": 3}}, {"bias": "all"}, {"modules_to_save": ["lm_head"]}]
)
def test_what_is_more_than_plain_lora_is_left_to_peft(
    base: Path, adapters: Path, tmp_path: Path, values: dict[str, Any]
) -> None:
    plain = read_base(registry.base(str(base)))
    assert plain is not None
    copied = changed(adapters / "triage", tmp_path, "adapter_config.json", **values)
    assert read_change(weights(copied), plain.shape) is None


def test_scaled_rotary_positions_are_left_to_transformers(base: Path, tmp_path: Path) -> None:
    rope = {"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}
    copied = changed(base, tmp_path, "config.json", rope_parameters=rope)
    assert read_base(registry.base(str(copied))) is None


def test_a_missing_tensor_is_named(base: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copied = Path(shutil.copytree(base, tmp_path / "base"))
    tensors = load_file(copied / "model.safetensors")
    tensors.pop("model.norm.weight")
    save_file(tensors, copied / "model.safetensors")
    with pytest.raises(ModelError, match=r"model\.norm\.weight"):
        read_base(registry.base(str(copied)))


def test_an_adapter_of_another_size_is_refused(base: Path, adapters: Path) -> None:
    from dataclasses import replace

    plain = read_base(registry.base(str(base)))
    assert plain is not None
    with pytest.raises(ModelError, match="another base"):
        read_change(weights(adapters / "triage"), replace(plain.shape, heads=8, hidden=64))


def test_the_backend_takes_our_pass_or_says_why_not(
    settings: Settings, base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from secassist.backends.local import LocalBackend

    assert isinstance(LocalBackend(settings)._shared().runner, Decoder)
    copied = changed(base, tmp_path, "config.json", mlp_bias=True)
    odd = LocalBackend(settings.model_copy(update={"model": str(copied)}))
    assert isinstance(odd._shared().runner, Plain)
    assert "feed-forward layers have biases" in caplog.text


def test_a_witness_beside_an_adapter_is_none_of_its_weights(base: Path, adapters: Path, tmp_path: Path) -> None:
    """An adapter with one still goes through the shared engine."""

    import numpy as np
    from safetensors.numpy import save_file

    folder = Path(shutil.copytree(adapters / "triage", tmp_path / "triage"))
    plain = read_base(registry.base(str(base)))
    assert plain is not None
    save_file({"weights": np.zeros(4, np.float16)}, str(folder / witness.FILE))
    assert read_change(weights(folder), plain.shape) is not None
