"""The whole recipe on a tiny scale, and parcels that come out as they went in or say what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from secassist import registry
from secassist.errors import SourceError, UsageError
from secassist.evaluation.split import Part
from secassist.registry import witness
from secassist.training import lesson, parcels, recipes
from secassist.training.lesson import Lesson
from secassist.training.pretraining import Recipe
from secassist.training.whole import Whole, train

TINY = Recipe(
    vocabulary=400, hidden=32, layers=1, heads=2, kv_heads=1, feed_forward=48, length=32, batch=2, warmup=1, threads=1
)


@pytest.fixture
def gathered(tmp_path: Path, tokenizer_folder: Path, lessons: list[Lesson]) -> Path:
    work = tmp_path / "work"
    folder = recipes.Folder(work, lambda _: None)
    (work / "lessons").mkdir(parents=True)
    (work / "tokenizer").mkdir()
    for path in tokenizer_folder.iterdir():
        (work / "tokenizer" / path.name).write_bytes(path.read_bytes())
    worded = [one.model_copy(update={"wording": one.prompt.user}) for one in lessons]
    lesson.write(folder.lessons("triage", Part.TRAIN), worded)
    lesson.write(folder.lessons("triage", Part.CALIBRATION), worded[:12])
    np.save(work / "tokens.npy", np.arange(32 * 2 * 6, dtype=np.int32) % 300)
    np.savez(work / "validation.npz", rows=np.arange(64, dtype=np.int32) % 300)
    return work


def test_packed_trained_elsewhere_cut_joined_and_served(gathered: Path, tmp_path: Path) -> None:
    assert parcels.pack(gathered, tmp_path / "inputs.tar.xz") < 10**6
    away = tmp_path / "away"
    parcels.unpack(tmp_path / "inputs.tar.xz", away)
    whole = Whole(threads=1, share=0.01, steps={"triage": 200}, full_steps=200, recipe=TINY)
    made = train(recipes.Folder(away, lambda _: None), whole)
    parts = parcels.cut(made, tmp_path / "parts", part=50_000)
    assert len(parts) > 2 and all(path.stat().st_size <= 50_000 for path in parts)
    home = parcels.join(tmp_path / "parts", tmp_path / "home")
    there, here = registry.at(made / "adapters" / "triage"), registry.at(home / "adapters" / "triage")
    assert there.digest == here.digest
    assert registry.base(str(home / "base")).digest == registry.base(str(made / "base")).digest
    assert json.loads((here.folder / "training.json").read_text())["base"] == registry.base(str(home / "base")).digest
    assert witness.load(here.folder) is not None and (here.folder / "calibration.json").exists()


def test_a_changed_or_missing_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "weights").write_bytes(bytes(range(256)) * 400)
    first, second, *_ = parcels.cut(tmp_path / "made", tmp_path / "parts", part=40_000)
    kept = second.read_bytes()
    second.write_bytes(kept[:-1] + b"x")
    with pytest.raises(SourceError, match="part001"):
        parcels.join(tmp_path / "parts", tmp_path / "home")
    second.write_bytes(kept)
    first.unlink()
    with pytest.raises(SourceError, match="part000"):
        parcels.join(tmp_path / "parts", tmp_path / "home")
    with pytest.raises(SourceError, match="no list of parts"):
        parcels.join(tmp_path / "made", tmp_path / "home")


def test_what_is_not_gathered_or_too_large_is_not_packed(gathered: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="train gather"):
        parcels.pack(tmp_path / "nowhere", tmp_path / "x.tar.xz")
    with pytest.raises(UsageError, match="are allowed"):
        parcels.pack(gathered, tmp_path / "x.tar.xz", limit=100)
    assert not (tmp_path / "x.tar.xz").exists()
    with pytest.raises(SourceError, match="no packed inputs"):
        parcels.unpack(gathered / "tokens.npy", tmp_path / "y")
    with pytest.raises(UsageError, match="train gather"):
        train(recipes.Folder(tmp_path / "nowhere"), Whole())
