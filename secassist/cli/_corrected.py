"""Verdicts and findings that an analyst corrected are marked wherever people read them; for machines all stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas import Analysis, Case, Disposition, Finding, Severity
from secassist.formats._labels import label
from secassist.store import Review, Store

FOR_PEOPLE = ("table", "plain", "markdown", "html")
"""Output formats whose titles may say more than what was stored."""
_WORDS = {"en": "corrected to {} by {}: {}", "zh": "已由 {1} 更正为 {0}：{2}"}


@dataclass(frozen=True)
class Corrected:
    """The last word on an analysis; a severity goes with the disposition it was said of. `findings` by number."""

    disposition: Disposition | None = None
    severity: Severity | None = None
    author: str = ""
    findings: Mapping[int, Review] = field(default_factory=dict)


def corrections(store: Store, format_: str) -> Mapping[str, Corrected]:
    """By analysis what corrections of it come to; none for a format that machines read."""
    found = dict[str, Corrected]()
    for review in store.reviews() if format_ in FOR_PEOPLE else ():
        found[review.analysis_id] = _after(found.get(review.analysis_id, Corrected()), review)
    return found


def last_word(reviews: Iterable[Review]) -> Corrected:
    """What the reviews of one analysis, oldest first, come to."""
    said = Corrected()
    for review in reviews:
        said = _after(said, review)
    return said


def _after(said: Corrected, review: Review) -> Corrected:
    if review.finding is not None:
        known = {**said.findings, review.finding: review} if review.severity else said.findings
        return replace(said, findings=known)
    disposition = review.disposition or said.disposition
    return replace(said, disposition=disposition, severity=review.severity, author=review.author)


def marked(analyses: Sequence[Analysis], known: Mapping[str, Corrected]) -> list[Analysis]:
    """The analyses, those that were corrected with titles and findings that say so first."""
    return [
        each.model_copy(update=_said(each, each.language, known[each.id])) if each.id in known else each
        for each in analyses
    ]


def marked_cases(cases: Sequence[Case], language: str, known: Mapping[str, Corrected]) -> tuple[Case, ...]:
    """As `marked`, for the cases of a report."""
    return tuple(
        each.model_copy(update=_said(each, language, known[each.analysis_id])) if each.analysis_id in known else each
        for each in cases
    )


def _said(one: Analysis | Case, language: str, said: Corrected) -> dict[str, object]:
    found = [_finding(each, language, said.findings.get(number)) for number, each in enumerate(one.findings)]
    told = [label(language, str(word)) for word in (said.disposition, said.severity) if word]
    title = _marked(one.title, language, ", ".join(told), said.author) if told else one.title
    return {"title": title, "findings": tuple(found)}


def _finding(finding: Finding, language: str, review: Review | None) -> Finding:
    if review is None:
        return finding
    word = label(language, str(review.severity))
    return finding.model_copy(update={"message": _marked(finding.message, language, word, review.author)})


def _marked(text: str, language: str, word: str, author: str) -> str:
    return _WORDS.get(language, _WORDS["en"]).format(word, author, text)
