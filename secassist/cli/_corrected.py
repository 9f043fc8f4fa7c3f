"""Verdicts that an analyst corrected are marked wherever people read them; for machines all stays as it is stored."""

from collections.abc import Mapping, Sequence

from schemas import Analysis, Case
from secassist.formats._labels import label
from secassist.store import Review, Store

FOR_PEOPLE = ("table", "plain", "markdown", "html")
"""Output formats whose titles may say more than what was stored."""
_WORDS = {"en": "corrected to {} by {}: {}", "zh": "已由 {1} 更正为 {0}：{2}"}


def corrections(store: Store, format_: str) -> Mapping[str, Review]:
    """By analysis the last correction of its verdict; none for a format that machines read."""
    found = store.reviews() if format_ in FOR_PEOPLE else ()
    return {review.analysis_id: review for review in found if review.disposition is not None}


def marked(analyses: Sequence[Analysis], known: Mapping[str, Review]) -> list[Analysis]:
    """The analyses, those that were corrected with a title that says so first."""
    return [
        each.model_copy(update={"title": _title(each.title, each.language, known[each.id])})
        if each.id in known
        else each
        for each in analyses
    ]


def marked_cases(cases: Sequence[Case], language: str, known: Mapping[str, Review]) -> tuple[Case, ...]:
    """As `marked`, for the cases of a report."""
    return tuple(
        each.model_copy(update={"title": _title(each.title, language, known[each.analysis_id])})
        if each.analysis_id in known
        else each
        for each in cases
    )


def _title(title: str, language: str, review: Review) -> str:
    words = _WORDS.get(language, _WORDS["en"])
    return words.format(label(language, str(review.disposition)), review.author, title)
