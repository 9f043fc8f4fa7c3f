"""Parity: the adapter on its base, merged into it, and behind a server must answer to the token alike."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from secassist import registry
from secassist.backends._loading import load_model
from secassist.backends.base import Backend, Completion, Request
from secassist.promoting.rules import Check
from secassist.registry import Weights

ODDS: Final = 2e-3
"""How far probabilities of a decision may be apart: merging and batching add up in another order."""
TOKENIZER: Final = ("tokenizer.json", "tokenizer_config.json", "generation_config.json")


def merge(base: Weights, adapter: Weights, folder: Path) -> Path:
    """The adapter merged into the base by peft, as a model folder of its own."""
    model: Any = load_model(base, adapter)
    model.save_pretrained(str(folder), safe_serialization=True)
    for name in TOKENIZER:
        if (base.folder / name).exists():
            (folder / name).write_bytes((base.folder / name).read_bytes())
    registry.base(str(folder))
    return folder


def steered(requests: Sequence[Request], served: bool) -> list[Request]:
    """The requests as a server gets them, which cannot be told thresholds, or as they were tested."""
    return [replace(one, decide=None, enough=None) for one in requests] if served else list(requests)


def compare(
    name: str, requests: Sequence[Request], tested: Sequence[Completion], way: Backend, served: bool = False
) -> Check:
    """Whether this way of serving answers the requests as the tested one did."""
    answers = way.complete(steered(requests, served))
    gaps = list(_gaps(tested, answers))
    detail = f"{len(requests) - len(gaps)} of {len(requests)} alike" + (f"; {gaps[0]}" if gaps else "")
    return Check(name=f"parity: {name}", passed=bool(requests) and not gaps, detail=detail)


def _gaps(tested: Sequence[Completion], answers: Sequence[Completion]) -> Iterator[str]:
    for number, (one, other) in enumerate(zip(tested, answers, strict=True)):
        if one.ids and other.ids and one.ids != other.ids:
            at = next((i for i, (a, b) in enumerate(zip(one.ids, other.ids, strict=False)) if a != b), "the end")
            yield f"sample {number} differs at token {at}"
        elif (one.text, one.finish) != (other.text, other.finish):
            at = next((i for i, (a, b) in enumerate(zip(one.text, other.text, strict=False)) if a != b), "the end")
            yield f"sample {number} differs at character {at}"
        elif one.choices and other.choices:
            gap = max(abs(p - other.choices.get(choice, 0.0)) for choice, p in one.choices.items())
            if gap > ODDS:
                yield f"sample {number}: odds differ by {gap:.4f}"
