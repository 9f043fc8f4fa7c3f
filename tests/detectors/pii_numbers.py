"""Invented numbers with right check digits, made when a test runs."""


def cn_id(first: str) -> str:
    """A Chinese identity number from its first 17 digits."""
    total = sum(int(d) * w for d, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return first + "10X98765432"[total % 11]


def luhn(first: str) -> str:
    """A number with its Luhn digit."""
    total = sum(
        int(d) if at % 2 else (2 * int(d) - 9 if int(d) > 4 else 2 * int(d)) for at, d in enumerate(reversed(first))
    )
    return first + str(-total % 10)
