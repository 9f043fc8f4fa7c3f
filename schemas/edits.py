"""What a model is asked to write when it proposes a fix: edits of whole lines, quoted from what it was shown, and why."""

from copy import deepcopy
from functools import cache
from typing import Annotated, Any

from pydantic import Field

from schemas.noun import Noun

CodeLine = Annotated[str, Field(max_length=400, pattern=r"^[^\n\r]*$")]
"""One line of code with its indentation, without a line break."""
MOST_EDITS = 4
"""Places that one proposal may touch."""


class Edit(Noun):
    """Lines `old`, quoted exactly as they were shown, become `new`; an empty `new` takes them out."""

    old: list[CodeLine] = Field(min_length=1, max_length=12)
    new: list[CodeLine] = Field(max_length=24)


class FixAnswer(Noun):
    """A proposed fix: few edits, each at a place that its `old` lines name beyond doubt, and one sentence why."""

    edits: list[Edit] = Field(min_length=1, max_length=MOST_EDITS)
    why: Annotated[str, Field(max_length=240)]


@cache
def _schema() -> dict[str, Any]:
    """The JSON Schema with the one nested shape written where it is used: not every server follows references."""
    schema = deepcopy(FixAnswer.model_json_schema())
    edit = schema.pop("$defs")["Edit"]
    schema["properties"]["edits"]["items"] = edit
    for part in (schema, edit):
        part.pop("description", None)
    for lines in (edit["properties"]["old"], edit["properties"]["new"]):
        lines["items"].pop("pattern", None)  # beside a length, not every grammar engine keeps it
    return schema


def fix_grammar() -> dict[str, Any]:
    """The JSON Schema that a model writes a fix under; a line break within a line is refused afterwards."""
    return deepcopy(_schema())
