"""Witness: what the wording of a text alone speaks for, by hashed n-grams, fields and sentences; a second voice beside the
model.
"""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from secassist.errors import ModelError
from secassist.registry import circumstances, rule_fit
from secassist.registry.rule_fit import Fit
from secassist.registry.weights import VOICES

FILE, _ = VOICES
BUCKETS = 1 << 17
FIELD_BUCKETS = 1 << 16
PROSE_BUCKETS = 1 << 16
SIZES = (3, 4, 5)
"""Lengths of the n-grams, in characters."""
LIMIT = 4_000
"""Characters of a text that are read: the beginning, where an alert names itself."""
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: Knuth's multiplicative hashing (The Art of Computer Programming 3, 6.4)."""
FIT = {"rarity": rule_fit.BUCKETS, "mean": rule_fit.TRAITS, "weights": rule_fit.TRAITS}
"""What a fit holds, and how much of it."""
FACTS = (
    "PROVEN",
    "FAULT",
    "OPEN",
    "HARMLESS",
    "NONE",
    "; input",
    "guard:",
    "context:",
    " critical",
    " high",
    " medium",
    " low",
)
"""What code may have said before the text: data flow's words, guards and contexts, and how grave its findings are."""
FIELDS = 300
"""Different fields and words of their values that are read, first come first."""
VALUE = 24
"""Characters of a value that count as one with its field's name."""
LOUD = 0.4
"""Least share of what the loudest word says for another one to be told beside it."""
AUDIBLE = 0.3
"""Least weight of a circumstance, in log-odds, for it to be told."""
WORDS = 8
"""Words of a value that count by themselves."""
SENTENCE = 4
"""Words that make a value a sentence: what a product or a person tells, among fields that only name."""
TOLD_WORDS = 60
"""Words of one sentence that are read."""
_WORD = re.compile(r"[a-z]{3,}")
_SPOKEN = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]{2,}")
_TOLD = re.compile(r"[^\s,;:\"'()\[\]{}<>|=&?]*[^\W\d_]{3}[^\s,;:\"'()\[\]{}<>|=&?]*")
"""A word worth telling: letters at least three in a row, up to the next blank or bracket."""
_DIGESTS = re.compile(r"[0-9a-f]{12,}")
_DIGIT = re.compile(r"[0-9]")
_ADDRESS = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w.]*[0-9a-z])")
_INSIDE = re.compile(
    r"10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\."
)
"""Networks that no packet from the internet comes from; addresses for documentation stand for those of others."""
_SPACE = re.compile(r"\s+")
Places = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Ear:
    """Weight and inverse document frequency per bucket, both of shape (buckets,)."""

    weights: Floats
    rarity: Floats

    def hears(self, places: Places, counts: Floats) -> float:
        """What the counts in these buckets speak for, whatever their number; 0 for none."""
        values = counts * self.rarity[places]
        norm = float(np.sqrt((values * values).sum()))
        return float(values @ self.weights[places]) / norm if norm else 0.0

    def sums(self, places: Places) -> float:
        """What these buckets speak for together, however many others a text has."""
        return float(self.rarity[places] @ self.weights[places])


@dataclass(frozen=True)
class Heard:
    """A circumstance of a record, the 1-based line of the record that names it, and its weight in log-odds of bad."""

    kind: str
    line: int
    weight: float


