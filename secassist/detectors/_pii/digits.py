"""Sums over the digits of a number, and birth dates in it: what the check digit schemes of `_pii_checks_*` share."""

import re
from calendar import monthrange

FIRST_YEAR, LAST_YEAR = 1880, 2035
"""Years in which somebody who stands in a text may have been born."""


def digits(value: str) -> list[int]:
    """The ASCII digits of a value."""
    return [ord(char) - 48 for char in value if "0" <= char <= "9"]


def figures(value: str) -> str:
    """The same as text."""
    return value if value.isdecimal() and value.isascii() else re.sub(r"[^0-9]", "", value)


def letters(value: str) -> str:
    """ASCII letters (upper case) and digits of a value."""
    return value if value.isdecimal() and value.isascii() else re.sub(r"[^0-9A-Z]", "", value.upper())


def weighted(numbers: list[int], weights: tuple[int, ...]) -> int:
    """The sum of numbers times weights, as far as both go."""
    return sum(a * b for a, b in zip(numbers, weights, strict=False))


def is_day(year: int, month: int, day: int) -> bool:
    """Whether this day was or will be between FIRST_YEAR and LAST_YEAR."""
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def is_short_day(six: str) -> bool:
    """Whether six digits are year, month and day of some century."""
    month, day = int(six[2:4]), int(six[4:6])
    return 1 <= month <= 12 and 1 <= day <= (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1; refuses all-equal digits."""
    numbers = digits(value)
    doubled = [n if i % 2 == 0 else (2 * n - 9 if n > 4 else 2 * n) for i, n in enumerate(reversed(numbers))]
    return len(set(numbers)) > 1 and sum(doubled) % 10 == 0
