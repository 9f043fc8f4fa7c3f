"""Tuning of the tagger: LoRA and a tag head on a language model, every unit's tag learned with context on both sides."""

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from secassist.backends._tag_text import ORDINARY, SHAPES, Unit, Window, labels, pieces, units, windows
from secassist.backends._tagging import CARD, HEAD, Card, Reader, Rows, load_encoder, read
from secassist.errors import ModelError
from secassist.training import checkpoint
from secassist.training._tag_rows import TYPES, TagExample
from secassist.training.optimizing import Optimizers

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
Log = Callable[[str], None]


@dataclass(frozen=True)
class TagTuning:
    """`positions` tokens a step, padding included; `rate` is AdamW's peak for LoRA, head and table of pieces.

    `outside` weighs the loss of units outside every span; `unknown` is the share of pieces shown as unknown, so that
    those without a row of their own are learned too; `width` is the width of a row; `words` and `pairs` say how many
    rows words and pairs of characters get at most; `half` multiplies in bf16, which is some 1.5 times as fast where the
    processor can.
    """

    rank: int = 16
    alpha: int = 32
    width: int = 48
    words: int = 4000
    pairs: int = 5000
    positions: int = 1536
    steps: int = 1400
    warmup: int = 40
    decay_to: float = 0.02
    rate: float = 2e-3
    outside: float = 0.6
    unknown: float = 0.08
    dropout: float = 0.05
    seed: int = 5
    threads: int = 1
    half: bool = False
    checkpoint_every: int = 200


@dataclass(frozen=True)
class Lined:
    """A window with the tags that each of its units may have (bits of the label index), and its units' rows."""

    window: Window
    allowed: tuple[int, ...]
    rows: tuple[Rows, ...] = ()


