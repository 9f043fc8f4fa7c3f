"""Check digits of invented numbers, so that a validator has something to accept; each takes the digits without them."""

from typing import Final


def words(text: str) -> tuple[str, ...]:
    """A list written as one text."""
    return tuple(text.split())


_RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_FISCAL_ODD: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_DIHEDRAL: Final = words(
    "0123456789 1234067895 2340178956 3401289567 4012395678 5987604321 6598710432 7659821043 8765932104 9876543210"
)
_VERHOEFF: Final = words("0123456789 1576283094 5803796142 8916043527 9453126870 4286573901 2793806415 7046913258")
_VERHOEFF_INVERSE: Final = "0432156789"


def luhn(digits: str) -> str:
    """ISO/IEC 7812-1, annex B: bank cards, Canadian social insurance numbers."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def resident_card(digits: str) -> str:
    """GB 11643-1999: the 18th character of a Chinese resident identity number."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits, _RESIDENT_WEIGHTS, strict=True)) % 11]


def social_credit(code: str) -> str:
    """GB 32100-2015: the 18th character of a unified social credit code."""
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(code, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def iban(country: str, account: str) -> str:
    """ISO 13616: the two digits after the country."""
    spelled = "".join(str(int(c, 36)) for c in account + country + "00")
    return f"{98 - int(spelled) % 97:02d}"


def aadhaar(digits: str) -> str:
    """Verhoeff (1969), as India's Aadhaar numbers use it."""
    state = 0
    for index, digit in enumerate(reversed(digits), 1):
        state = int(_DIHEDRAL[state][int(_VERHOEFF[index % 8][int(digit)])])
    return _VERHOEFF_INVERSE[state]


def german_tax(digits: str) -> str:
    """ISO 7064, mod 11,10: the 11th digit of the German tax identification number."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def french_social(digits: str) -> str:
    """The two-digit key of the French social security number: 97 less the number modulo 97."""
    return f"{97 - int(digits) % 97:02d}"


def brazilian(digits: str) -> str:
    """The two check digits of the Brazilian CPF."""
    for _ in range(2):
        total = sum(int(d) * w for d, w in zip(digits, range(len(digits) + 1, 1, -1), strict=True))
        digits += str(total * 10 % 11 % 10)
    return digits[-2:]


def japanese(digits: str) -> str:
    """The last digit of the Japanese individual number (My Number)."""
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(digits), 1))
    return str(11 - total % 11) if total % 11 > 1 else "0"


def spanish(digits: str) -> str:
    """The letter of the Spanish DNI."""
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23]


def italian(code: str) -> str:
    """The last letter of the Italian codice fiscale (decree of 12 March 1974)."""
    total = 0
    for index, char in enumerate(code):
        value = int(char) if char.isdigit() else ord(char) - ord("A")
        total += _FISCAL_ODD[value] if index % 2 == 0 else value
    return chr(ord("A") + total % 26)


def routing(digits: str) -> str:
    """The ninth digit of an American bank routing number (weights 3, 7, 1)."""
    return str(-sum(int(d) * w for d, w in zip(digits, (3, 7, 1, 3, 7, 1, 3, 7), strict=True)) % 10)
