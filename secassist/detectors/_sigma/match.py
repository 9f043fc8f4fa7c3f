"""Our evaluation of a parsed Sigma condition: pySigma's tree becomes one predicate over an Event, compiled once."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.policy.regex_engine import RE2RegexEngine
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)

from secassist.detectors._sigma.fields import Event, Value
from secassist.errors import DetectorError

Test = Callable[[Event], tuple[int, ...] | None]
"""None: no match. Otherwise the numbers of the lines that made it match (empty for a match on an absent field)."""
_Check = Callable[[Value], bool]


def compile_condition(node: Any) -> Test:
    """The predicate of a condition tree as pySigma's `SigmaCondition.parsed` gives it.

    Raises DetectorError for a construct that is not supported (placeholders, query expressions, a regular expression
    that cannot run in linear time).
    """
    if isinstance(node, ConditionAND):
        return partial(_all, [compile_condition(arg) for arg in node.args])
    if isinstance(node, ConditionOR):
        return partial(_any, [compile_condition(arg) for arg in node.args])
    if isinstance(node, ConditionNOT):
        return partial(_not, compile_condition(node.args[0]))
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return _field_test(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return partial(_on_any_field, _keyword_check(node.value))
    raise DetectorError(f"a Sigma condition of type {type(node).__name__} is not supported")


def _all(tests: Sequence[Test], event: Event) -> tuple[int, ...] | None:
    lines: list[int] = []
    for test in tests:
        found = test(event)
        if found is None:
            return None
        lines.extend(found)
    return tuple(lines)


def _any(tests: Sequence[Test], event: Event) -> tuple[int, ...] | None:
    return next((found for test in tests if (found := test(event)) is not None), None)


def _not(test: Test, event: Event) -> tuple[int, ...] | None:
    return () if test(event) is None else None


def _on_field(field: str, check: _Check, event: Event) -> tuple[int, ...] | None:
    hits = [value for value in event.get(field) if check(value)]
    return tuple(line for value in hits for line in _lines(value, check)) if hits else None


def _on_any_field(check: _Check, event: Event) -> tuple[int, ...] | None:
    hits = [value for value in event.values if check(value)]
    return tuple(line for value in hits[:8] for line in _lines(value, check)) if hits else None


def _lines(value: Value, check: _Check) -> tuple[int, ...]:
    """The lines of a value of several lines that match on their own; the first where none does."""
    if "\n" not in value.text:
        return (value.line,)
    parts = value.text.replace("\r\n", "\n").split("\n")[:2_000]
    own = [value.line + at for at, part in enumerate(parts) if check(Value(part, part.lower(), 0))]
    return tuple(own[:8]) or (value.line,)


def _field_test(field: str, value: Any) -> Test:
    if isinstance(value, SigmaExpansion):
        return partial(_any, [_field_test(field, one) for one in value.values])
    if isinstance(value, SigmaNull):
        return partial(_is_null, field)
    if isinstance(value, SigmaExists):
        return partial(_exists, field, bool(value))
    if isinstance(value, SigmaFieldReference):
        return partial(_same_as, field, value)
    if isinstance(value, SigmaString) and not value.s:
        return partial(_is_empty, field)
    return partial(_on_field, field, _value_check(value))


def _is_null(field: str, event: Event) -> tuple[int, ...] | None:
    found = event.get(field)
    return tuple(v.line for v in found) if all(v.folded in ("", "null", "none") for v in found) else None


def _is_empty(field: str, event: Event) -> tuple[int, ...] | None:
    found = [v.line for v in event.get(field) if not v.text]
    return tuple(found) or None


def _exists(field: str, wanted: bool, event: Event) -> tuple[int, ...] | None:
    found = event.get(field)
    return tuple(v.line for v in found[:1]) if bool(found) is wanted else None


def _same_as(field: str, reference: SigmaFieldReference, event: Event) -> tuple[int, ...] | None:
    for mine in event.get(field):
        for other in event.get(reference.field):
            if _compare_texts(mine.folded, other.folded, reference):
                return mine.line, other.line
    return None


def _compare_texts(mine: str, other: str, reference: SigmaFieldReference) -> bool:
    if reference.starts_with and reference.ends_with:
        return other in mine
    if reference.starts_with:
        return mine.startswith(other)
    return mine.endswith(other) if reference.ends_with else mine == other


def _value_check(value: Any) -> _Check:
    if isinstance(value, SigmaString):
        return _glob_check(value)
    if isinstance(value, SigmaNumber):
        return partial(_is_number, value.number)
    if isinstance(value, SigmaBool):
        word = "true" if value.boolean else "false"
        return lambda v: v.folded == word
    if isinstance(value, SigmaRegularExpression):
        return _regex_check(value)
    if isinstance(value, SigmaCIDRExpression):
        return partial(_in_network, value.network)
    if isinstance(value, SigmaCompareExpression):
        return partial(_compares, value.op, value.number.number)
    raise DetectorError(f"a Sigma value of type {type(value).__name__} is not supported")


def _keyword_check(value: Any) -> _Check:
    """A keyword is searched anywhere in a value, as the standard says of unbound values."""
    if isinstance(value, SigmaExpansion):
        checks = [_keyword_check(one) for one in value.values]
        return lambda v: any(check(v) for check in checks)
    if isinstance(value, SigmaNumber):
        value = SigmaString(str(value.number))
    if isinstance(value, SigmaString):
        wrapped = type(value)()
        wrapped.s = [SpecialChars.WILDCARD_MULTI, *value.s, SpecialChars.WILDCARD_MULTI]
        return _glob_check(wrapped)
    return _value_check(value)


def _is_number(number: float, value: Value) -> bool:
    try:
        return float(int(value.text, 16) if value.folded.startswith("0x") else value.text) == number
    except ValueError:
        return False


def _compares(operator: CompareOperators, number: float, value: Value) -> bool:
    try:
        mine = float(value.text)
    except ValueError:
        return False
    return {
        CompareOperators.LT: mine < number,
        CompareOperators.LTE: mine <= number,
        CompareOperators.GT: mine > number,
        CompareOperators.GTE: mine >= number,
        CompareOperators.NEQ: mine != number,
    }[operator]


def _in_network(network: ipaddress.IPv4Network | ipaddress.IPv6Network, value: Value) -> bool:
    try:
        address = ipaddress.ip_address(value.text.strip().removeprefix("::ffff:"))
    except ValueError:
        return False
    return address.version == network.version and address in network


def _regex_check(value: SigmaRegularExpression) -> _Check:
    flags = 0
    for flag in value.flags:
        flags |= value.sigma_to_python_flags[flag]
    try:
        pattern = RE2RegexEngine().compile(str(value.regexp.original or value.regexp), flags)
    except Exception as error:  # re2 has its own error type, known only after a late import
        raise DetectorError(f"the regular expression {value.regexp} cannot run in linear time") from error
    return lambda v: pattern.search(v.text) is not None


def _glob_check(value: SigmaString) -> _Check:
    cased = isinstance(value, SigmaCasedString)
    pieces: list[list[str | None]] = [[]]
    for part in value.s:
        if part is SpecialChars.WILDCARD_MULTI:
            pieces.append([])
        elif part is SpecialChars.WILDCARD_SINGLE:
            pieces[-1].append(None)
        elif isinstance(part, str):
            pieces[-1].append(part if cased else part.lower())
        else:
            raise DetectorError("a Sigma value with placeholders is not supported")
    finders = [_Piece(piece) for piece in pieces]
    return partial(_globs, finders, cased)


class _Piece:
    """A part of a pattern between two `*`: literal text, or with `?` in it an expression of fixed length."""

    def __init__(self, parts: list[str | None]) -> None:
        self.length = sum(1 if part is None else len(part) for part in parts)
        self._literal = "".join(part or "" for part in parts)
        self._pattern = None
        if None in parts:
            text = "".join("." if part is None else re.escape(part) for part in parts)
            self._pattern = re.compile(text, re.DOTALL)

    def find(self, text: str, start: int) -> int:
        """Where it is first found from `start` on, or -1."""
        if self._pattern is None:
            return text.find(self._literal, start)
        hit = self._pattern.search(text, start)
        return hit.start() if hit else -1

    def stands_at(self, text: str, at: int) -> bool:
        """Whether it is found exactly at `at`."""
        if self._pattern is None:
            return at >= 0 and text.startswith(self._literal, at)
        return at >= 0 and self._pattern.match(text, at) is not None


def _globs(pieces: Sequence[_Piece], cased: bool, value: Value) -> bool:
    """Leftmost matching of the pieces in turn: linear per piece, no backtracking."""
    text = value.text if cased else value.folded
    first, last = pieces[0], pieces[-1]
    if not first.stands_at(text, 0):
        return False
    if len(pieces) == 1:
        return len(text) == first.length
    at = first.length
    for piece in pieces[1:-1]:
        found = piece.find(text, at)
        if found < 0:
            return False
        at = found + piece.length
    end = len(text) - last.length
    return end >= at and last.stands_at(text, end)