class TagNet(nn.Module):
    """The language model with LoRA, the table of pieces and the head."""

    def __init__(self, encoder: Any, tuning: TagTuning, rows: int, types: Sequence[str]) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = _with_lora(encoder, tuning)
        self.head = nn.Linear(width, len(labels(types)))
        self.dropout = nn.Dropout(tuning.dropout)
        spread = float(encoder.get_input_embeddings().weight.std())
        self.table = nn.Parameter(torch.randn(rows + 1, tuning.width) * 0.5)
        self.lift = nn.Parameter(torch.randn(4, tuning.width, width) * spread / tuning.width**0.5)

    def tensors(self) -> dict[str, torch.Tensor]:
        """What is learned beside LoRA, by the names it is stored under."""
        own = {"head.weight": self.head.weight, "head.bias": self.head.bias}
        return own | {"table": self.table, "lift": self.lift}

    def forward(self, tokens: torch.Tensor, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores (batch, length, labels)."""
        states = read(self.encoder.get_base_model(), tokens, rows, mask, self.tensors())
        scores: torch.Tensor = self.head(self.dropout(states))
        return scores


def _with_lora(encoder: Any, tuning: TagTuning) -> Any:
    from peft import LoraConfig, get_peft_model

    shape = LoraConfig(r=tuning.rank, lora_alpha=tuning.alpha, target_modules=TARGETS)
    return get_peft_model(encoder, shape)


def pieces_of(examples: Sequence[TagExample], words: int, pairs: int, least: int = 4) -> tuple[str, ...]:
    """The pieces that stand in at least `least` examples, most frequent first: shapes, all characters, words, pairs."""
    seen: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for example in examples:
        found = pieces(units(example.text))
        seen[0].update({four[0] for four in found})
        seen[1].update({four[1] for four in found if not four[0]})
        seen[2].update({four[1] for four in found if four[0]})
    kept = [_frequent(seen[0], len(seen[0]), 2), _frequent(seen[1], words, least), _frequent(seen[2], pairs, least)]
    return (*SHAPES, *kept[0], *kept[1], *kept[2])


def _frequent(counts: Counter[str], limit: int, least: int) -> list[str]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [piece for piece, count in ranked if piece and count >= least][:limit]


def allowed(example: TagExample, found: Sequence[Unit], types: Sequence[str] = TYPES) -> tuple[int, ...]:
    """Per unit a bit set of the labels it may have: its own, or outside and every type that is not in scope."""
    outside = 1 | sum(6 << (2 * k) for k, kind in enumerate(types) if kind not in example.scope)
    bits = [outside] * len(found)
    for start, end, kind in example.spans:
        first = True
        for index, unit in enumerate(found):
            if (start <= unit.start and unit.end <= end) or unit.start <= start < unit.end:
                bits[index] = (2 if first else 4) << (2 * types.index(kind))
                first = False
    return tuple(bits)


def lined(examples: Sequence[TagExample], reader: Reader) -> list[Lined]:
    """The examples as windows, long ones as several."""
    made = []
    for number, example in enumerate(examples):
        found = units(example.text)
        bits = allowed(example, found)
        rows = reader.rows(found)
        for window in windows(number, found, reader.encode):
            own = slice(window.first, window.first + len(window.ends))
            made.append(Lined(replace(window, first=0), bits[own], tuple(rows[own])))
    return made


def _plan(items: Sequence[Lined], tuning: TagTuning) -> Iterator[list[Lined]]:
    """Batches without end: shuffled, alike in length within pools, the same for the same seed."""
    epoch = 0
    while True:
        chance = random.Random(tuning.seed * 1000 + epoch)  # noqa: S311 - an order, not a secret
        order = list(items)
        chance.shuffle(order)
        found: list[list[Lined]] = []
        for start in range(0, len(order), 1024):
            found += _filled(sorted(order[start : start + 1024], key=lambda one: len(one.window.tokens)), tuning)
        chance.shuffle(found)
        yield from found
        epoch += 1


def _filled(items: Sequence[Lined], tuning: TagTuning) -> list[list[Lined]]:
    batches: list[list[Lined]] = [[]]
    for one in items:
        if batches[-1] and (len(batches[-1]) + 1) * len(one.window.tokens) > tuning.positions:
            batches.append([])
        batches[-1].append(one)
    return batches


def tag_loss(scores: torch.Tensor, batch: Sequence[Lined], outside: float) -> torch.Tensor:
    """Weighted mean of -log of the probability (nats) that a unit has one of its allowed labels."""
    places: list[tuple[int, int]] = []
    bits: list[int] = []
    for row, one in enumerate(batch):
        places += [(row, end) for end in one.window.ends]
        bits += one.allowed
    where = torch.tensor(places)
    allowed_bits = torch.tensor(bits)
    masks = (allowed_bits[:, None] >> torch.arange(scores.shape[-1])) & 1
    logs = scores[where[:, 0], where[:, 1]].log_softmax(-1)
    losses = -logs.masked_fill(masks == 0, -1e9).logsumexp(-1)
    weights = torch.where((allowed_bits & 1) == 1, outside, 1.0)
    return (losses * weights).sum() / weights.sum()


def tune_tagger(
    encoder: Path,
    examples: Sequence[TagExample],
    tuning: TagTuning,
    folder: Path,
    log: Log = print,
    *,
    ordinary: Sequence[str] = (),
) -> Path:
    """Tunes (or resumes) in `folder` and returns the folder of the finished tagger, in half precision.

    `ordinary` are words and pairs of characters that ordinary text consists of.
    """
    if not examples:
        raise ModelError("no example to learn from")
    torch.set_num_threads(tuning.threads)
    torch.manual_seed(tuning.seed)
    known = pieces_of(examples, tuning.words, tuning.pairs)
    card = Card(TYPES, known, " ".join(ordinary))
    reader = Reader(encoder, card)
    net = TagNet(load_encoder(encoder), tuning, len(known), TYPES)
    items = lined(examples, reader)
    log(f"{len(items)} windows, {sum(len(one.window.tokens) for one in items)} positions")
    _run(net, reader, items, tuning, folder, log)
    counts = Counter(f"{e.source}:{e.language}" for e in examples)
    return save(
        net, card, encoder, folder / "tagger", {"tuning": asdict(tuning), "examples": dict(sorted(counts.items()))}
    )


def _run(net: TagNet, reader: Reader, items: Sequence[Lined], tuning: TagTuning, folder: Path, log: Log) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    learned = [p for p in net.parameters() if p.requires_grad]
    optimizers = Optimizers(net, tuning, muon=False, matrix_rate=tuning.rate, other_rate=tuning.rate, weight_decay=0.0)
    state = checkpoint.load(folder)
    start = checkpoint.restore(state, optimizers.pair, learned) if state else 0
    fallback = _fallback(reader.card)
    net.train()
    began, seen, losses = time.monotonic(), 0, []
    for step, batch in enumerate(_plan(items, tuning)):
        if step >= tuning.steps:
            break
        if step < start:
            continue
        torch.manual_seed(tuning.seed * 100_000 + step)
        parts = [replace(one.window, text=number) for number, one in enumerate(batch)]
        tokens, rows, mask = reader.tensors(parts, [one.rows for one in batch])
        hidden = (torch.rand(rows.shape) < tuning.unknown) & (rows > len(SHAPES))
        rows = torch.where(hidden, fallback[rows.clamp(min=0)], rows)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=tuning.half):
            scores = net(tokens, rows, mask)
        loss = tag_loss(scores.float(), batch, tuning.outside)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizers.step(step)
        seen += mask.numel()
        losses.append(loss.item())
        if (step + 1) % 50 == 0:
            speed = seen / (time.monotonic() - began)
            log(f"step {step + 1}/{tuning.steps} loss {sum(losses[-50:]) / 50:.4f} {speed:.0f} positions/s")
        if (step + 1) % tuning.checkpoint_every == 0:
            checkpoint.save(folder, step + 1, optimizers.pair, learned=learned)


def _fallback(card: Card) -> torch.Tensor:
    """For each row the one that stands for its piece where it is taken for one without a row of its own."""
    usual = set(card.ordinary.split())
    shared = 1 + card.pieces.index(ORDINARY) if ORDINARY in card.pieces else 0
    return torch.tensor([0, *(shared if piece in usual else 0 for piece in card.pieces)])


def save(net: TagNet, card: Card, encoder: Path, folder: Path, facts: dict[str, Any]) -> Path:
    """Writes the merged model, its tokenizer, table and head in 16 bits, card and facts; returns the folder.

    `net` keeps its LoRA weights merged and cannot be tuned further; a resumed run starts from the checkpoint.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    net.encoder.merge_and_unload().half().save_pretrained(str(folder), safe_serialization=True)
    for name in TOKENIZER:
        shutil.copyfile(encoder / name, folder / name)
    own = {name: tensor.detach().half().contiguous() for name, tensor in net.tensors().items()}
    save_file(own, folder / HEAD, metadata={"format": "pt"})
    write_card(folder, card)
    (folder / "training.json").write_text(json.dumps(facts, indent=1) + "\n")
    return folder


def write_card(folder: Path, card: Card) -> None:
    """Writes the card beside the weights."""
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
