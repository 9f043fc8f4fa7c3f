"""Works out operations on constants, so that branches that are never taken and texts put together are seen through."""

import operator
from collections.abc import Callable
from typing import Any, Final

from secassist.detectors._flow.value import UNKNOWN

_MOST: Final = 1 << 64
_NUMBERS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": operator.mod,
    "//": operator.floordiv, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
    "<<": lambda left, right: left << right if 0 <= right < 64 else UNKNOWN,
    ">>": lambda left, right: left >> right if 0 <= right < 64 else UNKNOWN,
    "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip
_SAME: Final = frozenset({"==", "===", "is", "eq", "equals"})
_OTHER: Final = frozenset({"!=", "!==", "<>", "is not", "ne"})
COMPARISONS: Final = frozenset(
    {"==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "not in", "instanceof", "is", "is not", "<>"}
)
"""Operators whose result is yes or no."""


def operation(sign: str, left: Any, right: Any) -> Any:
    """The result on two constants, UNKNOWN where there is none (or it would be huge)."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if sign in _SAME or sign in _OTHER:
        same = left == right if type(left) is type(right) or not isinstance(left, str | bool) else UNKNOWN
        return UNKNOWN if same is UNKNOWN else same == (sign in _SAME)
    if isinstance(left, str) and isinstance(right, str):
        if sign in {"in", "not in"}:
            return (left in right) == (sign == "in")
        return left + right if sign in {"+", "."} else UNKNOWN
    if not isinstance(left, int | float) or not isinstance(right, int | float) or sign not in _NUMBERS:
        return UNKNOWN
    try:
        found = _NUMBERS[sign](left, right)
    except (ArithmeticError, TypeError, ValueError):
        return UNKNOWN
    if sign == "/" and isinstance(left, int) and isinstance(right, int):
        found = int(found)
    return found if not isinstance(found, int | float) or abs(found) < _MOST else UNKNOWN


def truth(value: Any) -> bool | None:
    """Whether a constant counts as true; None if it is not known."""
    return None if value is UNKNOWN else bool(value)


def method(name: str, value: Any, given: list[Any]) -> Any:
    """The result of a method of a constant text, UNKNOWN where it is none of these."""
    if not isinstance(value, str) or UNKNOWN in given:
        return UNKNOWN
    low = name.lower()
    if low in {"charat", "__getitem__"} and len(given) == 1 and isinstance(given[0], int):
        return value[given[0]] if 0 <= given[0] < len(value) else UNKNOWN
    if low in {"substring", "substr"} and given and all(isinstance(one, int) and one >= 0 for one in given):
        return value[given[0] : given[1]] if len(given) > 1 else value[given[0] :]
    if low in {"equals", "equalsignorecase"} and len(given) == 1:
        return value == given[0] or (low.endswith("case") and value.lower() == spelled_low(given[0]))
    if low in {"tolowercase", "lower", "strtolower"}:
        return value.lower()
    if low in {"touppercase", "upper", "strtoupper"}:
        return value.upper()
    if low in {"trim", "strip"} and not given:
        return value.strip()
    if low in {"length", "size"} and not given:
        return len(value)
    return UNKNOWN


def spelled_low(value: Any) -> str:
    """A constant in lower case."""
    return str(value).lower()
