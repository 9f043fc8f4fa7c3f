"""Whatever is switched on, the tokens are those of plain greedy decoding: batches, guesses, shared beginnings, adapters."""

import random
from typing import Any

import pytest
import torch

from schemas.answers import ANSWERS, grammar
from secassist.engine.attention import Feed
from secassist.engine.decoder import Decoder, Room
from secassist.engine.drafts import Drafts
from secassist.engine.plain import Plain
from secassist.engine.sequence import Sequence
from secassist.engine.weights import Low, take_apart, unsuited
from tests.engine import tiny
from tests.engine.conftest import Bench
from tests.engine.reference import greedy, logits

SHORT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "decision": {"enum": ["true_positive", "suspicious", "benign_expected"]},
        "lines": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 30}, "maxItems": 2},
        "reason": {"type": "string", "maxLength": 8},
    },
    "required": ["decision", "lines", "reason"],
    "additionalProperties": False,
}
WORDS = ("host", "powershell", "low", "severity", "lines", "T1059.001", "中文", "{", "9", "started", "reason", "x")
OURS = ("llama", "mistral", "qwen2", "qwen3", "llama3")
THEIRS = ("windowed", "glm", "gpt_neox", "falcon", "falcon_alibi", "mpt", "t5")


def prompts(count: int, seed: int = 0) -> list[str]:
    """Random ones of 1 to 60 words, a third of them with a long common beginning."""
    draw = random.Random(seed)
    common = " ".join(draw.choices(WORDS, k=60))
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(1, 60))) for _ in range(count)]
    return [f"{common} {text}" if draw.random() < 0.34 else text for text in texts]


@pytest.fixture(scope="module")
def expected(bench: Bench) -> list[tuple[str, dict[str, Any], list[int]]]:
    """512 prompts with their schema and what plain transformers answers."""
    small = {name: grammar(answer, lines=3, techniques=("T1105",)) for name, answer in ANSWERS.items()}
    schemas = [SHORT] * 15 + [small["TechniquesAnswer"]]
    items = []
    for number, text in enumerate(prompts(512)):
        schema = schemas[number % len(schemas)]
        items.append((text, schema, greedy(bench, list(bench.tokenizer(text)["input_ids"]), schema)))
    return items


@pytest.mark.parametrize("waiting", [1, 3, 32])
def test_512_prompts_answer_as_plain_transformers(
    bench: Bench, expected: list[tuple[str, dict[str, Any], list[int]]], waiting: int
) -> None:
    engine = bench.over(bench.runner(waiting + 2), step_tokens=90)
    for start in range(0, len(expected), waiting * 4):
        part = expected[start : start + waiting * 4]
        sequences = [bench.sequence(text, schema) for text, schema, _ in part]
        engine.run(sequences)
        assert [sequence.answer for sequence in sequences] == [answer for _, _, answer in part]
    assert engine.drafts.right > 0, "guesses were made and were right"
    assert engine.runner.prefixes.spared > 0, "beginnings were shared"


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_every_analyzers_answer_is_the_plain_one(bench: Bench, name: str) -> None:
    schema = grammar(ANSWERS[name], lines=4, techniques=("T1059.001", "T1105"))
    texts = prompts(2, seed=9)
    for _ in range(2):  # the second time drafts and beginnings are known
        for sequence, text in zip(bench.run(*(bench.sequence(t, schema, 90) for t in texts)), texts, strict=True):
            assert sequence.answer == greedy(bench, list(bench.tokenizer(text)["input_ids"]), schema, limit=90)


@pytest.mark.parametrize("off", ["drafts", "prefixes", "chunks"])
def test_switching_things_off_changes_nothing(bench: Bench, off: str) -> None:
    texts = prompts(24, seed=3)
    runner = Decoder(take_apart(bench.model), Room(8, prefix_bytes=0 if off == "prefixes" else 1 << 24))
    options = {"drafts": Drafts(0)} if off == "drafts" else {"step_tokens": 1 << 20} if off == "chunks" else {}
    sequences = [bench.sequence(text, SHORT) for text in texts]
    bench.over(runner, **options).run(sequences)
    assert [s.answer for s in sequences] == [s.answer for s in bench.run(*(bench.sequence(t, SHORT) for t in texts))]


@pytest.mark.parametrize("kind", [*OURS, *THEIRS])
def test_architectures(bench: Bench, kind: str) -> None:
    other = Bench(bench.tokenizer, tiny.model(kind, len(bench.tokenizer)))
    assert bool(unsuited(other.model.config)) == (kind in THEIRS)
    assert isinstance(other.engine.runner, Plain if kind in THEIRS else Decoder)
    texts = prompts(6, seed=5)
    for sequence, text in zip(other.run(*(other.sequence(t, SHORT) for t in texts)), texts, strict=True):
        assert sequence.answer == greedy(other, list(bench.tokenizer(text)["input_ids"]), SHORT)


