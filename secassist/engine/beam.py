"""Beam search under a grammar: several drafts of one answer side by side, the likeliest per token wins."""

from dataclasses import replace
from typing import Any

import torch

from secassist.engine.engine import Engine
from secassist.engine.sequence import Sequence


@torch.inference_mode()
def search(engine: Engine, sequence: Sequence, beams: int) -> None:
    """Completes one sequence in place with the best of `beams` drafts, by mean log-probability of its free tokens."""
    from transformers import DynamicCache

    cache = DynamicCache()
    engine.begin(sequence)
    drafts: list[Sequence] = [sequence]
    done: list[Sequence] = []
    mask = torch.zeros(1, 0, dtype=torch.long)
    while drafts and len(done) < beams:
        logits, mask = engine.forward(drafts, mask, cache)
        drafts, parents = _extend(engine, drafts, logits, beams)
        done += [draft for draft in drafts if draft.finish]
        live = [row for row, draft in enumerate(drafts) if not draft.finish]
        drafts = [drafts[row] for row in live]
        mask = _follow(cache, mask, [parents[row] for row in live])
    best = max(done or drafts, key=lambda draft: draft.log_probability / max(1, draft.free_tokens))
    sequence.__dict__.update(best.__dict__)


def _extend(
    engine: Engine, drafts: list[Sequence], logits: torch.Tensor, beams: int
) -> tuple[list[Sequence], list[int]]:
    """The `beams` likeliest one-token continuations of all drafts, and from which draft each comes."""
    found: list[tuple[float, int, int, float]] = []
    for row, draft in enumerate(drafts):
        odds = engine.next_odds(draft, logits[row])
        values, tokens = odds.topk(min(beams, int((odds > float("-inf")).sum())))
        for value, token in zip(values.tolist(), tokens.tolist(), strict=True):
            found.append((draft.log_probability + value, row, token, value))
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    extended = []
    for _, row, token, value in found[:beams]:
        draft = _copy(drafts[row])
        engine.take(draft, token, value)
        extended.append(draft)
    return extended, [row for _, row, _, _ in found[:beams]]


def _copy(draft: Sequence) -> Sequence:
    return replace(
        draft,
        matcher=draft.matcher.copy(),
        pending=list(draft.pending),
        answer=list(draft.answer),
        choices=dict(draft.choices),
    )


def _follow(cache: Any, mask: torch.Tensor, parents: list[int]) -> torch.Tensor:
    """Cache and mask rearranged so that each row continues its parent."""
    rows = torch.tensor(parents, dtype=torch.long)
    if len(parents):
        cache.reorder_cache(rows)
    return mask[rows]
