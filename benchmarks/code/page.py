"""The page of the code scoreboard: Youden's J per language and weakness, pairs, and what the judge takes away."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmarks.code import removal
from benchmarks.code.items import Item, families
from benchmarks.code.scanners import Answer
from secassist.evaluation import metrics

SMALLEST = 10
"""Vulnerable and safe texts that a weakness needs for a row of its own."""
Flag = Callable[[Item], bool]


@dataclass(frozen=True)
class About:
    """What stands in the head."""

    date: str
    split: str
    command: str
    rules: str
    cores: int


@dataclass(frozen=True)
class Product:
    """The whole product: item id -> (calls it vulnerable, probability); the rest as in `removal`."""

    answer: Answer
    said: dict[str, tuple[bool, float]]
    quiet: dict[str, str] = field(default_factory=dict)
    followed: dict[str, str] = field(default_factory=dict)
    calibration: tuple[tuple[float, bool], ...] = ()


def any_finding(answer: Answer) -> Flag:
    """Flagged by anything."""
    return lambda item: item.id in answer.found


def same_weakness(answer: Answer) -> Flag:
    """Flagged by a finding of the family that the text was made to test, as the OWASP benchmark counts."""

    def flag(item: Item) -> bool:
        asked = families(item.cwe)
        found = answer.found.get(item.id, ())
        return bool(found) if not asked else bool(asked & families(found))

    return flag


def render(
    drawn: Sequence[Item],
    answers: Sequence[Answer],
    product: Product | None,
    about: About,
    before: Sequence[Answer] = (),
) -> str:
    """Markdown; `before` is what scanners of an older version found, the last of them all together."""
    single = [item for item in drawn if not item.pair]
    lines = [
        "# Code review: our detectors and our model beside bandit and semgrep",
        "",
        f"Written on {about.date} by `{about.command}`, on {about.cores} cores. {len(single)} single texts and "
        f"{sum(bool(item.pair) for item in drawn) // 2} before/after pairs of the {about.split} rows; no rule was tuned on "
        "test rows, whose groups (CWE, project, rule) train does not hold.",
        "",
        "J is Youden's index: the share of vulnerable texts flagged less the share of safe texts flagged. *any* counts every "
        "finding; *same* only findings of the weakness that a text was made to test, since many a safe twin holds another, "
        "real fault (a query that is echoed, a leak). Brackets hold 95 % intervals by resampling groups.",
        "",
        "Known: icd rows are nearly all vulnerable, and labelled by a scanner's patterns; PHP rows come from a generator that "
        "calls some escaped values vulnerable and some unescaped ones safe.",
        "",
    ]
    if about.rules:
        lines += [f"semgrep runs with {about.rules}.", ""]
    lines += ["## By language", "", *_by_language(single, answers, product)]
    lines += ["", "## By source", "", *_by_source(single, answers)]
    lines += ["", "## By weakness (code_flow; the rows of a language and a CWE)", "", *_by_weakness(single, answers)]
    lines += [
        "",
        "## Pairs: the code before a fix flagged, the code after it not",
        "",
        *_pairs(drawn, answers, product),
    ]
    if product:
        outcome = removal.Outcome(product.said, product.quiet, product.followed, product.calibration)
        older = [one for one in before if "code_flow" in one.name]
        others = [one for one in answers if "code_flow" not in one.name]
        scanners = [*others, *older] if older else answers
        lines += ["", "## What is taken away from the scanners", "", *removal.section(drawn, scanners, outcome)]
    lines += ["", "## Time", "", *(f"- {one.name}: {one.seconds:.1f} s for all texts" for one in answers)]
    return "\n".join(lines) + "\n"


def _youden(items: Sequence[Item], flag: Flag) -> str:
    bad = np.array([item.bad for item in items], dtype=np.bool_)
    said = np.array([flag(item) for item in items], dtype=np.bool_)
    if bad.all() or not bad.any():
        rate = said.mean() if len(said) else 0.0
        return f"- ({'found' if bad.any() else 'flagged'} {rate:.2f})"
    score = float(metrics.youden(bad, said)[0])
    measure = {"J": partial(metrics.youden, bad, said)}
    low, high = metrics.intervals(measure, len(items), [item.group for item in items])["J"]
    right, wrong = float(said[bad].mean()), float(said[~bad].mean())
    return f"{score:+.2f} [{low:+.2f}, {high:+.2f}] ({right:.2f} - {wrong:.2f})"


def _reads(answer: Answer, language: str) -> bool:
    return language in answer.languages


def _adds(answer: Answer, first: Answer, items: Sequence[Item]) -> bool:
    """Whether it says anything on these texts that the first does not say; the first itself does."""
    return answer is first or any(answer.found.get(item.id) != first.found.get(item.id) for item in items)


def _by_language(items: Sequence[Item], answers: Sequence[Answer], product: Product | None) -> list[str]:
    lines = [
        "| language | tool | texts | J any (found - falsely flagged) | J same | AUC |",
        "|---|---|---:|---|---|---:|",
    ]
    for language in ["all", *_ranked(item.language for item in items)]:
        mine = [item for item in items if language in ("all", item.language)]
        for answer in answers:
            if language == "all" and len(answer.languages) < 4:
                continue
            if language == "all" or (_reads(answer, language) and _adds(answer, answers[0], mine)):
                both = f"{_youden(mine, any_finding(answer))} | {_youden(mine, same_weakness(answer))}"
                lines.append(f"| {language} | {answer.name} | {len(mine)} | {both} | |")
        if product and (told := [item for item in mine if item.id in product.said]):
            lines.append(
                f"| {language} | with the model | {len(told)} | {_youden(told, _judged(product))} | | {_auc(told, product)} |"
            )
    return lines


def _judged(product: Product) -> Flag:
    return lambda item: product.said[item.id][0]


def _auc(items: Sequence[Item], product: Product) -> str:
    bad = np.array([item.bad for item in items], dtype=np.bool_)
    if bad.all() or not bad.any():
        return ""
    return f"{float(metrics.auc(bad, np.array([product.said[item.id][1] for item in items]))[0]):.3f}"


def _ranked(names: Iterable[str], least: int = 30) -> list[str]:
    return [name for name, count in Counter(names).most_common() if count >= least]


def _by_source(items: Sequence[Item], answers: Sequence[Answer]) -> list[str]:
    lines = ["| source | language | texts | code_flow J any | J same |", "|---|---|---:|---|---|"]
    flow = answers[0]
    for key in _ranked(f"{item.source} {item.language}" for item in items):
        mine = [item for item in items if f"{item.source} {item.language}" == key]
        source, _, language = key.rpartition(" ")
        both = f"{_youden(mine, any_finding(flow))} | {_youden(mine, same_weakness(flow))}"
        lines.append(f"| {source} | {language} | {len(mine)} | {both} |")
    return lines


def _by_weakness(items: Sequence[Item], answers: Sequence[Answer]) -> list[str]:
    lines = ["| language | CWE | vulnerable | safe | J any | J same |", "|---|---|---:|---:|---|---|"]
    flow = answers[0]
    counted = Counter((item.language, one) for item in items for one in item.cwe)
    for (language, cwe), _ in counted.most_common():
        mine = [item for item in items if item.language == language and cwe in item.cwe]
        bad = sum(item.bad for item in mine)
        if bad >= SMALLEST and len(mine) - bad >= SMALLEST:
            both = f"{_youden(mine, any_finding(flow))} | {_youden(mine, same_weakness(flow))}"
            lines.append(f"| {language} | {cwe} | {bad} | {len(mine) - bad} | {both} |")
    return lines


def _pairs(drawn: Sequence[Item], answers: Sequence[Answer], product: Product | None) -> list[str]:
    lines = [
        "| source | language | pairs | tool | both right, any | both right, same |",
        "|---|---|---:|---|---:|---:|",
    ]
    paired = [item for item in drawn if item.pair]
    keys = {(item.source, item.language) for item in paired}
    for source, language in sorted(keys):
        mine = [item for item in paired if (item.source, item.language) == (source, language)]
        for answer in answers:
            if _reads(answer, language) and _adds(answer, answers[0], mine):
                both = f"{_right(mine, any_finding(answer))} | {_right(mine, same_weakness(answer))}"
                lines.append(f"| {source} | {language} | {len(mine) // 2} | {answer.name} | {both} |")
        if product and (told := _answered_pairs(mine, product)):
            row = f"| {source} | {language} | {len(told) // 2} | with the model | {_right(told, _judged(product))} | |"
            lines += [row, f"| | | | with the model, by score | {_ordered(told, product)} | |"]
    return lines


def _answered_pairs(items: Sequence[Item], product: Product) -> list[Item]:
    count = Counter(item.pair for item in items if item.id in product.said)
    return [item for item in items if count[item.pair] == 2]


def _right(items: Sequence[Item], flag: Flag) -> int:
    """Pairs of which both sides are called what they are."""
    wrong = {item.pair for item in items if flag(item) != item.bad}
    return len({item.pair for item in items} - wrong)


def _ordered(items: Sequence[Item], product: Product) -> str:
    """Pairs in which the code before the fix has the higher probability."""
    scores: dict[str, dict[bool, float]] = {}
    for item in items:
        scores.setdefault(item.pair, {})[item.bad] = product.said[item.id][1]
    return f"{sum(both[True] > both[False] for both in scores.values())} in the right order"
