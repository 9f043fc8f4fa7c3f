"""Beam search under a grammar: several drafts of one answer side by side, the likeliest per token wins."""

from dataclasses import replace

import torch

from secassist.engine.attention import Feed
from secassist.engine.choosing import Chooser
from secassist.engine.engine import Engine
from secassist.engine.runner import Runner
from secassist.engine.sequence import Sequence
from secassist.errors import BackendError


def search(engine: Engine, sequence: Sequence, beams: int) -> None:
    """Completes one sequence in place with the best of `beams` drafts, by mean log-probability of its free tokens.

    Drafts take the first `beams` slots, new generations the next ones; nobody else computes meanwhile.
    """
    if engine.runner.slots < 2 * beams:
        raise BackendError(
            f"{beams} beams need {2 * beams} sequences in memory; there is room for {engine.runner.slots}"
        )
    with engine.turns:
        _search(engine, sequence, beams)
    sequence.text = engine.decode(sequence.answer)


@torch.inference_mode()
def _search(engine: Engine, sequence: Sequence, beams: int) -> None:
    runner, chooser = engine.runner, engine.chooser
    engine.chooser.begin(sequence)
    runner.reserve(len(sequence.prompt) + sequence.limit)
    runner.begin(0, [])
    drafts: list[Sequence] = [] if sequence.finish else [sequence]
    done: list[Sequence] = [sequence] if sequence.finish else []
    base = 0
    while drafts and len(done) < beams:
        logits = runner.step([_feed(draft, base + row) for row, draft in enumerate(drafts)])
        grown = _extended(chooser, drafts, logits, beams)
        done += [draft for draft, _ in grown if draft.finish]
        grown = [(draft, parent) for draft, parent in grown if not draft.finish]
        drafts = [draft for draft, _ in grown]
        base = _follow(runner, [base + parent for _, parent in grown], drafts, 0 if base else beams)
    best = max(done or drafts, key=lambda draft: draft.log_probability / max(1, draft.free_tokens))
    sequence.__dict__.update(best.__dict__)


def _feed(draft: Sequence, slot: int) -> Feed:
    """All pending tokens of a draft."""
    tokens, draft.pending = draft.pending, []
    prompted = max(0, len(draft.prompt) - draft.position)
    feed = Feed(slot, draft.adapter, draft.position, tokens, (len(tokens) - 1,), prompted)
    draft.position = feed.end
    return feed


def _extended(chooser: Chooser, drafts: list[Sequence], logits: torch.Tensor, beams: int) -> list[tuple[Sequence, int]]:
    """The `beams` likeliest one-token continuations of all drafts, each with the row of the draft it comes from."""
    found: list[tuple[float, int, int, float]] = []
    for row, draft in enumerate(drafts):
        odds = chooser.next_odds(draft, logits[row])
        values, tokens = odds.topk(min(beams, int((odds > float("-inf")).sum())))
        for value, token in zip(values.tolist(), tokens.tolist(), strict=True):
            found.append((draft.log_probability + value, row, token, value))
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    extended = []
    for _, row, token, value in found[:beams]:
        draft = _copy(drafts[row])
        if not draft.finish:
            chooser.take(draft, token, value)
        extended.append((draft, row))
    return extended


def _copy(draft: Sequence) -> Sequence:
    return replace(
        draft,
        matcher=draft.matcher.copy(),
        pending=list(draft.pending),
        answer=list(draft.answer),
        choices=dict(draft.choices),
    )


def _follow(runner: Runner, parents: list[int], drafts: list[Sequence], base: int) -> int:
    """Copies each draft's past from its parent's slot to the other half of the slots; returns where that half begins."""
    for row, (parent, draft) in enumerate(zip(parents, drafts, strict=True)):
        runner.copy(parent, base + row, draft.position)
    return base
