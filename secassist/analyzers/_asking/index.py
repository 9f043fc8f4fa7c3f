"""An index of passages: BM25 over their terms, headings counted with the text below them."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from secassist.analyzers._asking.passages import Passage
from secassist.analyzers._asking.words import terms

K1, B = 1.2, 0.75
"""As Robertson and Zaragoza (2009) recommend where nothing was fitted."""
LEAST: Final = 50
"""Passages that are reckoned with at least: in a short document a word of two passages is not yet a common one."""
HEADINGS: Final = 2
"""How often the words of a heading count."""


class Index:
    """Passages with what BM25 needs to know of them."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages: Sequence[Passage] = tuple(passages)
        self._many = max(LEAST, len(self.passages))
        self._counts = [self.counted(passage) for passage in self.passages]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean = sum(self._lengths) / max(1, len(self._lengths))
        self._seen = Counter(term for counts in self._counts for term in counts)

    @staticmethod
    def counted(passage: Passage) -> Counter[str]:
        """How often each term stands in a passage."""
        headed = terms(" ".join(passage.heading)) * HEADINGS
        return Counter(terms(passage.text) + headed)

    def idf(self, term: str) -> float:
        """How much a term tells; most where no passage has it."""
        seen = self._seen.get(term, 0)
        return math.log(1 + (self._many - seen + 0.5) / (seen + 0.5))

    @property
    def rarest(self) -> float:
        """What a term tells that stands in one passage of a hundred, or one only; copies of pages make none common."""
        seen = max(1.0, self._many / 100)
        return math.log(1 + (self._many - seen + 0.5) / (seen + 0.5))

    def ranked(self, asked: Sequence[str], most: int) -> list[tuple[float, int]]:
        """Score and place of the best passages, best first; those without any of the terms are left out."""
        weights = {term: self.idf(term) for term in dict.fromkeys(asked)}
        scores = ((self._score(weights, at), at) for at in range(len(self.passages)))
        return sorted(((score, at) for score, at in scores if score > 0), key=lambda each: (-each[0], each[1]))[:most]

    def _score(self, weights: dict[str, float], at: int) -> float:
        counts, norm = self._counts[at], K1 * (1 - B + B * self._lengths[at] / max(1e-9, self._mean))
        return sum(
            weight * counts[term] * (K1 + 1) / (counts[term] + norm)
            for term, weight in weights.items()
            if term in counts
        )
