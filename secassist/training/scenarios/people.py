"""Generated texts with known places of people's names and addresses, written by us; nobody in them exists.

Patterns and name pools are cut in two by a stable hash: what development texts are made of, training texts never show.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from secassist.folds import fold
from secassist.training.scenarios.names import Names
from secassist.training.scenarios.people_names import LABELS, Maker
from secassist.training.scenarios.values import MAKERS

Part = Literal["train", "development"]
HELD_OUT_FOLDS = 5
"""One pattern, and one word of each pool, in this many is for development only."""
_MARK = re.compile(r"<<([a-z_]+)>>")
_CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_NOBODY_SHARE = 0.42
_TRIES = 20


@dataclass(frozen=True)
class PeopleSample:
    """One text. `spans` are (start, end, type) in characters; types: person, address, location, organization."""

    text: str
    language: str
    spans: tuple[tuple[int, int, str], ...]
    group: str


@dataclass(frozen=True)
class _Pattern:
    group: str
    text: str
    someone: bool


def generate_people(seed: int, count: int, part: Part = "train") -> Iterator[PeopleSample]:
    """`count` distinct texts of one to four patterns, the same for the same seed; English and Chinese take turns."""
    rng = random.Random(f"{part}{seed}")  # noqa: S311 - invented text, not a secret
    seen: set[str] = set()
    for number in range(count):
        language = ("en", "zh")[number % 2]
        sample = next((s for s in (_draw(rng, language, part) for _ in range(_TRIES)) if s.text not in seen), None)
        if sample is None:
            return
        seen.add(sample.text)
        yield sample


def is_held_out(group: str) -> bool:
    """Whether a pattern is for development only."""
    return fold(group, HELD_OUT_FOLDS, "people") == 0


@cache
def patterns(language: str, part: Part) -> tuple[_Pattern, ...]:
    """The patterns of a language and part."""
    raw = yaml.safe_load((Path(__file__).parent / f"people_{language}.yaml").read_text("utf-8"))
    found = [
        _Pattern(f"people:{language}:{line}", line.replace("\\n", "\n").replace("\\t", "\t"), kind == "people")
        for kind, lines in raw.items()
        for line in lines.strip().split("\n")
    ]
    return tuple(one for one in found if is_held_out(one.group) == (part == "development"))


def _draw(rng: random.Random, language: str, part: Part) -> PeopleSample:
    names, maker = Names(rng), Maker(rng, language, part)
    count = rng.choices((1, 2, 3, 4), (6, 3, 2, 1))[0]
    joint = rng.choice(("\n", "\n", " ", "\n\n") if language == "en" else ("\n", "\n", "", " "))
    text, spans, groups = "", [], []
    for index in range(count):
        pattern = _choose(rng, language, part)
        text += joint if index else ""
        piece, found = _fill(rng, names, maker, pattern.text)
        spans += [(start + len(text), end + len(text), kind) for start, end, kind in found]
        text += piece
        groups.append(pattern.group)
    return PeopleSample(_recased(rng, text, language), language, tuple(spans), groups[0])


def _choose(rng: random.Random, language: str, part: Part) -> _Pattern:
    someone = rng.random() >= _NOBODY_SHARE
    return rng.choice([one for one in patterns(language, part) if one.someone == someone])


def _fill(rng: random.Random, names: Names, maker: Maker, pattern: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The filled pattern and the spans of its labelled marks."""
    template = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), pattern)
    text, spans, position = "", [], 0
    for mark in _MARK.finditer(template):
        text += names.fill(template[position : mark.start()])
        value = _value(rng, maker, mark[1])
        if mark[1] in LABELS:
            spans.append((len(text), len(text) + len(value), LABELS[mark[1]]))
        text += value
        position = mark.end()
    return text + names.fill(template[position:]), spans


def _value(rng: random.Random, maker: Maker, kind: str) -> str:
    return maker.make(kind) if kind in LABELS else MAKERS[kind](rng)


def _recased(rng: random.Random, text: str, language: str) -> str:
    """Now and then everything in lower or upper case, as people type and machines print; lengths stay."""
    chance = rng.random()
    if language == "zh" or chance > 0.07:
        return text
    change: Callable[[str], str] = str.lower if chance < 0.05 else str.upper
    return "".join(changed if len(changed := change(char)) == 1 else char for char in text)
