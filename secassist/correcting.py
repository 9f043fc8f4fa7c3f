"""Verdicts and findings as analysts corrected them, for all that is shown, counted and exported; what was stored stays."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from schemas import Analysis, Case
from secassist.formats._labels import label
from secassist.store import Corrected, Review, Store, corrected, last_word

_One = TypeVar("_One", Analysis, Case)
_WORDS = {"en": "corrected to {} by {}: {}", "zh": "已由 {1} 更正为 {0}：{2}"}


def corrections(store: Store) -> Mapping[str, Corrected]:
    """By analysis what corrections of it come to."""
    said: dict[str, list[Review]] = {}
    for review in store.reviews():
        said.setdefault(review.analysis_id, []).append(review)
    return {id_: last_word(reviews) for id_, reviews in said.items()}


def held(
    analyses: Sequence[Analysis],
    known: Mapping[str, Corrected],
    numbers: Mapping[str, Sequence[int]] | None = None,
) -> list[Analysis]:
    """The analyses as they hold by now; titles of verdicts and messages of findings say first who corrected them.

    `numbers` are the places in the stored analysis of findings that are left of it, where some were taken out.
    """
    return [
        _held(each, each.language, known[each.id], (numbers or {}).get(each.id)) if each.id in known else each
        for each in analyses
    ]


def held_cases(cases: Sequence[Case], language: str, known: Mapping[str, Corrected]) -> tuple[Case, ...]:
    """As `held`, for the cases of a report."""
    return tuple(
        _held(each, language, known[each.analysis_id], None) if each.analysis_id in known else each for each in cases
    )


def _held(one: _One, language: str, said: Corrected, numbers: Sequence[int] | None) -> _One:
    findings = corrected(one, said, numbers)["findings"]
    places = numbers if numbers is not None else range(len(findings))
    told = [label(language, str(word)) for word in (said.disposition, said.severity) if word]
    title = _marked(one.title, language, ", ".join(told), said.author) if told else one.title
    marked = tuple(
        each.model_copy(update={"message": _of_finding(each.message, language, said.findings[number])})
        if number in said.findings
        else each
        for number, each in zip(places, findings, strict=True)
    )
    return one.model_copy(update={**corrected(one, said, numbers), "title": title, "findings": marked})


def _of_finding(message: str, language: str, review: Review) -> str:
    words = [label(language, str(word)) for word in (review.judgement, review.severity) if word]
    return _marked(message, language, ", ".join(words), review.author)


def _marked(text: str, language: str, word: str, author: str) -> str:
    return _WORDS.get(language, _WORDS["en"]).format(word, author, text)
