"""Tuning on lessons by any method: loss on the answer only, the decision weighing most, resumed exactly."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from schemas import digest
from secassist import registry, templates
from secassist.backends._tokens import encode_marked
from secassist.errors import ModelError
from secassist.training import checkpoint, losses, methods
from secassist.training.lesson import Lesson
from secassist.training.methods import Method
from secassist.training.optimizing import Optimizers
from secassist.training.speed import Precision, fuse, mixed, widen


@dataclass(frozen=True)
class Tuning:
    """`method` is what is learned ("full": all weights, a new base); `rank` and `alpha` are LoRA's.

    `batch` lessons per step on `device`;
    `rate` is AdamW's peak; Muon computes in bf16, which costs more than it gains where bf16 is emulated.
    `decision_weight` multiplies the loss of the decision's token. Lessons longer than `length` tokens are left out and
    counted, never cut. `precision` is that of products, `compiled` fuses the rest (see `speed`).
    """

    method: Method = "lora"
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    batch: int = 16
    steps: int = 300
    warmup: int = 20
    decay_to: float = 0.05
    rate: float = 2e-3
    length: int = 768
    decision_weight: float = 8.0
    seed: int = 11
    threads: int = 2
    checkpoint_every: int = 100
    device: str = "cpu"
    precision: Precision = "auto"
    compiled: bool = False


@dataclass(frozen=True)
class Encoded:
    """Token ids of a lesson and the loss weight of each (0 for the prompt)."""

    tokens: list[int]
    weights: list[float]


def encode(tokenizer: Any, lesson: Lesson, decision: str, weight: float) -> Encoded:
    """Prompt and answer as the engine will see them; the answer ends with the stop token."""
    prompt = encode_marked(tokenizer, lesson.prompt)
    answer = list(tokenizer(lesson.answer, add_special_tokens=False, split_special_tokens=True)["input_ids"])
    weights = [1.0] * len(answer)
    head = f'{{"{decision}":"'
    if lesson.answer.startswith(head):
        first = len(tokenizer(head, add_special_tokens=False)["input_ids"])
        weights[first] = weight
    return Encoded(prompt + answer + [tokenizer.eos_token_id], [0.0] * len(prompt) + weights + [1.0])


def encode_all(tokenizer: Any, lessons: Sequence[Lesson], tuning: Tuning) -> tuple[list[Encoded], int]:
    """All lessons that fit, and how many did not."""
    encoded = [encode(tokenizer, lesson, "decision", tuning.decision_weight) for lesson in lessons]
    fitting = [item for item in encoded if len(item.tokens) <= tuning.length]
    return fitting, len(encoded) - len(fitting)


def batches(items: Sequence[Encoded], tuning: Tuning, start: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """(tokens, mask, weights) of shape (batch, longest) from step `start` on; lessons of like length share a batch."""
    per_epoch = max(1, len(items) // tuning.batch)
    plans: dict[int, list[list[int]]] = {}
    for step in range(start, tuning.steps):
        epoch, index = divmod(step, per_epoch)
        if epoch not in plans:
            plans = {epoch: _plan(items, tuning, epoch)}
        yield collate([items[i] for i in plans[epoch][index]])


def _plan(items: Sequence[Encoded], tuning: Tuning, epoch: int) -> list[list[int]]:
    """Batches of one epoch: shuffled, sorted by length within pools of 32 batches, then shuffled again."""
    chance = random.Random(tuning.seed * 1000 + epoch)  # noqa: S311 - an order, not a secret
    order = list(range(len(items)))
    chance.shuffle(order)
    pool = tuning.batch * 32
    found = []
    for start in range(0, len(order), pool):
        part = sorted(order[start : start + pool], key=lambda i: len(items[i].tokens))
        found += [part[s : s + tuning.batch] for s in range(0, len(part), tuning.batch)]
    whole = [batch for batch in found if len(batch) == tuning.batch] or found
    chance.shuffle(whole)
    while len(whole) < len(items) // tuning.batch:
        whole.append(whole[len(whole) // 2])
    return whole


def collate(items: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Right-padded tensors: token ids, attention mask, loss weights."""
    width = max(len(item.tokens) for item in items)
    tokens = torch.zeros(len(items), width, dtype=torch.long)
    mask = torch.zeros(len(items), width, dtype=torch.long)
    weights = torch.zeros(len(items), width)
    for row, item in enumerate(items):
        tokens[row, : len(item.tokens)] = torch.tensor(item.tokens)
        mask[row, : len(item.tokens)] = 1
        weights[row, : len(item.weights)] = torch.tensor(item.weights)
    return tokens, mask, weights


