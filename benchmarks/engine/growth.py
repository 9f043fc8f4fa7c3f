"""Growth: the plans that measure cost against the length of the private input and against the number of adapters."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from benchmarks.engine import models, workload
from benchmarks.engine.contest import Plan
from benchmarks.engine.workload import Ask

LENGTHS = (100, 250, 500, 1000, 2000, 4000, 8000)
COUNT = 4
"""Requests of each length, and as many to warm up."""
ADAPTERS = (1, 2, 4, 8, 16)
QUESTIONS = 32
LENGTH_CONTESTANTS = ("ours", "grammar-batched", "llama.cpp-f16kv")
ADAPTER_CONTESTANTS = ("ours", "grammar-batched", "llama.cpp-f16kv")
VERDICT = {"type": "string", "enum": ["true_positive", "suspicious", "benign_expected", "not_evaluable"]}
"""One word for an answer, so that its cost does not hide the input's, and no room for spaces that a random model loves."""
VERDICT_TOKENS = 16
MARGIN = 128


def length_plans(base: Plan, asks: Sequence[Ask]) -> Iterator[Plan]:
    """One plan per length and contestant, on random weights with room for 16,384 positions."""
    work = Path(base.work)
    folder = models.random_model(work)
    text = "\n".join(ask.prompt["user"] for ask in asks)
    for length in LENGTHS:
        file = work / f"length-{length}.jsonl"
        workload.save(file, list(_long(folder, text, length)))
        for name in LENGTH_CONTESTANTS:
            settings = {"room": length + MARGIN, "slots": COUNT} if name.startswith("llama.cpp") else {}
            extra = {**base.extra, "part": "length", "x": length}
            yield replace(
                base,
                contestant=name,
                asks=str(file),
                cells=("whole",),
                model=str(folder),
                settings=settings,
                extra=extra,
                warm_up=COUNT,
            )


def _long(folder: Path, text: str, length: int) -> Iterator[Ask]:
    """Distinct stretches of real prompts, cut to about `length` tokens in all."""
    from secassist.backends.local import LocalBackend
    from secassist.config import Settings
    from secassist.templates import Prompt

    backend = LocalBackend(Settings(model=str(folder), adapters=str(folder)))
    wide = length * 5
    for number in range(2 * COUNT):
        start = (number * 7919) % max(1, len(text) - wide)
        user = (text[start:] + text[:start] + text)[:wide] if len(text) < wide + start else text[start : start + wide]
        while backend.count_tokens(user) > length:
            user = user[: int(len(user) * min(0.98, length / backend.count_tokens(user)))]
        prompt = Prompt(system="Triage the input.", user=f"{number} {user}")
        ids = list(backend.encode(prompt))
        yield Ask("triage", ids, VERDICT, VERDICT_TOKENS, "", prompt.model_dump(mode="json"))


def adapter_plans(base: Plan, asks: Sequence[Ask]) -> Iterator[Plan]:
    """The same requests of one kind, dealt out to more and more adapters."""
    work = Path(base.work)
    folder = models.copied_adapters(work, max(ADAPTERS))
    models.alias(work, [f"a{number:02d}" for number in range(1, max(ADAPTERS) + 1)])
    same = [ask for ask in asks if ask.analyzer == "triage"]
    for count in ADAPTERS:
        names = cycle([f"a{number:02d}" for number in range(1, count + 1)])
        file = work / f"adapters-{count}.jsonl"
        warm = [replace(ask, analyzer=name) for ask, name in zip(same[: max(ADAPTERS)], names, strict=False)]
        asked = same[max(ADAPTERS) : max(ADAPTERS) + QUESTIONS]
        workload.save(file, warm + [replace(ask, analyzer=name) for ask, name in zip(asked, names, strict=False)])
        for name in ADAPTER_CONTESTANTS:
            settings = {"adapters": str(folder)} if name == "ours" else {}
            extra = {**base.extra, "part": "adapters", "x": count}
            yield replace(
                base,
                contestant=name,
                asks=str(file),
                cells=("whole",),
                settings=settings,
                extra=extra,
                warm_up=max(ADAPTERS),
            )
