"""Gathering: from documents and a question to numbered candidate sentences and the ranker's choice among them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from schemas import Citation, Subject
from secassist.analyzers._asking.choosing import PASSAGES, Scored, candidates, chosen
from secassist.analyzers._asking.index import Index
from secassist.analyzers._asking.languages import in_another
from secassist.analyzers._asking.passages import Passage, passages
from secassist.analyzers._asking.words import terms
from secassist.grounding import MASKED

CANDIDATES: Final = 24
"""Sentences that a model chooses among."""
Conceal = Callable[[Subject], Subject]


def gathered(question: str, documents: Sequence[Subject], conceal: Conceal, top: int) -> dict[str, Any]:
    """`candidates` (Citation as JSON), best first, and `chosen`, places among them from 1; how many documents were searched
    and how many of these are in another language than the question (`abroad`).

    Only documents that a candidate could come from are searched for secrets, and only as `conceal` gives them back is
    anything of them quoted. Raises what `conceal` raises.
    """
    index = Index(passage for at, subject in enumerate(documents) for passage in passages(subject, at))
    asked = terms(question, asked=True)
    near = [(score, index.passages[at]) for score, at in index.ranked(asked, PASSAGES)]
    masked = {at: conceal(documents[at]) for at in sorted({passage.document for _, passage in near})}
    shown = [(score, again) for score, passage in near if (again := _again(passage, masked[passage.document]))]
    ranked = candidates(question, index, shown)[:CANDIDATES]
    cited = [citation(each, masked[each.passage.document]).model_dump(mode="json") for each in ranked]
    abroad = in_another(question, [subject.text for subject in documents])
    places = [at + 1 for at in chosen(ranked, top)]
    return {"candidates": cited, "chosen": places, "documents": len(documents), "abroad": abroad}


def _again(passage: Passage, masked: Subject) -> Passage | None:
    """The same passage of the masked document; masking keeps lines where they are."""
    first, last = passage.sentences[0].line, passage.sentences[-1].end_line
    within = [
        (each.heading, sentence)
        for each in passages(masked, passage.document)
        for sentence in each.sentences
        if first <= sentence.line and sentence.end_line <= last
    ]
    return Passage(passage.document, within[0][0], tuple(sentence for _, sentence in within)) if within else None


def citation(each: Scored, document: Subject) -> Citation:
    """Where a sentence stands."""
    sentence = each.sentence
    return Citation(
        path=document.origin,
        line=sentence.line,
        end_line=sentence.end_line,
        quote=sentence.quote,
        heading=" > ".join(each.passage.heading),
        document=document.id,
        redacted=bool(MASKED.search(sentence.quote)),
    )
