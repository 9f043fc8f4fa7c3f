"""Models and adapters: found by folder, named by digest, refused when they could run code."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secassist import registry
from secassist.calibrating import calibrated
from secassist.errors import ModelError
from secassist.registry import Calibration


@pytest.fixture(autouse=True)
def fresh() -> None:
    registry._weights.cache_clear()


def model(folder: Path, weights: bytes = b"w") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def adapter(folder: Path, name: str = "triage") -> Path:
    inner = folder / name
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "adapter_config.json").write_text("{}", encoding="utf-8")
    (inner / "adapter_model.safetensors").write_bytes(name.encode())
    return inner


def digest(folder: Path) -> str:
    registry._weights.cache_clear()
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


class TestCalibration:
    def stored(self, tmp_path: Path, text: str) -> Calibration:
        folder = adapter(tmp_path)
        (folder / "calibration.json").write_text(text, encoding="utf-8")
        return registry.calibration(registry.adapter(str(tmp_path), "triage"))

    def test_none_is_the_identity(self, tmp_path: Path) -> None:
        adapter(tmp_path)
        assert registry.calibration(None) == Calibration()
        assert registry.calibration(registry.adapter(str(tmp_path), "triage")) == Calibration()

    def test_it_stands_beside_the_adapter(self, tmp_path: Path) -> None:
        values = {"slope": 2, "intercept": -0.5, "fit": False, "note": "weak", "bad_above": 0.4, "items": 900}
        assert self.stored(tmp_path, json.dumps(values)) == Calibration(2, -0.5, False, "weak", 0.5, 0.4)

    @pytest.mark.parametrize(
        "text", ["", "[]", "nonsense", '{"slope": "2"}', '{"fit": "false"}', '{"fit": 0}', '{"slope": null}']
    )
    def test_a_damaged_one_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ModelError, match=r"calibration\.json"):
            self.stored(tmp_path, text)

    @given(st.floats(0, 1))
    def test_the_identity_changes_nothing(self, probability: float) -> None:
        assert calibrated(probability, Calibration()) == pytest.approx(probability, abs=2e-6)

    def test_slope_and_intercept(self) -> None:
        logit = math.log(0.8 / 0.2)
        expected = 1 / (1 + math.exp(-(0.5 * logit + 1.0)))
        assert calibrated(0.8, Calibration(slope=0.5, intercept=1.0)) == pytest.approx(expected, abs=1e-6)

    @given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 5), st.floats(-3, 3))
    def test_it_keeps_the_order(self, one: float, two: float, slope: float, intercept: float) -> None:
        how = Calibration(slope=slope, intercept=intercept)
        low, high = sorted((one, two))
        assert 0 <= calibrated(low, how) <= calibrated(high, how) <= 1


def test_the_card_is_optional(tmp_path: Path) -> None:
    folder = model(tmp_path)
    weights = registry.base(str(folder))
    assert registry.card(weights) == {}
    (folder / "training.json").write_text('{"steps": 10}', encoding="utf-8")
    assert registry.card(weights) == {"steps": 10}
