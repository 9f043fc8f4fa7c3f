"""Ordinary text with names put in at any place: so that a name is known by itself and not only by the words around it."""

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from secassist.evaluation.examples import collect
from secassist.folds import fold
from secassist.training._tag_rows import ANNOTATED, TYPES, TagExample, is_development
from secassist.training.scenarios.people_names import LABELS, Maker

_PLAIN = re.compile(r"[A-Z]?[a-z' ,;:\-]+[.!?]?")
"""A sentence in which only the first word is capitalised: nobody and no place is named in it."""
_LOWER = re.compile(r"(?<![A-Za-z0-9_.\-/@])[a-z]{2,24}(?![A-Za-z0-9_\-/@])")
_BREAK = re.compile(r"(?<=[.!?])\s+|\n\n+")
_NAMING = frozenset({"nr", "nrt", "nrfg", "ns", "nt", "nz", "j", "x", "eng", "mq", "m"})
"""Parts of speech (ICTCLAS tags) that name people, places and organisations, or are digits and abbreviations."""
_KINDS = {
    "en": (
        ("person", 9),
        ("first", 3),
        ("person_rev", 1),
        ("address", 3),
        ("city", 2),
        ("org", 2),
        ("person_lower", 1),
    ),
    "zh": (("person", 10), ("address", 3), ("address_short", 1), ("city", 2), ("org", 2)),
}
_AROUND = {
    "en": (" {} ",) * 6
    + (" {}, ", ", {}, ", " ({}) ", " by {} ", " from {} ", " to {}. ", ": {}\n", ' "{}" ', "\n{}\n", " {}: "),
    "zh": ("{}",) * 8 + ("，{}，", "：{}，", "（{}）", " {} ", "“{}”", "\n{}\n", "{}、", "《{}》"),
}
_HEADING = 0.12
"""Share of ordinary texts in which every word is capitalised, as in headings."""
_MARKS = ("，", "，", "。", "：", "、", "；", " ", "\n", "！", "？", "：")
_DIGITS = ("3", "12", "2025", "100", "8:30", "13900000000", "A1", "v2", "%", "IP", "OK")


def mails(data: Path, *, development: bool) -> Iterator[str]:
    """Bodies of public mail, of one side."""
    for row in collect(data, ("T4",))[0]:
        if is_development(row.id) == development and isinstance(row.input, Mapping):
            yield from (str(text) for name, text in row.input.items() if name in ("subject", "body"))


def plain_sentences(data: Path, *, development: bool) -> list[str]:
    """Sentences of public mail in which nobody is named, of one side."""
    parts = (" ".join(part.split()) for text in mails(data, development=development) for part in _BREAK.split(text))
    return sorted({part for part in parts if 30 < len(part) < 180 and _PLAIN.fullmatch(part)})


def ordinary_words(texts: Iterable[str], limit: int, least: int = 2) -> list[str]:
    """Words that stand in lower case in at least `least` texts, most frequent first."""
    counts = Counter(word for text in texts for word in set(_LOWER.findall(text)))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [word for word, count in ranked if count >= least][:limit]


class Words:
    """Chinese words drawn by frequency, put together without grammar; people's names and places are left out.

    The file has lines "word frequency part-of-speech", as jieba's `dict.txt` does (MIT).
    """

    def __init__(self, path: Path, *, development: bool) -> None:
        lines = (line.split() for line in path.read_text("utf-8").splitlines())
        rows = [(line[0], int(line[1])) for line in lines if len(line) == 3 and line[2] not in _NAMING]
        kept = [(word, count) for word, count in rows if development or fold(word, 5, "people") != 0]
        self.words = [word for word, _ in kept]
        self.frequencies = [count for _, count in kept]
        self.weights = list(itertools.accumulate(count**0.7 for count in self.frequencies))

    def pairs(self, limit: int) -> list[str]:
        """The most frequent pairs of neighbouring characters within words."""
        counts: Counter[str] = Counter()
        for word, weight in zip(self.words, self.frequencies, strict=True):
            for pair in itertools.pairwise(word):
                counts["".join(pair)] += weight
        return [pair for pair, _ in counts.most_common(limit) if not pair.isascii()]

    def text(self, rng: random.Random) -> str:
        """Three to twenty words with a mark or a number now and then."""
        words = rng.choices(self.words, cum_weights=self.weights, k=rng.randint(3, 20))
        return "".join(word + self._mark(rng) for word in words).strip("，、；： \n")

    @staticmethod
    def _mark(rng: random.Random) -> str:
        chance = rng.random()
        return rng.choice(_MARKS) if chance < 0.22 else rng.choice(_DIGITS) if chance < 0.26 else ""


def mixed(texts: Sequence[str], language: str, count: int, seed: int, *, development: bool) -> Iterator[TagExample]:
    """`count` of the texts by turns, two of three with one to three names, addresses, places or organisations put in.

    A text is taken to name nobody itself; whether places and organisations stand in it is said for Chinese only.
    """
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    part = "development" if development else "train"
    scope = frozenset(TYPES) if language == "zh" else ANNOTATED
    for number in range(count if texts else 0):
        maker = Maker(rng, language, part)
        inserted = rng.choices((0, 1, 2, 3), (3, 3, 2, 1))[0]
        ordinary = texts[number % len(texts)]
        ordinary = ordinary.title() if rng.random() < _HEADING else ordinary
        text, spans = put_in(rng, maker, ordinary, language, inserted)
        yield TagExample(text, spans, scope, language, "mixed")


def put_in(
    rng: random.Random, maker: Maker, text: str, language: str, count: int
) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The text with `count` values put between words (Chinese: between characters), and their spans."""
    gaps = [m.start() for m in re.finditer(r" |$" if language == "en" else r"", text)]
    made, spans, position = "", [], 0
    for gap in sorted(rng.sample(gaps, min(count, len(gaps)))):
        made += text[position:gap]
        position = gap + (language == "en" and gap < len(text))
        kind = rng.choices(*zip(*_KINDS[language], strict=True))[0]
        before, after = rng.choice(_AROUND[language]).split("{}")
        value = maker.make(kind)
        start = len(made) + len(before)
        made += before + value + after
        spans.append((start, start + len(value), LABELS[kind]))
    return made + text[position:], tuple(spans)