@dataclass(frozen=True)
class Witness:
    """An ear for n-grams (BUCKETS,), the intercept, and where they were trained an ear for fields (FIELD_BUCKETS,), one for
    how a rule fits an event, the weights of what code said (len(FACTS),), an ear for sentences (PROSE_BUCKETS,), and the
    weights of circumstances (len(circumstances.kinds()),).
    """

    grams: Ear
    intercept: float
    fields: Ear | None = None
    fit: Fit | None = None
    facts: Floats | None = None
    prose: Ear | None = None
    around: Floats | None = None

    def telling(self, text: str, bad: bool, count: int = 3) -> list[str]:
        """The words of the values of a text (what stands behind its bar) that speak most for bad, or most for harmless.

        Words as they stand, each once, the loudest first, at most `count`, none that says much less than the loudest.
        """
        body = text[:LIMIT].partition(" | ")[2] or text[:LIMIT]
        values = "\n".join(line.partition(": ")[2] or line for line in body.split("\n"))
        words = dict.fromkeys(islice((match[0] for match in _TOLD.finditer(values)), FIELDS))
        said = {word: self._says(word) * (1 if bad else -1) for word in words if "****" not in word}
        loud = sorted(said, key=lambda word: -said[word])[:count]
        return [word for word in loud if said[word] > LOUD * max(said[loud[0]], 0.0)]

    def surrounding(self, record: str) -> list[Heard]:
        """The circumstances of a record (`field: value` lines) that weigh something, the weightiest first."""
        if self.around is None:
            return []
        weights = dict(zip(circumstances.kinds(), map(float, self.around), strict=True))
        heard = [Heard(one.kind, one.line, weights[one.kind]) for one in circumstances.read(record)]
        return sorted((one for one in heard if abs(one.weight) >= AUDIBLE), key=lambda one: -abs(one.weight))

    def _says(self, word: str) -> float:
        """What one word's n-grams, and the word as a field's, add up to."""
        told = self.grams.sums(features(word)[0])
        told += self.prose.sums(_places([word.lower()], PROSE_BUCKETS)) if self.prose else 0.0
        return told + (self.fields.sums(fields(f"x: {word}")[0]) if self.fields else 0.0)

    def logit(self, text: str) -> float:
        """Log-odds that a text is bad; 0 is undecided. An empty text gives the intercept."""
        told = self.intercept + self.grams.hears(*features(text))
        told += self.fields.hears(*fields(text)) if self.fields else 0.0
        told += self.prose.hears(*prose(text)) if self.prose else 0.0
        told += self.fit.hears(text[:LIMIT]) if self.fit else 0.0
        told += float(facts(text) @ self.facts) if self.facts is not None else 0.0
        return told + (float(surroundings(text) @ self.around) if self.around is not None else 0.0)


def plain(text: str) -> str:
    """The beginning of a text in lower case, with digits and digests alike and blanks as one, so that wording is left."""
    start = _SPACE.sub(" ", sided(text[:LIMIT]).lower())
    return _DIGIT.sub("0", _DIGESTS.sub("#", start))


def sided(text: str) -> str:
    """A text whose addresses say on which side they are, not which they are."""
    return _ADDRESS.sub(lambda hit: "<inside>" if _INSIDE.match(hit[0]) else "<outside>", text)


def features(text: str) -> tuple[Places, Floats]:
    """Buckets of a text in rising order and 1 + ln(count) of each; n-grams stand within `plain(text)`, blanks included."""
    codes = np.frombuffer(f" {plain(text)} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    found = [_hashed(codes, size) for size in SIZES if len(codes) >= size]
    places, counts = np.unique(np.concatenate(found), return_counts=True) if found else (np.array([], np.int64),) * 2
    return places.astype(np.int64), (1 + np.log(np.maximum(counts, 1))).astype(np.float32)


def fields(text: str) -> tuple[Places, Floats]:
    """Buckets of `field: value` lines, each with 1: the last part of the name with the value, and the value's words.

    What a rule says of itself (`rule.title`, ...) is left out: it is the same whether an event fits it or not.
    """
    found: dict[str, None] = {}
    for name, value in _values(text):
        if value:
            known = _DIGIT.sub("0", sided(value).lower())
            found[f"{name.rpartition('.')[2].lower()}={known[:VALUE]}"] = None
            found |= dict.fromkeys(islice((match[0] for match in _WORD.finditer(known)), WORDS))
    places = _places(islice(found, FIELDS), FIELD_BUCKETS)
    return places, np.ones(len(places), np.float32)


def prose(text: str) -> tuple[Places, Floats]:
    """Buckets of the words, and pairs of words, of values that are sentences, each with 1; Chinese by pairs of characters.

    Whatever else a record holds, its sentences weigh the same: field names and ids do not drown them.
    """
    found: dict[str, None] = {}
    for _, value in _values(text):
        words = _spoken(value.lower())
        if len(words) >= SENTENCE:
            found |= dict.fromkeys(words)
            found |= dict.fromkeys(f"{one} {other}" for one, other in pairwise(words))
    places = _places(islice(found, FIELDS), PROSE_BUCKETS)
    return places, np.ones(len(places), np.float32)


def _spoken(value: str) -> list[str]:
    """The words of a value, at most TOLD_WORDS; none where it is no sentence but names without blanks between them."""
    words = [match[0] for match in islice(_SPOKEN.finditer(value), TOLD_WORDS)]
    chinese = any(word[0] > "\u2fff" for word in words)
    if not chinese:
        return words if value.count(" ") >= SENTENCE - 1 else []
    return [part for word in words for part in (_paired(word) if word[0] > "\u2fff" else [word])][:TOLD_WORDS]


def _paired(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)]


