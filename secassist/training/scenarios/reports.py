"""Generated report sentences: counted facts and prose in which every number is one of them."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ReportSample:
    """Facts by name ("verdicts.true_positive": 3), the language (en or zh), and sentences using only these numbers."""

    facts: dict[str, int]
    language: str
    sentences: tuple[str, ...]


_NAMES: dict[str, tuple[str, str, int]] = {
    "analyses.triage": ("alerts and log windows", "告警和日志", 900),
    "analyses.review": ("pieces of code", "代码单元", 400),
    "analyses.sensitive": ("texts", "文本", 200),
    "verdicts.true_positive": ("true positives", "真实攻击", 40),
    "verdicts.suspicious": ("suspicious cases", "可疑事件", 60),
    "verdicts.benign_expected": ("expected activities", "授权活动", 300),
    "verdicts.false_positive": ("false positives", "误报", 400),
    "verdicts.not_evaluable": ("cases that could not be judged", "无法判定", 20),
    "verdicts.severity.critical": ("critical verdicts", "严重级别的判定", 9),
    "verdicts.severity.high": ("high-severity verdicts", "高危判定", 40),
    "findings.secret": ("secrets", "密钥", 25),
    "findings.personal_data": ("pieces of personal data", "个人信息", 120),
    "findings.weakness": ("code weaknesses", "代码弱点", 80),
    "analyses.state.quarantined": ("quarantined answers", "隔离的输出", 9),
    "analyses.state.failed": ("failed runs", "失败的运行", 9),
}
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
        *rng.sample([name for name in _NAMES if name != "analyses.triage"], k=rng.randint(3, 9)),
    ]
    facts = {name: rng.randint(2, _NAMES[name][2]) for name in chosen}
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
    english, chinese, _ = _NAMES[name]
    return chinese if language == "zh" else english


def _one(
    rng: random.Random, facts: dict[str, int], name: str, language: str, forms: Mapping[str, tuple[str, ...]]
) -> str:
    form = rng.choice(forms[language])
    return form.format(n=facts[name], name=_word(name, language))


def _two(rng: random.Random, facts: dict[str, int], name: str, other: str, language: str) -> str:
    form = rng.choice(_PAIR[language])
    return form.format(n=facts[name], name=_word(name, language), m=facts[other], other=_word(other, language))
