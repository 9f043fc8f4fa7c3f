"""What a label says: bad or not, techniques, CWE, lines, spans; the one place that reads upstream label fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from secassist.evaluation.examples import Example


@dataclass(frozen=True)
class TruthSpan:
    """Characters `start` (inclusive) to `end` (exclusive) of the input hold `type`."""

    start: int
    end: int
    type: str


@dataclass(frozen=True)
class Truth:
    """A label in the terms of the scorecard.

    `bad` is None where the label has no verdict (technique sentences, event classes). `lines` are 1-based. `spans` are
    the positive ones; `open` are those that the label itself leaves open (a secret that reads like a placeholder), on
    which nothing is right or wrong; `scope` holds the annotated types, empty when all of them are annotated. `paired`
    means that there is code after a fix as well, which is harmless.
    """

    bad: bool | None = None
    techniques: tuple[str, ...] = ()
    cwe: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    spans: tuple[TruthSpan, ...] = ()
    open: tuple[TruthSpan, ...] = ()
    scope: frozenset[str] = frozenset()
    paired: bool = False


def truth(example: Example) -> Truth:
    """The label of an example; a field that is missing or of the wrong type is unknown, never "benign"."""
    label = example.label
    if example.task in ("C1", "C2"):
        return _pair(example) if example.task == "C2" else _code(label)
    if example.task in ("S1", "S2"):
        return _sensitive(example.task, label)
    verdict = label.get("verdict")
    return Truth(
        bad=verdict != "benign" if isinstance(verdict, str) and verdict else None,
        techniques=tuple(_strings(label.get("techniques"))),
        lines=tuple(index + 1 for index in _integers(label.get("evidence_index")) if index >= 0),
    )


def stratum(example: Example) -> tuple[str, str, str]:
    """Task, source file and class, over which a limit is spread evenly."""
    known = truth(example)
    return example.task, example.source, str(known.bad if known.bad is not None else bool(known.techniques))


def technique_parents(techniques: Iterable[str]) -> tuple[str, ...]:
    """ATT&CK techniques without their sub-technique (T1059.001 -> T1059), each once, in order."""
    return tuple(dict.fromkeys(name.strip().upper().split(".")[0] for name in techniques))


def _pair(example: Example) -> Truth:
    """A pair is bad before and good after; what is vulnerable in it is said of the code before."""
    given = example.input if isinstance(example.input, Mapping) else {}
    paired = isinstance(given.get("after", example.label.get("after")), str)
    return replace(_code(example.label), bad=True, paired=paired)


def _code(label: Mapping[str, Any]) -> Truth:
    vulnerable = label.get("vulnerable")
    lines = label.get("lines") or label.get("vulnerable_lines") or label.get("deleted_lines")
    return Truth(
        bad=vulnerable if isinstance(vulnerable, bool) else None,
        cwe=tuple(name.upper() for name in _strings(label.get("cwe"))),
        lines=tuple(sorted({line for line in _integers(lines) if line > 0})),
    )


def _sensitive(task: str, label: Mapping[str, Any]) -> Truth:
    scope = frozenset(_strings(label.get("scope")))
    found = label.get("spans")
    if not isinstance(found, list):
        return Truth(scope=scope)
    marked = [span for span in found if isinstance(span, Mapping)]
    kept = _placed(span for span in marked if _counts(task, span, scope))
    open_ = _placed(span for span in marked if _undecided(task, span))
    bad = None if open_ and not kept else bool(kept)
    return Truth(bad=bad, spans=kept, open=open_, scope=scope)


def _placed(spans: Iterable[Mapping[str, Any]]) -> tuple[TruthSpan, ...]:
    found = [placed for span in spans if (placed := _span(span)) is not None]
    return tuple(sorted(found, key=lambda span: (span.start, span.end)))


def _counts(task: str, span: Mapping[str, Any], scope: frozenset[str]) -> bool:
    """A secret counts when it is one; a personal datum when its type is among those annotated."""
    if task == "S1":
        return span.get("is_secret") is True and not span.get("placeholder_like")
    return not scope or span.get("type") in scope


def _undecided(task: str, span: Mapping[str, Any]) -> bool:
    """A rule's own test string such as `1234567890abcdef`: upstream calls it a secret, a reader would not."""
    return task == "S1" and span.get("is_secret") is True and bool(span.get("placeholder_like"))


def _span(span: Mapping[str, Any]) -> TruthSpan | None:
    places = _integers([span.get("start"), span.get("end")])
    if len(places) != 2 or not 0 <= places[0] < places[1]:
        return None
    return TruthSpan(places[0], places[1], str(span.get("type", "")))


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _integers(value: Any) -> list[int]:
    return [item for item in value if type(item) is int] if isinstance(value, list) else []
