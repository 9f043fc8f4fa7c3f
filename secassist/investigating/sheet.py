"""The sheet of an investigation: everything that is shown of it, put together once, for every form it is written in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schemas import canonical_json
from secassist.investigating.case import Investigated, Member
from secassist.investigating.choosing import Open, chosen, ordered
from secassist.investigating.linking import Links
from secassist.investigating.progress import Progress, progress, proposals
from secassist.knowledge import attack
from secassist.store import Answered


@dataclass(frozen=True)
class Sheet:
    """What is known, linked, open and answered; `opened` in the order of showing, `language` "en" or "zh"."""

    case: Investigated
    links: Links
    opened: tuple[Open, ...]
    answers: dict[str, Answered]
    progress: Progress
    proposals: tuple[str, ...]
    language: str


def sheet(case: Investigated, links: Links, answers: Sequence[Answered], language: str, everything: bool) -> Sheet:
    """The questions that fit beside those that were answered; an answer to a question that no longer fits is kept too."""
    fitting = chosen(case, everything=True)
    said = {each.question: each for each in answers}
    short = chosen(case)
    ids = {each.question.id for each in short}
    shown = [each for each in fitting if everything or each.question.id in ids or each.question.id in said]
    made = progress(shown, list(said.values()))
    proposed = proposals(case.lead.analysis, made)
    return Sheet(case, links, tuple(ordered(shown, said)), said, made, proposed, language)


def as_json(made: Sheet) -> str:
    """One JSON object on one line."""
    case, language = made.case, made.language
    return canonical_json(
        {
            "analyses": [_member(member) for member in case.members],
            "inputs": sorted(case.kinds),
            "techniques": [{"id": each, "name": attack.name(each)} for each in case.techniques],
            "hinted": list(case.hinted),
            "entities": [asdict(entity) for entity in case.entities],
            "links": asdict(made.links),
            "questions": [_question(each, made, language) for each in made.opened],
            "progress": asdict(made.progress),
            "proposals": list(made.proposals),
        }
    )


def _member(member: Member) -> dict[str, Any]:
    analysis = member.analysis
    verdict = analysis.verdict.model_dump(mode="json") if analysis.verdict else None
    proved = [
        {"rule": signal.rule, "message": signal.message, "lines": list(signal.lines)} for signal in member.signals
    ]
    shown = {"id": analysis.id, "title": analysis.title, "origin": analysis.origin, "state": analysis.state.value}
    return {**shown, "when": member.when, "observed": member.observed, "verdict": verdict, "proved": proved}


def _question(each: Open, made: Sheet, language: str) -> dict[str, Any]:
    question, answer = each.question, made.answers.get(each.question.id)
    texts = {name: getattr(question, name)[language] for name in ("ask", "why", "yes", "no")}
    return {
        "number": each.number,
        "id": question.id,
        "weight": question.weight,
        "attack": question.attack,
        **texts,
        "queries": [asdict(query) for query in each.queries],
        "told": asdict(each.told) if each.told else None,
        "answer": asdict(answer) if answer else None,
    }