def answer_loss(model: Any, tokens: torch.Tensor, mask: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weighted mean cross-entropy (nats) over the answer's tokens; only their logits are computed."""
    wanted = weights[:, 1:] > 0
    found = methods.logits(model, tokens, mask, wanted)
    each = torch.nn.functional.cross_entropy(found, tokens[:, 1:][wanted], reduction="none")
    share = weights[:, 1:][wanted]
    return (each * share).sum() / share.sum()


def tune(
    base: Path,
    lessons: Sequence[Lesson],
    tuning: Tuning,
    folder: Path,
    log: Callable[[str], None] = print,
    *,
    initial: Path | None = None,
) -> Path:
    """Tunes (or resumes) in `folder` and returns the folder of the finished adapter or, for "full", of the new base.

    A run that was killed ends as one that was not: the same losses, the same weights. `initial` is a LoRA adapter to
    go on from. Raises ModelError when too few lessons fit or the method cannot run here.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    from transformers import AutoTokenizer

    torch.set_num_threads(tuning.threads)
    torch.manual_seed(tuning.seed)
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    items, too_long = encode_all(tokenizer, lessons, tuning)
    if len(items) < tuning.batch:
        raise ModelError(f"{len(items)} lessons fit {tuning.length} tokens; at least {tuning.batch} are needed")
    log(f"{len(items)} lessons, {too_long} left out as longer than {tuning.length} tokens")
    model = methods.load(base, tuning.method, tuning.device)
    tuned = methods.tunable(model, tuning.method, tuning.rank, tuning.alpha, tuning.dropout, initial)
    tuned.to(tuning.device)
    _run(tuned, items, tuning, folder, log)
    final = folder / ("model" if tuning.method == "full" else "adapter")
    if tuning.method == "full":
        tuned.save_pretrained(str(final), safe_serialization=True)
        tokenizer.save_pretrained(str(final))
    else:  # left to itself, peft asks the network whether the base's vocabulary grew
        tuned.save_pretrained(str(final), safe_serialization=True, save_embedding_layers=False)
    facts = _facts(base, lessons, initial) | {"tuning": asdict(tuning), "lessons": len(items), "left_out": too_long}
    (final / "training.json").write_text(json.dumps(facts, indent=1))
    return final


def _facts(base: Path, lessons: Sequence[Lesson], initial: Path | None) -> dict[str, Any]:
    """What the gate asks of an adapter: its base, its template, and the lessons it learned, by digest."""
    facts = {"base": registry.base(str(base)).digest, "data": digest([one.model_dump(mode="json") for one in lessons])}
    names = {one.analyzer for one in lessons}
    if len(names) == 1:
        facts["template"] = templates.load(names.pop()).digest
    if initial is not None:
        facts["initial"] = registry.at(initial).digest
    return facts


def _run(model: Any, items: Sequence[Encoded], tuning: Tuning, folder: Path, log: Callable[[str], None]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizers = Optimizers(model, tuning, muon=False, matrix_rate=tuning.rate, other_rate=tuning.rate)
    run = _run_digest(items, tuning)
    start = _resume(folder, learned, optimizers, run)
    losses.cut(folder, start)
    fuse(model, compiled=tuning.compiled)
    began, seen = time.monotonic(), 0
    recent: list[float] = []
    for step, batch in enumerate(batches(items, tuning, start), start=start):
        fitting = widen(*batch) if tuning.compiled else batch
        tokens, mask, weights = (part.to(tuning.device) for part in fitting)
        with mixed(tuning.precision, tokens.device):
            loss = answer_loss(model, tokens, mask, weights)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizers.step(step)
        seen += int(mask.sum())
        recent = [*recent[-19:], loss.item()]
        losses.record(folder, {"step": step, "loss": recent[-1]})
        if (step + 1) % 20 == 0:
            speed = seen / (time.monotonic() - began)
            log(f"step {step + 1}/{tuning.steps} loss {sum(recent) / len(recent):.4f} {speed:.0f} tokens/s")
        if (step + 1) % tuning.checkpoint_every == 0:
            chance = torch.get_rng_state()
            checkpoint.save(folder, step + 1, optimizers.pair, learned=learned, chance=chance, run=run)


def _run_digest(items: Sequence[Encoded], tuning: Tuning) -> str:
    """What a checkpoint belongs to: the lessons and every setting that shapes the run, wherever it runs."""
    free = {"threads", "device", "checkpoint_every"}
    settings = {name: value for name, value in asdict(tuning).items() if name not in free}
    return digest([settings, [item.tokens for item in items]])


def _resume(folder: Path, learned: Sequence[torch.Tensor], optimizers: Optimizers, run: str) -> int:
    state = checkpoint.load(folder)
    if state is None:
        return 0
    if state.get("run") != run:
        path = folder / checkpoint.NAME
        raise ModelError(f"{path}: belongs to a run with other lessons or settings; remove it, or name another --work")
    torch.set_rng_state(state["chance"])
    return checkpoint.restore(state, optimizers.pair, learned)