@pytest.mark.parametrize("gather", [False, True], ids=["one by one", "together"])
@pytest.mark.parametrize("kind", OURS)
def test_log_probabilities_are_those_of_transformers(bench: Bench, kind: str, gather: bool) -> None:
    other = Bench(bench.tokenizer, tiny.model(kind, len(bench.tokenizer)))
    runner = Decoder(take_apart(other.model), Room(8), gather=gather)
    texts = [list(bench.tokenizer(text)["input_ids"]) for text in prompts(5, seed=8)]
    runner.reserve(max(map(len, texts)) + 1)
    halves = [Feed(slot, "", 0, tokens[: len(tokens) // 2]) for slot, tokens in enumerate(texts) if len(tokens) > 1]
    runner.step(halves)
    feeds = []
    for slot, tokens in enumerate(texts):
        start = len(tokens) // 2
        feeds.append(Feed(slot, "", start, tokens[start:], (len(tokens) - start - 1,)))
    for row, tokens in zip(runner.step(feeds), texts, strict=True):
        plain = torch.log_softmax(logits(other, tokens, []).float(), dim=-1)
        assert float((torch.log_softmax(row, dim=-1) - plain).abs().max()) < 1e-4


class TestAdapters:
    def change(self, bench: Bench, seed: int) -> dict[tuple[int, str], Low]:
        draw = torch.Generator().manual_seed(seed)
        weights = take_apart(bench.model)
        return {
            (number, part): Low(
                torch.randn(4, matrix.shape[1], generator=draw) * 0.2,
                torch.randn(matrix.shape[0], 4, generator=draw) * 0.2,
            )
            for number, layer in enumerate(weights.layers)
            for part, matrix in layer.matrices.items()
            if part != "o"
        }

    def runner(self, bench: Bench, merged_bytes: int) -> Decoder:
        runner = Decoder(take_apart(bench.model), Room(12, merged_bytes=merged_bytes))
        for number in range(3):
            runner.add_adapter(f"adapter {number}", self.change(bench, number))
        return runner

    def answers(self, bench: Bench, runner: Decoder, names: list[str]) -> list[list[int]]:
        sequences = [bench.sequence(text, SHORT) for text in prompts(len(names), seed=4)]
        for sequence, name in zip(sequences, names, strict=True):
            sequence.adapter = name
        bench.over(runner).run(sequences)
        return [sequence.answer for sequence in sequences]

    def test_mixed_in_one_batch_each_is_served_by_its_own(self, bench: Bench) -> None:
        names = ["adapter 0", "", "adapter 1", "adapter 2"] * 4
        mixed = self.answers(bench, self.runner(bench, 1 << 30), names)
        for name in set(names):
            alone = self.answers(bench, self.runner(bench, 1 << 30), [name] * len(names))
            assert [a for a, n in zip(mixed, names, strict=True) if n == name] == [
                a for a, n in zip(alone, names, strict=True) if n == name
            ]
        assert len({tuple(answer) for answer in mixed}) > len(mixed) // 2

    def test_side_paths_answer_as_merged_copies(self, bench: Bench) -> None:
        names = ["adapter 0", "", "adapter 1", "adapter 2"] * 4
        one = sum(m.numel() * 4 for layer in take_apart(bench.model).layers for m in layer.matrices.values())
        merged, sides, both = (self.runner(bench, size) for size in (1 << 30, 0, one))
        assert self.answers(bench, sides, names) == self.answers(bench, merged, names)
        assert self.answers(bench, both, names) == self.answers(bench, merged, names)

    def test_a_shared_beginning_belongs_to_its_adapter(self, bench: Bench) -> None:
        runner = self.runner(bench, 1 << 30)
        text = " ".join(WORDS * 6)
        fresh = {}
        for name in ("adapter 0", "adapter 1", ""):
            (fresh[name],) = self.single(bench, self.runner(bench, 1 << 30), name, text)
        for _ in range(3):
            for name, answer in fresh.items():
                assert self.single(bench, runner, name, text) == [answer]
        assert runner.prefixes.spared > 0

    def single(self, bench: Bench, runner: Decoder, name: str, text: str) -> list[list[int]]:
        sequence: Sequence = bench.sequence(text, SHORT)
        sequence.adapter = name
        bench.over(runner).run([sequence])
        return [sequence.answer]


@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_low_precision_does_not_depend_on_the_batch(bench: Bench, precision: Any) -> None:
    """Rounded weights may answer differently from exact ones, but one input always gets one answer."""
    texts = prompts(12, seed=6)
    alone = []
    for text in texts:
        sequence = bench.sequence(text, SHORT)
        bench.over(Decoder(take_apart(bench.model), Room(3), precision)).run([sequence])
        alone.append(sequence.answer)
    together = [bench.sequence(text, SHORT) for text in texts]
    bench.over(Decoder(take_apart(bench.model), Room(14), precision)).run(together)
    assert [sequence.answer for sequence in together] == alone
