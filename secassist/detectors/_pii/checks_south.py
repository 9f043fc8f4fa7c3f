"""Check digits of Latin America, Africa and Oceania that `_pii/standard` lacks, each from its public specification."""

from secassist.detectors._pii.digits import digits, is_short_day, letters, weighted

_NHI_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def vin(value: str) -> bool:
    """A vehicle's number (ISO 3779): letters and digits; its check digit is asked in North America only."""
    letters_in = sum(char.isalpha() for char in value)
    return 2 <= letters_in <= 13


def mx_clabe(value: str) -> bool:
    """Mexican bank account: weights 3 7 1, each product mod 10."""
    n = digits(value)
    total = sum(digit * (3, 7, 1)[at % 3] % 10 for at, digit in enumerate(n[:17]))
    return any(n) and -total % 10 == n[17]


def br_pis(value: str) -> bool:
    """Brazilian PIS/PASEP/NIS: weights 3 2 9 8 7 6 5 4 3 2, mod 11."""
    n = digits(value)
    return len(set(n)) > 1 and _eleven(weighted(n, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2))) == n[10]


def _eleven(total: int) -> int:
    """Eleven minus the rest, 0 for ten and eleven."""
    return (11 - total % 11) % 11 % 10


def br_cnh(value: str) -> bool:
    """Brazilian driving licence: weights 9 to 1, then 1 to 9; two less where the first rest was ten."""
    n = digits(value)
    first = weighted(n, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11
    lowered = 2 if first > 9 else 0
    second = weighted(n, (1, 2, 3, 4, 5, 6, 7, 8, 9)) % 11 - lowered
    second += 11 if second < 0 else 0
    return len(set(n)) > 1 and [first if first < 10 else 0, second if second < 10 else 0] == n[9:]


def br_voter(value: str) -> bool:
    """Brazilian voter's number: a federal unit of 01 to 28, two check digits mod 11."""
    n = digits(value)
    first = weighted(n[:8], (2, 3, 4, 5, 6, 7, 8, 9)) % 11 % 10
    second = weighted([*n[8:10], first], (7, 8, 9)) % 11 % 10
    return 1 <= n[8] * 10 + n[9] <= 28 and [first, second] == n[10:]


def br_cns(value: str) -> bool:
    """Brazilian health card: weights 15 to 1, mod 11."""
    return weighted(digits(value), tuple(range(15, 0, -1))) % 11 == 0


def uy_ci(value: str) -> bool:
    """Uruguayan identity card: weights 2 9 8 7 6 3 4, mod 10."""
    n = digits(value)
    return any(n) and -weighted(n, (2, 9, 8, 7, 6, 3, 4)) % 10 == n[7]


def eg_id(value: str) -> bool:
    """Egyptian national number: century 2 or 3, birth date, governorate 01 to 35 or 88 for those born abroad."""
    place = int(value[7:9])
    return is_short_day(value[1:7]) and (1 <= place <= 35 or place == 88)


def nz_nhi(value: str) -> bool:
    """New Zealand health number, old (mod 11) and new (mod 24, later 23; HISO 10046): letters count from 1, without I and O."""
    text = letters(value)
    numbers = [_NHI_LETTERS.index(char) + 1 if char.isalpha() else int(char) for char in text[:6]]
    total = weighted(numbers, (7, 6, 5, 4, 3, 2))
    if text[6].isalpha():
        return text[6] in {_NHI_LETTERS[size - total % size - 1] for size in (23, 24)}
    return total % 11 != 0 and (11 - total % 11) % 10 == int(text[6])


CHECKS = (vin, mx_clabe, br_pis, br_cnh, br_voter, br_cns, uy_ci, eg_id, nz_nhi)
