"""Drain: log lines grouped into templates by a tree of fixed depth (after He et al., ICWS 2017); one pass, no state."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

DEPTH = 3
"""Leading tokens that pick the leaf; our choice, not tuned."""
SIMILARITY = 0.5
"""Share of equal tokens from which a line joins a group (the paper's st); our choice, not tuned."""
CHILDREN = 100
GROUPS = 2_000
TOKENS = 60
WILD = "<*>"

_MASKS = (
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"), "<ip>"),
    (re.compile(r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d\b"), "<time>"),
    (re.compile(r"\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?: [+-]\d{4})?"), "<time>"),
    (re.compile(r"\b0x[0-9A-Fa-f]{1,16}\b|\b[0-9a-f]{16,64}\b"), "<hex>"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])"), "<n>"),
)


@dataclass
class Group:
    """Lines of one template: its tokens, `WILD` where they differ, and the 1-based numbers of its lines."""

    tokens: list[str]
    lines: list[int] = field(default_factory=list)

    @property
    def template(self) -> str:
        """The tokens joined by spaces."""
        return " ".join(self.tokens)


class Drain:
    """Feed lines with `add`; `groups` holds what was found, in order of first sight."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._leaves: dict[tuple[int, tuple[str, ...]], list[Group]] = {}
        self._children: dict[tuple[int, tuple[str, ...]], set[str]] = {}

    def add(self, number: int, line: str) -> Group:
        """The group of this line; beyond 2000 groups a line joins the most similar one of its leaf, or the last group."""
        tokens = tokenise(line)
        leaf = self._leaves.setdefault(self._path(tokens), [])
        group = _best(leaf, tokens)
        if group is None and len(self.groups) < GROUPS:
            group = Group(list(tokens))
            leaf.append(group)
            self.groups.append(group)
        elif group is None:
            group = leaf[0] if leaf else self.groups[-1]
        else:
            group.tokens = [a if a == b else WILD for a, b in zip(group.tokens, tokens, strict=True)]
        group.lines.append(number)
        return group

    def _path(self, tokens: list[str]) -> tuple[int, tuple[str, ...]]:
        path: tuple[str, ...] = ()
        for token in tokens[:DEPTH]:
            known = self._children.setdefault((len(tokens), path), set())
            step = WILD if _varies(token) else token
            if step not in known and len(known) >= CHILDREN:
                step = WILD
            known.add(step)
            path = (*path, step)
        return len(tokens), path


def tokenise(line: str) -> list[str]:
    """Words of a line with addresses, times, numbers and hex masked; at most 60, the rest as one wildcard."""
    for pattern, mask in _MASKS:
        line = pattern.sub(mask, line)
    tokens = line.split()
    return tokens if len(tokens) <= TOKENS else [*tokens[:TOKENS], WILD]


def _varies(token: str) -> bool:
    return token.startswith("<") or any(c.isdigit() for c in token)


def _best(leaf: list[Group], tokens: list[str]) -> Group | None:
    best, score = None, SIMILARITY
    for group in leaf:
        equal = sum(1 for a, b in zip(group.tokens, tokens, strict=True) if a == b)
        share = equal / max(1, len(tokens))
        if share >= score and (best is None or share > score):
            best, score = group, share
    return best


def mine(lines: Iterable[tuple[int, str]]) -> list[Group]:
    """Groups of (number, text) lines, in order of first sight."""
    drain = Drain()
    for number, text in lines:
        if text.strip():
            drain.add(number, text[:4096])
    return drain.groups
