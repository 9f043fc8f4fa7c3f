"""An answer from documents as lines for people: each sentence, then the place where it stands."""

import re
from collections.abc import Iterator

from schemas import Citation, CitedAnswer
from secassist.formats._text import clip, one_line

_TAG = re.compile(r"</?[a-z][a-z0-9]{0,20}\b[^<>]{0,200}>")
_SILENT = {"en": "These documents do not say.", "zh": "这些文档没有说明。"}
_ABROAD = {
    "en": "{} of {} documents are in another language than the question, and words do not cross: ask in their language, too.",
    "zh": "{1} 个文档中有 {0} 个与问题语言不同，词语无法跨语言匹配：请再用文档的语言提问。",
}
_SOURCE = {"en": "source", "zh": "来源"}


def silent(language: str) -> str:
    """What is said where nothing in the documents answers."""
    return _SILENT["zh" if language == "zh" else "en"]


def place(citation: Citation) -> str:
    """ "runbook.md:12-13 (Ransomware > First hour)"."""
    lines = str(citation.line) if citation.line == citation.end_line else f"{citation.line}-{citation.end_line}"
    return f"{citation.path}:{lines}" + (f" ({citation.heading})" if citation.heading else "")


def sentence(citation: Citation) -> str:
    """The quote on one line; that of a page without the tags in it."""
    text = _TAG.sub("", citation.quote) if citation.path.lower().endswith((".html", ".htm")) else citation.quote
    return one_line(clip(" ".join(text.split())), 1000)


def told(answer: CitedAnswer, language: str) -> Iterator[str]:
    """Each sentence and its source, or that the documents do not say; and how many are in another language."""
    if not answer.sentences:
        yield silent(language)
    word = _SOURCE["zh" if language == "zh" else "en"]
    for citation in answer.sentences:
        yield sentence(citation)
        yield f"  {word}: {one_line(place(citation), 400)}"
    if answer.abroad:
        yield _ABROAD["zh" if language == "zh" else "en"].format(answer.abroad, answer.documents)
