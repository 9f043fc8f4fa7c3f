"""Witness: what the wording of a text alone speaks for, by hashed n-grams; a second voice beside the model's odds."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from secassist.errors import ModelError
from secassist.registry.weights import VOICES

FILE, _ = VOICES
BUCKETS = 1 << 17
SIZES = (3, 4, 5)
"""Lengths of the n-grams, in characters."""
LIMIT = 4_000
"""Characters of a text that are read: the beginning, where an alert names itself."""
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: Knuth's multiplicative hashing (The Art of Computer Programming 3, 6.4)."""
_DIGESTS = re.compile(r"[0-9a-f]{12,}")
_DIGIT = re.compile(r"[0-9]")
_SPACE = re.compile(r"\s+")
Places = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Witness:
    """Weight and inverse document frequency per bucket, both of shape (BUCKETS,), and the intercept."""

    weights: Floats
    rarity: Floats
    intercept: float

    def logit(self, text: str) -> float:
        """Log-odds that a text is bad; 0 is undecided. An empty text gives the intercept."""
        places, counts = features(text)
        values = counts * self.rarity[places]
        norm = float(np.sqrt((values * values).sum()))
        return self.intercept + (float(values @ self.weights[places]) / norm if norm else 0.0)


def plain(text: str) -> str:
    """The beginning of a text in lower case, with digits and digests alike and blanks as one, so that wording is left."""
    start = _SPACE.sub(" ", text[:LIMIT].lower())
    return _DIGIT.sub("0", _DIGESTS.sub("#", start))


def features(text: str) -> tuple[Places, Floats]:
    """Buckets of a text in rising order and 1 + ln(count) of each; n-grams stand within `plain(text)`, blanks included."""
    codes = np.frombuffer(f" {plain(text)} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    found = [_hashed(codes, size) for size in SIZES if len(codes) >= size]
    places, counts = np.unique(np.concatenate(found), return_counts=True) if found else (np.array([], np.int64),) * 2
    return places.astype(np.int64), (1 + np.log(np.maximum(counts, 1))).astype(np.float32)


def _hashed(codes: np.ndarray[Any, np.dtype[np.uint64]], size: int) -> Places:
    """The bucket of every n-gram of one size."""
    total = np.full(len(codes) - size + 1, size, dtype=np.uint64)
    for step in range(size):
        total = (total ^ codes[step : len(codes) - size + 1 + step]) * MULTIPLIER
        total ^= total >> np.uint64(29)
    return (total % np.uint64(BUCKETS)).astype(np.int64)


def load(folder: Path) -> Witness | None:
    """The witness beside an adapter, or None; raises ModelError when its file is none of ours."""
    return _load(folder / FILE) if (folder / FILE).is_file() else None


@cache
def _load(path: Path) -> Witness:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as held:
            weights, rarity = (held.get_tensor(name).astype(np.float32) for name in ("weights", "rarity"))
            intercept = float(json.loads((held.metadata() or {})["intercept"]))
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: no witness of ours: {error}; train it again") from error
    if weights.shape != (BUCKETS,) or rarity.shape != (BUCKETS,):
        raise ModelError(f"{path}: a witness has {BUCKETS} buckets, this one {weights.shape}; train it again")
    return Witness(weights, rarity, intercept)


def save(witness: Witness, folder: Path) -> Path:
    """Writes it in half precision (half a megabyte) beside an adapter."""
    from safetensors.numpy import save_file

    halves = {"weights": witness.weights.astype(np.float16), "rarity": witness.rarity.astype(np.float16)}
    save_file(halves, str(folder / FILE), metadata={"intercept": json.dumps(round(witness.intercept, 6))})
    return folder / FILE
