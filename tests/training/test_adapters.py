"""Tuning: only the answer is learned, the decision most; adapters serve merged as they were trained."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from secassist.training.adapters import Tuning, batches, collate, encode, encode_all, tune
from secassist.training.lesson import Lesson, read, write
from secassist.training.pretraining import Recipe, build_model

TUNING = Tuning(rank=2, alpha=4, batch=4, steps=30, warmup=2, rate=2e-2, length=64, threads=1, checkpoint_every=10)


@pytest.fixture(scope="module")
def base(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    model = build_model(Recipe(vocabulary=400, hidden=32, layers=1, heads=2, kv_heads=1, feed_forward=64))
    model.save_pretrained(str(folder))  # type: ignore[operator]
    for path in tokenizer_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def tokenizer_of(base: Path):  # type: ignore[no-untyped-def]
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(base)


def test_the_prompt_has_no_weight_and_the_decision_the_most(base: Path, lessons: list[Lesson]) -> None:
    tok = tokenizer_of(base)
    item = encode(tok, lessons[1], "decision", 8.0)
    learned = [tok.decode([t]) for t, w in zip(item.tokens, item.weights, strict=True) if w > 0]
    assert "".join(learned) == lessons[1].answer + "<|end|>"
    heaviest = [tok.decode([t]) for t, w in zip(item.tokens, item.weights, strict=True) if w == 8.0]
    assert len(heaviest) == 1
    assert "true_positive".startswith(heaviest[0])


def test_long_lessons_are_counted_not_cut(base: Path, lessons: list[Lesson]) -> None:
    long = lessons[0].model_copy(update={"answer": '{"decision":"' + "x" * 500 + '"}'})
    items, left_out = encode_all(tokenizer_of(base), [*lessons, long], TUNING)
    assert (len(items), left_out) == (40, 1)


def test_batches_repeat_from_any_step(base: Path, lessons: list[Lesson]) -> None:
    items, _ = encode_all(tokenizer_of(base), lessons, TUNING)
    whole = [tokens.tolist() for tokens, _, _ in batches(items, TUNING, 0)]
    assert [tokens.tolist() for tokens, _, _ in batches(items, TUNING, 13)] == whole[13:]


def test_padding_carries_no_weight(base: Path, lessons: list[Lesson]) -> None:
    items, _ = encode_all(tokenizer_of(base), lessons, TUNING)
    tokens, mask, weights = collate(items[:3])
    assert tokens.shape == mask.shape == weights.shape
    assert not torch.any(weights[mask == 0])


def losses(said: list[str]) -> list[float]:
    return [float(line.split("loss ")[1].split()[0]) for line in said if "loss" in line]


@pytest.fixture(scope="module")
def tuned(base: Path, lessons: list[Lesson], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    said: list[str] = []
    tuning = replace(TUNING, method="full", steps=120, rate=4e-3)
    return tune(base, lessons, tuning, tmp_path_factory.mktemp("full"), said.append), losses(said)


def test_all_weights_learn_the_lessons(tuned: tuple[Path, list[float]]) -> None:
    folder, found = tuned
    assert found[-1] < found[0] / 2
    assert (folder / "model.safetensors").exists()


def test_lora_learns_what_the_base_has_not(
    tuned: tuple[Path, list[float]], lessons: list[Lesson], tmp_path: Path
) -> None:
    said: list[str] = []
    other = [one.model_copy(update={"answer": '{"decision":"suspicious"}'}) for one in lessons]
    folder = tune(tuned[0], other, replace(TUNING, steps=80, rate=2e-2), tmp_path, said.append)
    assert losses(said)[-1] < losses(said)[0] * 0.7
    assert (folder / "adapter_model.safetensors").exists()
    assert not list(folder.glob("*.bin"))


def test_lessons_survive_the_disk(tmp_path: Path, lessons: list[Lesson]) -> None:
    path = tmp_path / "lessons.jsonl"
    assert write(path, lessons) == 40
    assert list(read(path)) == lessons
