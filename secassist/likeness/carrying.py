"""Carries a verdict over to an alert like the one it was given about: its quotes are taken from the new one's text."""

import re
from collections.abc import Callable

from schemas import Analysis, Evidence, Line, State, Subject, Timings
from secassist import grounding
from secassist.likeness.keys import plain_lines

WORD = r"(?<![\w.:-]){}(?!\.?\w|[:-])"
"""A part of a sentence that is not a part of a longer word or number."""


def carried(source: Analysis, about: Subject, subject: Subject, plan: Analysis, at: str) -> Analysis | None:
    """The analysis of `subject` derived from `source`, which is about `about`; None when it has to be judged afresh.

    It is judged afresh when a line differs in more than time and numbering, when cited evidence does not stand in it,
    or when the source is no sound verdict of a model. `plan` is its record without an outcome, `at` its time.
    """
    if source.state is not State.OK or source.verdict is None or source.derived_from or not alike(about, subject):
        return None
    lines = {line.number: line for line in subject.lines}
    quoted = [_quoted(evidence, lines) for evidence in source.verdict.evidence]
    evidence = tuple(found for found in quoted if found is not None)
    if len(evidence) < len(quoted) or not all(grounding.stands(subject, each) for each in evidence):
        return None
    own = wording(about, subject)
    update = {
        "evidence": evidence,
        "rationale": own(source.verdict.rationale),
        "missing_evidence": tuple(map(own, source.verdict.missing_evidence)),
    }
    kept = {"state": source.state, "omitted": source.omitted, "derived_from": source.id, "created_at": at}
    verdict = source.verdict.model_copy(update=update)
    return plan.model_copy(update={**kept, "verdict": verdict, "error": source.error, "timings": Timings()})


def alike(first: Subject, second: Subject) -> bool:
    """Whether both have the same lines but for time and numbering."""
    one, other = plain_lines(first), plain_lines(second)
    fields = [line.field for line in first.lines] == [line.field for line in second.lines]
    return fields and [line.text for line in one] == [line.text for line in other]


def wording(first: Subject, second: Subject) -> Callable[[str], str]:
    """Rewrites a sentence about the first of two alike subjects for the second: its own times and numbers."""
    pairs = zip(plain_lines(first), plain_lines(second), strict=True)
    changes = {a: b for one, other in pairs for a, b in zip(one.parts, other.parts, strict=True) if a != b}
    if not changes:
        return str
    longest = sorted(changes, key=len, reverse=True)
    pattern = re.compile(WORD.format(f"(?:{'|'.join(map(re.escape, longest))})"))
    return lambda sentence: pattern.sub(lambda match: changes[match[0]], sentence)


def _quoted(evidence: Evidence, lines: dict[int, Line]) -> Evidence | None:
    line = lines.get(evidence.line)
    if line is None or line.field != evidence.field or not line.text.strip():
        return None
    return evidence.model_copy(update={"quote": line.text.strip()[: grounding.QUOTE_LIMIT]})
