"""What a model is asked to write: one shape per analyzer, compact, decision first; never stored as it is."""

from copy import deepcopy
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import from_json

from schemas.noun import Noun

LineNumber = Annotated[int, Field(ge=1)]
Sentence = Annotated[str, Field(max_length=240)]
Technique = Annotated[str, Field(pattern=r"^T[0-9]{4}(\.[0-9]{3})?$")]
SeverityWord = Literal["info", "low", "medium", "high", "critical"]


class TriageAnswer(Noun):
    """A judgement of an alert or log window; `lines` are cited line numbers."""

    decision: Literal["true_positive", "suspicious", "benign_expected", "false_positive", "not_evaluable"]
    severity: SeverityWord
    techniques: list[Technique] = Field(max_length=3)
    lines: list[LineNumber] = Field(max_length=4)
    reason: Sentence
    missing: list[Annotated[str, Field(max_length=100)]] = Field(max_length=3)


class SensitiveAnswer(Noun):
    """A judgement of one candidate secret or personal datum."""

    decision: Literal["real", "placeholder", "test", "encrypted", "not_sensitive", "unsure"]
    severity: SeverityWord
    reason: Sentence


class ReviewAnswer(Noun):
    """A judgement of one unit of code; `cwe` is "" and `lines` empty when it is safe; `fix` says what to write instead."""

    decision: Literal["vulnerable", "safe", "unsure"]
    cwe: Annotated[str, Field(pattern=r"^(CWE-[0-9]{1,4})?$")]
    lines: list[LineNumber] = Field(max_length=6)
    severity: SeverityWord
    reason: Sentence
    fix: Sentence


class TechniquesAnswer(Noun):
    """ATT&CK techniques that a text describes, likeliest first."""

    techniques: list[Technique] = Field(min_length=1, max_length=3)


class RemediateAnswer(Noun):
    """Numbers of the playbook actions to take, most fitting first, and one sentence that says why."""

    steps: list[LineNumber] = Field(min_length=1, max_length=8)
    summary: Sentence


class ReportAnswer(Noun):
    """The prose of a report; every number in it must be one of the facts."""

    sentences: list[Sentence] = Field(min_length=1, max_length=6)


class AskAnswer(Noun):
    """Numbers of the sentences that answer a question, best first; none where they do not answer it."""

    lines: list[LineNumber] = Field(max_length=8)


ANSWERS: dict[str, type[Noun]] = {
    answer.__name__: answer
    for answer in (
        TriageAnswer,
        SensitiveAnswer,
        ReviewAnswer,
        TechniquesAnswer,
        RemediateAnswer,
        ReportAnswer,
        AskAnswer,
    )
}


@cache
def _schema(answer: type[Noun]) -> dict[str, Any]:
    """The JSON Schema of an answer, made once since that takes milliseconds; whoever changes it takes a copy."""
    return answer.model_json_schema()


def least(answer: type[Noun], decision: str) -> Noun:
    """The answer that says no more than its decision: lowest severity, no words, nothing cited."""
    empty: dict[str, Any] = {"array": [], "string": "", "boolean": False, "integer": 0}
    fields = {}
    for name, schema in _schema(answer)["properties"].items():
        words = schema.get("enum")
        fields[name] = words[0] if words else empty.get(schema.get("type", ""))
    return answer.model_validate({**fields, "decision": decision})


def cut(answer: type[Noun], text: str) -> Noun | None:
    """What a cut answer had said by then: its whole fields, the rest as in `least`; None before the decision was whole."""
    try:
        found = from_json(text, allow_partial=True)
    except ValueError:
        return None
    if not isinstance(found, dict) or "decision" not in found or "decision" not in answer.model_fields:
        return None
    try:
        said = least(answer, str(found["decision"])).model_dump()
        return answer.model_validate(said | found)
    except ValidationError:
        return None


def grammar(
    answer: type[Noun],
    *,
    lines: int = 0,
    techniques: tuple[str, ...] | None = None,
    weaknesses: tuple[str, ...] = (),
    speaks: bool = True,
) -> dict[str, Any]:
    """The JSON Schema a model writes under: cited numbers at most `lines`, techniques only from the candidates given.

    No candidates means an empty list of techniques where the answer allows one. Where weaknesses are given, `cwe` is one
    of them or "". Where the model does not speak, its reason has to be empty.
    """
    schema = deepcopy(_schema(answer))
    schema.pop("description", None)
    properties = schema["properties"]
    for field in {"lines", "steps"} & properties.keys():
        properties[field]["items"]["maximum"] = max(1, lines)
        if lines < 1:
            properties[field]["maxItems"] = 0
    if techniques is not None and "techniques" in properties:
        if techniques:
            properties["techniques"]["items"] = {"type": "string", "enum": list(techniques)}
        else:
            properties["techniques"]["maxItems"] = 0
    if weaknesses and "cwe" in properties:
        properties["cwe"] = {"type": "string", "enum": ["", *weaknesses]}
    if not speaks and "reason" in properties:
        properties["reason"] = {"type": "string", "enum": [""]}
    return schema
