"""Models and adapters: found by folder, named by digest, refused when they could run code."""

from pathlib import Path

import pytest

from secassist import registry
from secassist.errors import ModelError
from tests.registry.folders import adapter, model


def digest(folder: Path) -> str:
    registry.weights._weights.cache_clear()
    return registry.base(str(folder)).digest


def test_a_model_is_a_folder_with_a_digest(tmp_path: Path) -> None:
    found = registry.base(str(model(tmp_path / "tiny")))
    assert (found.name, found.folder, len(found.digest)) == ("tiny", tmp_path / "tiny", 64)


def test_equal_content_has_equal_digests(tmp_path: Path) -> None:
    assert digest(model(tmp_path / "a")) == digest(model(tmp_path / "b"))
    assert digest(model(tmp_path / "a")) != digest(model(tmp_path / "c", b"other"))


@pytest.mark.parametrize(
    "name", ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "calibration.json", "merges.txt"]
)
def test_what_shapes_an_answer_counts_for_the_digest(tmp_path: Path, name: str) -> None:
    before = digest(model(tmp_path))
    (tmp_path / name).write_text("{}", encoding="utf-8")
    assert digest(tmp_path) != before


def test_what_does_not_is_left_out(tmp_path: Path) -> None:
    before = digest(model(tmp_path))
    (tmp_path / "README.md").write_text("card", encoding="utf-8")
    assert digest(tmp_path) == before


@pytest.mark.parametrize("name", ["pytorch_model.bin", "x.pt", "x.pkl", "X.PTH", "training_args.bin", "model.h5"])
def test_weights_that_can_run_code_are_refused(tmp_path: Path, name: str) -> None:
    model(tmp_path)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelError, match="convert it to safetensors"):
        registry.base(str(tmp_path))


def test_only_safetensors(tmp_path: Path) -> None:
    model(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"no \.safetensors"):
        registry.base(str(tmp_path))


@pytest.mark.parametrize("setting", ["nowhere", "."])
def test_no_model_there(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        registry.base(str(tmp_path / setting))


def test_adapters_by_analyzer(tmp_path: Path) -> None:
    adapter(tmp_path, "triage")
    adapter(tmp_path, "review")
    (tmp_path / "empty").mkdir()
    assert [weights.name for weights in registry.adapters(str(tmp_path))] == ["review", "triage"]
    found = registry.adapter(str(tmp_path), "triage")
    assert found is not None
    assert found.folder == tmp_path / "triage"
    assert registry.adapter(str(tmp_path), "report") is None
    assert registry.adapters(str(tmp_path / "nowhere")) == ()


def test_an_unsafe_adapter_is_refused(tmp_path: Path) -> None:
    (adapter(tmp_path) / "adapter_model.bin").write_bytes(b"")
    with pytest.raises(ModelError, match="refused"):
        registry.adapter(str(tmp_path), "triage")


def test_the_card_is_optional(tmp_path: Path) -> None:
    folder = model(tmp_path)
    weights = registry.base(str(folder))
    assert registry.card(weights) == {}
    (folder / "training.json").write_text('{"steps": 10}', encoding="utf-8")
    assert registry.card(weights) == {"steps": 10}
