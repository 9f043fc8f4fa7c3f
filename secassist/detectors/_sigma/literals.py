"""Strings of which one must be in a text for a Sigma condition to match it: what rules are looked up by, before they run."""

from collections.abc import Iterable
from typing import Any

from secassist.detectors._literals import best, of_pattern, union
from secassist.detectors._sigma.fields import normal

_SHORTEST = 2


def required(trees: Iterable[Any]) -> tuple[str, ...]:
    """Sorted lower-case strings of which one is in every text that one of the conditions matches; empty: no such set."""
    found: set[str] = set()
    for tree in trees:
        one = _of_node(tree)
        if not one:
            return ()
        found |= one
    return tuple(sorted(found))


def _of_node(node: Any) -> set[str] | None:
    from sigma import conditions

    if isinstance(node, conditions.ConditionAND):
        return best([_of_node(arg) for arg in node.args])
    if isinstance(node, conditions.ConditionOR):
        return union([_of_node(arg) for arg in node.args])
    return _of_value(getattr(node, "field", ""), getattr(node, "value", None))


def _of_value(field: str, value: Any) -> set[str] | None:
    from sigma import types

    if isinstance(value, types.SigmaExpansion):
        return union([_of_value(field, one) for one in value.values])
    if isinstance(value, types.SigmaRegularExpression):
        return _usable(of_pattern(str(value.regexp.original or value.regexp)))
    if isinstance(value, types.SigmaNumber) and normal(field) == "eventid":
        return {str(value.number)}
    if isinstance(value, types.SigmaString):
        texts = [part.lower() for part in value.s if isinstance(part, str)]
        return _usable({max(texts, key=len)} if texts else None)
    return None


def _usable(found: set[str] | None) -> set[str] | None:
    return found if found and min(map(len, found)) >= _SHORTEST else None
