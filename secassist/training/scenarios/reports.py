"""Generated report sentences: counted facts and prose in which every number is one of them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from secassist.analyzers.report import WORDS


@dataclass(frozen=True)
class ReportSample:
    """Facts by name ("verdicts.true_positive": 3), the language (en or zh), and sentences using only these numbers."""

    facts: dict[str, int]
    language: str
    sentences: tuple[str, ...]


_MOST = {
    "analyses.triage": 900,
    "analyses.review": 400,
    "analyses.sensitive": 200,
    "verdicts.true_positive": 40,
    "verdicts.suspicious": 60,
    "verdicts.benign_expected": 300,
    "verdicts.false_positive": 400,
    "verdicts.not_evaluable": 20,
    "verdicts.severity.critical": 9,
    "verdicts.severity.high": 40,
    "findings.secret": 25,
    "findings.personal_data": 120,
    "findings.weakness": 80,
    "analyses.state.quarantined": 9,
    "analyses.state.failed": 9,
}
"""The greatest count that is drawn for each fact; its words are those of the report analyzer."""
_OPENERS = {
    "en": (
        "In this period {n} {name} were examined.",
        "{n} {name} were looked at in the period.",
        "The period brought {n} {name}.",
    ),
    "zh": ("本周期共分析{name} {n} 条。", "本期处理了 {n} 条{name}。", "期间收到{name} {n} 条。"),
}
_SINGLE = {
    "en": (
        "There were {n} {name}.",
        "The number of {name} is {n}.",
        "Of these, {n} were {name}.",
    ),
    "zh": ("其中{name} {n} 项。", "共发现{name} {n} 项。", "{name}为 {n} 项。", "{name}计 {n} 项。"),
}
_PAIR = {
    "en": (
        "There were {n} {name} and {m} {other}.",
        "{n} {name} stand beside {m} {other}.",
        "Besides {n} {name}, the period shows {m} {other}.",
    ),
    "zh": (
        "{name} {n} 项，{other} {m} 项。",
        "除{name} {n} 项外，还有{other} {m} 项。",
        "{name}与{other}分别为 {n} 项和 {m} 项。",
    ),
}


def generate_reports(seed: int, count: int) -> Iterator[ReportSample]:
    """`count` samples, the same for the same seed; about 40 % Chinese. No fact is zero: those are not shown to a model."""
    rng = random.Random(seed)  # noqa: S311 - invented text, not a secret
    for _ in range(count):
        yield _draw(rng)


def _draw(rng: random.Random) -> ReportSample:
    language = "zh" if rng.random() < 0.4 else "en"
    chosen = [
        "analyses.triage",
        *rng.sample([name for name in _MOST if name != "analyses.triage"], k=rng.randint(3, 9)),
    ]
    facts = {name: rng.randint(2, _MOST[name]) for name in chosen}
    sentences = [_one(rng, facts, chosen[0], language, _OPENERS)]
    rest = chosen[1:]
    while rest and len(sentences) < 6:
        if len(rest) >= 2 and rng.random() < 0.4:
            sentences.append(_two(rng, facts, rest[0], rest[1], language))
            rest = rest[2:]
        else:
            sentences.append(_one(rng, facts, rest[0], language, _SINGLE))
            rest = rest[1:]
    return ReportSample(facts, language, tuple(sentences))


def _word(name: str, language: str) -> str:
    english, chinese = WORDS[name]
    return chinese if language == "zh" else english


def _one(
    rng: random.Random, facts: dict[str, int], name: str, language: str, forms: Mapping[str, tuple[str, ...]]
) -> str:
    form = rng.choice(forms[language])
    return form.format(n=facts[name], name=_word(name, language))


def _two(rng: random.Random, facts: dict[str, int], name: str, other: str, language: str) -> str:
    form = rng.choice(_PAIR[language])
    return form.format(n=facts[name], name=_word(name, language), m=facts[other], other=_word(other, language))
