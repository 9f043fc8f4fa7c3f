"""Every method learns through the same lessons, and what cannot run or serve here says so."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from secassist import registry
from secassist.backends._loading import load_model
from secassist.errors import ModelError
from secassist.training import losses, methods
from secassist.training.adapters import Tuning, tune
from secassist.training.lesson import Lesson
from secassist.training.pretraining import Recipe, build_model

TUNING = Tuning(rank=2, alpha=4, batch=8, steps=40, warmup=2, rate=5e-2, length=64, threads=1, checkpoint_every=100)


@pytest.fixture(scope="module")
def base(tokenizer_folder: Path, lessons: list[Lesson], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base that has learned the lessons with all its weights."""
    folder = tmp_path_factory.mktemp("base")
    model = build_model(Recipe(vocabulary=400, hidden=32, layers=1, heads=2, kv_heads=1, feed_forward=64))
    model.save_pretrained(str(folder))  # type: ignore[operator]
    for path in tokenizer_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    full = replace(TUNING, method="full", steps=100, rate=4e-3)
    return tune(folder, lessons, full, tmp_path_factory.mktemp("full"), lambda _: None)


@pytest.mark.parametrize("method", [name for name in methods.METHODS if name != "qlora"])
def test_a_method_learns(base: Path, lessons: list[Lesson], tmp_path: Path, method: methods.Method) -> None:
    """What the base has not: another answer to the same questions."""
    other = [one.model_copy(update={"answer": '{"decision":"suspicious"}'}) for one in lessons]
    folder = tune(base, other, replace(TUNING, method=method), tmp_path, lambda _: None)
    found = [row["loss"] for row in losses.rows(tmp_path)]
    assert sum(found[-5:]) < (0.95 if method in ("prompt", "ptuning") else 0.7) * sum(found[:5])
    assert list(folder.glob("*.safetensors"))
    assert not list(folder.glob("*.bin"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine may have what QLoRA needs")
def test_qlora_says_what_it_needs(base: Path, lessons: list[Lesson], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"qlora needs a CUDA device.*use --method lora"):
        tune(base, lessons, replace(TUNING, method="qlora"), tmp_path, lambda _: None)


def test_what_is_for_comparison_is_not_served(base: Path, lessons: list[Lesson], tmp_path: Path) -> None:
    folder = tune(base, lessons, replace(TUNING, method="prefix", steps=2), tmp_path, lambda _: None)
    shutil.copytree(folder, tmp_path / "set" / "triage")
    weights = registry.adapter(str(tmp_path / "set"), "triage")
    with pytest.raises(ModelError, match="PREFIX_TUNING is for comparison"):
        load_model(registry.base(str(base)), weights)


def test_only_lora_goes_on_from_an_adapter(base: Path, lessons: list[Lesson], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="only LoRA goes on"):
        tune(base, lessons, replace(TUNING, method="prompt"), tmp_path, lambda _: None, initial=tmp_path)
