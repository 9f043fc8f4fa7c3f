"""Ask: which sentences of the user's own documents answer a question?"""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas import Citation, CitedAnswer, Line, State, SubjectKind
from schemas.answers import AskAnswer, grammar
from secassist.analyzers._fit import fit
from secassist.analyzers.base import Evidenced, Question, Reply, Tools, last_line
from secassist.analyzers.base import cited as told
from secassist.registry import Calibration


class Ask:
    """Answers are quotes: a model that was made for it chooses among numbered sentences, else the ranker's choice stands.

    `context`: title (the question), candidates (Citation as JSON, best first), chosen (the ranker's, from 1), top,
    documents (how many were searched), abroad (how many of these are in another language than the question), model
    (whether one is asked), refused (why nothing is answered, or "").
    """

    name = "ask"
    summary = "sentences of the user's documents that answer a question"
    kinds = frozenset({SubjectKind.DOCUMENT})
    detectors: tuple[str, ...] = ()

    def ask(self, item: Evidenced, tools: Tools) -> list[Question]:
        """One question, unless code alone answers."""
        context = item.context
        if not context["model"] or context["refused"] or not context["candidates"]:
            return []
        shown = [Line(number=at, text=_shown(each)) for at, each in enumerate(context["candidates"], start=1)]
        lines, omitted = fit(shown, tools.template.matter.input_tokens, tools.count)
        values = {"question": context["title"], "lines": lines, "language": item.language}
        schema = grammar(AskAnswer, lines=last_line(lines))
        schema["properties"]["lines"]["maxItems"] = context["top"]
        return [Question(values, schema, (), omitted)]

    def decide(self, odds: Mapping[str, float], calibration: Calibration) -> str:  # noqa: ARG002 - no odds are read
        """Not asked: the answer is a list."""
        return max(odds, key=lambda choice: odds[choice])

    def combine(self, item: Evidenced, replies: Sequence[Reply], tools: Tools) -> dict[str, Any]:  # noqa: ARG002
        """The chosen sentences, each with the place where it stands; numbers that no sentence has are left out."""
        context = item.context
        if context["refused"]:
            return {"state": State.REFUSED, "error": context["refused"]}
        if replies and replies[0].answer is None:
            return {"state": replies[0].state}
        numbers = told(replies[0]) if replies else context["chosen"]
        cited = [Citation.model_validate(each) for each in context["candidates"]]
        said = tuple(cited[at - 1] for at in dict.fromkeys(numbers) if at <= len(cited))[: context["top"]]
        by = "model" if replies else "ranker"
        searched = {"documents": context["documents"], "abroad": context["abroad"]}
        return {"answer": CitedAnswer(question=context["title"], sentences=said, by=by, **searched)}


def _shown(candidate: Mapping[str, Any]) -> str:
    """A sentence as a model sees it, behind its heading."""
    text = " ".join(candidate["quote"].split())
    return f"{candidate['heading']}: {text}" if candidate["heading"] else text


PLUGIN = Ask()
