"""Reader of people's names and addresses: the bundled tagger behind its sieve, loaded when a text first may name somebody."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

from secassist.backends._tag_sieve import Block, blocks, is_record, may_name
from secassist.backends._tagging import CARD, Card, Tagger, bundled, identity, read_card

TYPES = frozenset({"person", "address"})
"""What is told; the tagger knows places and organisations so that it does not take them for people."""
SURE = 0.985
"""Belief from which on a person counts in what a machine wrote, where most words are capitalised for other reasons.

Chosen on log lines: precision .99 at recall .62 in English and .91 in Chinese, where rules find nearly all by themselves.
"""
BATCH = 64
"""Blocks that are read at once."""
_REMEMBERED = 4_096
Found = tuple[int, int, str]
"""Start and end in characters, and type."""


def available(folder: Path | None = None) -> bool:
    """Whether a tagger is there; the bundled one may have been left out of an installation."""
    return ((folder or bundled()) / CARD).exists()


class PeopleReader:
    """Finds people and addresses in texts of any length; several threads may ask, one is served at a time.

    `limit` is the most characters that are read of one text, after the sieve; `threads` are torch threads.
    """

    def __init__(self, limit: int, threads: int = 1, folder: Path | None = None) -> None:
        self.folder = folder or bundled()
        self.limit = limit
        self._threads = threads
        self._loading = threading.Lock()
        self._card: Card | None = None
        self._ordinary: frozenset[str] = frozenset()
        self._tagger: Tagger | None = None
        self._known: OrderedDict[str, list[Found]] = OrderedDict()

    def identity(self) -> str:
        """Digest of all that an answer depends on; raises ModelError when the tagger is damaged."""
        return identity(self.folder)

    def __call__(self, text: str) -> tuple[list[Found], int]:
        """What stands in a text, in order, and how many characters that may name somebody were not read."""
        with self._loading:
            return self._read(text)

    def _read(self, text: str) -> tuple[list[Found], int]:
        chosen = list(self._promising(text))
        wanted, unread = _within({block.key: block.text for block in reversed(chosen)}, chosen, self.limit)
        self._learn([known for known in dict.fromkeys(wanted.values()) if known not in self._known])
        answers = {key: self._known[known] for key, known in wanted.items()}
        self._forget()
        found = [
            (block.start + start, block.start + end, kind)
            for block in chosen
            for start, end, kind in answers.get(block.key, ())
        ]
        return found, unread

    def _promising(self, text: str) -> Iterator[Block]:
        if self._card is None:
            self._card = read_card(self.folder)
            self._ordinary = frozenset(self._card.ordinary.split())
        return (block for block in blocks(text) if may_name(block.text, self._ordinary))

    def _learn(self, texts: Sequence[str]) -> None:
        for start in range(0, len(texts), BATCH):
            if self._tagger is None:
                self._tagger = Tagger.load(self.folder)
            part = texts[start : start + BATCH]
            tagged = self._tagger.tag(part, self._threads)
            for text, spans in zip(part, tagged, strict=True):
                least = SURE if is_record(text) else 0.0
                sure = (span for span in self._tagger.found(text, spans) if span.type in TYPES)
                self._known[text] = [
                    (s.start, s.end, s.type) for s in sure if s.type != "person" or s.probability >= least
                ]

    def _forget(self) -> None:
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _within(texts: dict[str, str], chosen: Sequence[Block], limit: int) -> tuple[dict[str, str], int]:
    """Of the texts by key the first ones of at most `limit` characters together, and how many characters are left out."""
    wanted: dict[str, str] = {}
    used = unread = 0
    for block in chosen:
        if block.key in wanted:
            continue
        if used + len(block.text) > limit:
            unread += len(block.text)
        else:
            used += len(block.text)
            wanted[block.key] = texts[block.key]
    return wanted, unread