def _values(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of every `field: value` line; what a rule says of itself is left out."""
    for line in (text[:LIMIT].partition(" | ")[2] or text[:LIMIT]).split("\n"):
        name, _, value = line.partition(": ")
        if not name.startswith("rule."):
            yield name, value


def _places(words: Iterable[str], buckets: int) -> Places:
    return np.array(sorted({zlib.crc32(one.encode("utf-8", "replace")) % buckets for one in words}), np.int64)


def facts(text: str) -> Floats:
    """Which of FACTS stand before the first bar of a text (len(FACTS),), as 1 or 0; none where there is no bar."""
    said, bar, _ = text[:LIMIT].partition(" | ")
    return np.array([bool(bar) and fact in said for fact in FACTS], np.float32)


def surroundings(text: str) -> Floats:
    """Which circumstances a record names (len(circumstances.kinds()),), as 1 or 0; none in a text that is no record."""
    named = {one.kind for one in circumstances.read(text.partition(" | ")[2] or text)}
    return np.array([kind in named for kind in circumstances.kinds()], np.float32)


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
            ears = {key: held.get_tensor(key).astype(np.float32) for key in held.keys()}  # noqa: SIM118 - no mapping
            intercept = float(json.loads((held.metadata() or {})["intercept"]))
        return Witness(_ear(ears, "", BUCKETS), intercept, *_further(ears))
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise ModelError(f"{path}: no witness of ours: {error}; train it again") from error


def _further(held: dict[str, Floats]) -> tuple[Ear | None, Fit | None, Floats | None, Ear | None, Floats | None]:
    ear = _ear(held, "field_", FIELD_BUCKETS) if "field_weights" in held else None
    heard = _ear(held, "prose_", PROSE_BUCKETS) if "prose_weights" in held else None
    told = _shaped(held, "fact_weights", len(FACTS)) if "fact_weights" in held else None
    around = _shaped(held, "around_weights", len(circumstances.kinds())) if "around_weights" in held else None
    if "fit_weights" not in held:
        return ear, None, told, heard, around
    rarity, mean, weights = (_shaped(held, f"fit_{name}", size) for name, size in FIT.items())
    return ear, Fit(rarity, mean, weights), told, heard, around


def _ear(held: dict[str, Floats], which: str, buckets: int) -> Ear:
    return Ear(_shaped(held, f"{which}weights", buckets), _shaped(held, f"{which}rarity", buckets))


def _shaped(held: dict[str, Floats], name: str, size: int) -> Floats:
    if held[name].shape != (size,):
        raise ValueError(f"{name} has the shape {held[name].shape}, not ({size},)")
    return held[name]


def save(witness: Witness, folder: Path) -> Path:
    """Writes it in half precision (about a megabyte) beside an adapter."""
    from safetensors.numpy import save_file

    ears = {"weights": witness.grams.weights, "rarity": witness.grams.rarity}
    for name, ear in (("field", witness.fields), ("prose", witness.prose)):
        if ear is not None:
            ears |= {f"{name}_weights": ear.weights, f"{name}_rarity": ear.rarity}
    if witness.fit is not None:
        ears |= {f"fit_{name}": getattr(witness.fit, name) for name in FIT}
    if witness.facts is not None:
        ears |= {"fact_weights": witness.facts}
    if witness.around is not None:
        ears |= {"around_weights": witness.around}
    halves = {name: values.astype(np.float16) for name, values in ears.items()}
    save_file(halves, str(folder / FILE), metadata={"intercept": json.dumps(round(witness.intercept, 6))})
    return folder / FILE
