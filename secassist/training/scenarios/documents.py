"""Generated documents: tickets, settings, logs, chats and code with known places of secrets and personal data."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from secassist.training.scenarios.names import Names
from secassist.training.scenarios.values import MAKERS, PUBLIC, SECRETS

_MARK = re.compile(r"<<([a-z_]+)/([a-z]+)>>")
_TRIES = 40


@dataclass(frozen=True)
class DocumentSample:
    """One text. Each span: `start`, `end` (character offsets), `type`, `judgement` (real, placeholder, test, encrypted)
    and, for secrets only, `is_secret`, true when the judgement is real. Look-alikes such as digests have no span."""

    kind: str
    language: str
    text: str
    spans: tuple[dict[str, Any], ...]
    group: str


@dataclass(frozen=True)
class _Form:
    kind: str
    language: str
    join: str
    head: tuple[str, ...]
    lines: tuple[str, ...]


def generate_documents(seed: int, count: int) -> Iterator[DocumentSample]:
    """`count` distinct documents, the same for the same seed; about one in six holds nothing to find."""
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    seen: set[str] = set()
    for _ in range(count):
        sample = next((s for s in (_draw(rng) for _ in range(_TRIES)) if s.text not in seen), None)
        if sample is None:
            return
        seen.add(sample.text)
        yield sample


@cache
def _forms() -> tuple[_Form, ...]:
    raw = yaml.safe_load((Path(__file__).parent / "documents.yaml").read_text("utf-8"))
    return tuple(
        _Form(r["kind"], r["language"], r["join"], tuple(map(str, r["head"])), tuple(map(str, r["lines"]))) for r in raw
    )


def _draw(rng: random.Random) -> DocumentSample:
    form = rng.choice(_forms())
    names = Names(rng)
    quiet = rng.random() < 0.15
    pool = [line for line in form.lines if not (quiet and "<<" in line)]
    chosen = rng.sample(pool, k=min(len(pool), rng.randint(1, 8)))
    text, spans = "", []
    for index, template in enumerate([rng.choice(form.head), *chosen]):
        part, found = _fill(rng, names, template, len(text) + len(form.join) * bool(index))
        text += (form.join if index else "") + part
        spans += found
    return DocumentSample(form.kind, form.language, text, tuple(spans), f"document:{form.kind}:{form.language}")


def _fill(rng: random.Random, names: Names, template: str, offset: int) -> tuple[str, list[dict[str, Any]]]:
    """The filled line and the spans of its marks; `offset` is where the line begins in the document."""
    text, spans, position = "", [], 0
    for mark in _MARK.finditer(template):
        text += names.fill(template[position : mark.start()])
        value = MAKERS[mark.group(1)](rng)
        spans.append(_span(mark.group(1), mark.group(2), offset + len(text), len(value)))
        text += value
        position = mark.end()
    return text + names.fill(template[position:]), spans


def _span(maker: str, judgement: str, start: int, length: int) -> dict[str, Any]:
    kind = PUBLIC.get(maker, maker)
    span: dict[str, Any] = {"start": start, "end": start + length, "type": kind, "judgement": judgement}
    if kind in SECRETS:
        span["is_secret"] = judgement == "real"
    return span
