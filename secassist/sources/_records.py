"""One parsed JSON object -> one Alert: every leaf becomes a Field, and what it is about is recognised by known paths."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from schemas import Alert, Field
from secassist.errors import SourceError
from secassist.sources._bytes import visible
from secassist.sources._recognise import description, known, observed_at, reported_severity, techniques, title
from secassist.sources.base import Limits

Pairs = Iterator[tuple[str, str]]


class Flawed(dict[str, Any]):
    """A JSON object in which a key stood twice, so that two readers could see two different records."""

    flaw: str


class NotJson:
    """Stands for NaN and Infinity, which some writers emit and JSON has not."""

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling


def decoder() -> json.JSONDecoder:
    """A decoder that keeps the spelling of numbers (so that quotes stay verbatim) and marks what `record` refuses."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=NotJson)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    flawed = Flawed(made)
    flawed.flaw = f"the key {visible(twice)[:80]!r} stands twice in one object; keep one of them"
    return flawed


def record(value: Mapping[str, Any], source: str, origin: str, limits: Limits | None = None) -> Alert:
    """The Alert of one parsed JSON object, the same for the same object.

    Elements of a list share the list's path; an empty list or object is the leaf "[]" or "{}"; an Elasticsearch hit is
    read as its `_source`. Raises SourceError naming the remedy for an object that is too deep, too wide, too large, has
    a key twice, or holds what JSON cannot.
    """
    return alert(flatten(value, limits or Limits()), source, origin)


def alert(fields: Sequence[Field], source: str, origin: str, named: str = "", when: str = "") -> Alert:
    """The Alert with these fields; `named` and `when` take the place of the title and time that would be recognised."""
    values = known(fields)
    return Alert(
        source=source,
        origin=origin,
        title=named or title(values),
        fields=tuple(fields),
        description=description(values),
        reported_severity=reported_severity(fields),
        observed_at=when or observed_at(fields),
        techniques=techniques(fields),
    )


def flatten(value: Mapping[str, Any], limits: Limits, expand: Callable[[Any], Any] = lambda node: node) -> list[Field]:
    """Every leaf in order; `expand` may rewrite a node before it is walked. Raises SourceError as `record` does."""
    fields: list[Field] = []
    size = 0
    for path, text in _leaves(_unwrapped(value), limits, expand):
        size += len(path) + len(text)
        if len(fields) == limits.fields_per_record:
            raise SourceError(
                f"more than {limits.fields_per_record} fields; split it or raise limits.fields_per_record"
            )
        if size > limits.record_bytes:
            raise SourceError(f"more than {limits.record_bytes} characters; split it or raise limits.record_bytes")
        fields.append(Field(path=path, value=text))
    if not fields:
        raise SourceError("the object is empty; leave it out")
    return fields


def _unwrapped(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """An Elasticsearch hit as its `_source`, with what stands beside it kept."""
    inner = value.get("_source")
    if isinstance(value, Flawed) or not isinstance(inner, Mapping) or isinstance(inner, Flawed) or not inner:
        return value
    beside = {key: item for key, item in value.items() if key != "_source"}
    return value if beside.keys() & inner.keys() else {**inner, **beside}


def _leaves(root: Mapping[str, Any], limits: Limits, expand: Callable[[Any], Any]) -> Pairs:
    """Depth first without recursion, so that nesting cannot exhaust the stack."""
    waiting: list[tuple[str, Any, int]] = [("", root, 0)]
    while waiting:
        path, node, depth = waiting.pop()
        node = expand(node)
        if isinstance(node, Mapping) and node:
            _check(node, depth, limits)
            items = [(f"{path}.{_key(key)}" if path else _key(key), item, depth + 1) for key, item in node.items()]
            waiting.extend(reversed(items))
        elif isinstance(node, (list, tuple)) and node:
            _check(node, depth, limits)
            waiting.extend((path, item, depth + 1) for item in reversed(node))
        elif depth:
            yield path, leaf(node)


def _check(node: Any, depth: int, limits: Limits) -> None:
    if depth >= limits.depth:
        raise SourceError(f"nested more than {limits.depth} deep; flatten it or raise limits.depth")
    if isinstance(node, Flawed):
        raise SourceError(node.flaw)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise SourceError(f"a key of type {type(key).__name__} is not JSON; make it a string")
    return visible(key)


def leaf(value: Any) -> str:
    """A leaf as text: strings as they are, the rest in JSON spelling; raises SourceError for what JSON has not."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, NotJson) or (isinstance(value, float) and value - value != 0):
        spelling = value.spelling if isinstance(value, NotJson) else str(value)
        raise SourceError(f"{spelling} is not JSON; write null or a string")
    if value is None or isinstance(value, (bool, int, float)) or value in ([], (), {}):
        return json.dumps(value)
    raise SourceError(f"a value of type {type(value).__name__} is not JSON; make it a string")
