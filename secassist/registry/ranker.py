"""Ranker: which labels the words of a text speak for, most likely first; the many-voiced kin of a witness."""

import json
import math
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from secassist.errors import ModelError
from secassist.registry.weights import VOICES

_, FILE = VOICES
BUCKETS = 1 << 14
LIMIT = 4_000
"""Characters of a text that are read."""
_WORD = re.compile(r"[a-z][\w.\-]{0,60}")
Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Ranker:
    """`weights` (labels, BUCKETS), `bias` (labels,), `rarity` (BUCKETS,): inverse document frequencies."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    rarity: Floats

    def rank(self, text: str, count: int) -> list[str]:
        """The `count` likeliest labels, best first; none for a text without a word."""
        found = features(text)
        if not found:
            return []
        places = np.fromiter(found, dtype=np.int64)
        values = np.fromiter(found.values(), dtype=np.float32) * self.rarity[places]
        scores = self.weights[:, places] @ (values / np.linalg.norm(values)) + self.bias
        return [self.labels[place] for place in np.argsort(-scores, kind="stable")[:count]]


def features(text: str) -> dict[int, float]:
    """Buckets of words and pairs of neighbours to 1 + ln(count)."""
    words = _WORD.findall(text[:LIMIT].lower())
    grams = [*words, *(f"{one} {two}" for one, two in pairwise(words))]
    counts = Counter(zlib.crc32(gram.encode()) % BUCKETS for gram in grams)
    return {place: 1 + math.log(count) for place, count in counts.items()}


def load(folder: Path) -> Ranker | None:
    """The ranker beside an adapter, or None; raises ModelError when its file is none of ours."""
    return _load(folder / FILE) if (folder / FILE).is_file() else None


@cache
def _load(path: Path) -> Ranker:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as held:
            weights, scale, bias, rarity = (
                held.get_tensor(name).astype(np.float32) for name in ("weights", "scale", "bias", "rarity")
            )
            labels = tuple(str(name) for name in json.loads((held.metadata() or {})["labels"]))
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: no ranker of ours: {error}; train it again") from error
    if weights.shape != (len(labels), BUCKETS) or rarity.shape != (BUCKETS,) or bias.shape != scale.shape:
        raise ModelError(f"{path}: a ranker of {len(labels)} labels has other shapes; train it again")
    return Ranker(labels, weights * scale[:, None], bias, rarity)


def save(ranker: Ranker, folder: Path) -> Path:
    """Writes it beside an adapter, weights as 8-bit integers with one scale a label."""
    from safetensors.numpy import save_file

    scale = np.maximum(np.abs(ranker.weights).max(axis=1), 1e-9) / 127
    parts = {
        "weights": np.ascontiguousarray(np.round(ranker.weights / scale[:, None]).astype(np.int8)),
        "scale": scale.astype(np.float32),
        "bias": ranker.bias.astype(np.float32),
        "rarity": ranker.rarity.astype(np.float16),
    }
    save_file(parts, str(folder / FILE), metadata={"labels": json.dumps(ranker.labels)})
    return folder / FILE
