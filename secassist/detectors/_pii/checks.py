"""Check digits by name: those of the whole world, North America and Australia here, the rest in `_pii_checks_*`.

Each is from its public specification and takes the value as found.
"""
# ruff: noqa: E501, SIM905 - lists of codes

import hashlib
import re
from collections.abc import Callable

from secassist.detectors._pii import checks_asia, checks_europe, checks_south, standard
from secassist.detectors._pii.digits import digits, figures, is_short_day, letters, luhn, weighted

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"3(?:0[0-59]|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12}|"
    r"(?:5018|5019|5020|5038|6304|6759|676[1-3])\d{8,15}|1\d{14}"
)
"""Issuer ranges and lengths as the card schemes publish them (ISO/IEC 7812)."""
_IBAN_LENGTHS = dict.fromkeys("NO".split(), 15) | {
    country: size
    for size, countries in {
        16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ DZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST", 26: "IS TR", 27: "BI BF CM FR GR IT MC MR SM DJ", 28: "AL AZ BY CY DO GT HU LB NI PL SV CI SN",
        29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
"""Characters of an IBAN by country (SWIFT's registry)."""
_LONG_CODES = frozenset(
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 "
    "93 94 95 98".split()
)
_LONG_STARTS = frozenset("21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99".split())
"""Two-digit country codes, and the beginnings of three-digit ones (ITU-T E.164 Annex)."""
_NATIONAL = {"1": (10, 10), "7": (10, 10), "33": (9, 9), "34": (9, 9), "44": (9, 10), "86": (9, 11), "91": (10, 10),
             "52": (10, 11), "55": (10, 11), "61": (9, 9), "81": (9, 10), "82": (8, 11), "39": (6, 12), "49": (6, 13)}  # fmt: skip
"""Digits after the country code where the plan is fixed; elsewhere 6 to 12."""


def credit_card(value: str) -> bool:
    """Luhn, and a length that the issuer of the first digits uses."""
    text = figures(value)
    return _CARD.fullmatch(text) is not None and luhn(text)


def iban(value: str) -> bool:
    """ISO 13616: the country's length, and mod 97 of the rearranged number is 1."""
    text = letters(value)
    if len(text) != _IBAN_LENGTHS.get(text[:2]):
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def iban_length(value: str) -> int:
    """Characters of an IBAN that begins like this, 0 if no country's does."""
    return _IBAN_LENGTHS.get(value[:2].upper(), 0)


def e164(value: str) -> bool:
    """ITU-T E.164: a country code that is given out and a national number of a length that fits it; no decimal number."""
    if re.fullmatch(r"\+\d+\.\d+", value):
        return False
    text = figures(value)
    code = next((text[:n] for n in (1, 2) if text[:n] in _NATIONAL or text[:n] in _LONG_CODES), "")
    if not code and text[:2] in _LONG_STARTS:
        code = text[:3]
    low, high = _NATIONAL.get(code, (6, 12))
    rest = len(text) - len(code) - (1 if "(0)" in value else 0)
    return bool(code) and low <= rest <= high and len(text) <= 16 and len(set(text)) > 2


def us_ssn(value: str) -> bool:
    """Social Security Administration: no area 000, 666 or 9xx, no group 00, no serial 0000, no advertising number."""
    text = figures(value)
    if text in {"078051120", "219099999", "123456789"} or len(set(text)) == 1:
        return False
    return text[:3] not in {"000", "666"} and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"


def us_itin(value: str) -> bool:
    """IRS: 9xx and a group of 50-65, 70-88, 90-92 or 94-99."""
    group = int(figures(value)[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99


def aba(value: str) -> bool:
    """American Bankers Association routing number: weights 3 7 1, known first two digits."""
    numbers = digits(value)
    prefix = numbers[0] * 10 + numbers[1]
    known = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return known and any(numbers) and weighted(numbers, (3, 7, 1) * 3) % 10 == 0


def dea(value: str) -> bool:
    """US Drug Enforcement Administration registration number."""
    n = digits(value)[-7:]
    return (n[0] + n[2] + n[4] + 2 * (n[1] + n[3] + n[5])) % 10 == n[6]


def us_npi(value: str) -> bool:
    """US national provider identifier: Luhn over 80840, the issuer's prefix, and the number (CMS, 45 CFR 162.406)."""
    return luhn(f"80840{figures(value)}")


def au_medicare(value: str) -> bool:
    """Australian Medicare card number, mod 10."""
    n = digits(value)
    return weighted(n[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == n[8]


def mrz(value: str) -> bool:
    """The second line of a passport's machine-readable zone: weights 7 3 1 over number, birth and expiry (ICAO 9303-4)."""
    parts = ((value[:9], value[9]), (value[13:19], value[19]), (value[21:27], value[27]))
    numbers = (([0 if char == "<" else int(char, 36) for char in part], check) for part, check in parts)
    return all(weighted(n, (7, 3, 1) * 3) % 10 == int(check) for n, check in numbers)


def crypto(value: str) -> bool:
    """Addresses of Bitcoin and its like: Base58Check, or the bech32 / bech32m polynomial (BIP 173, BIP 350)."""
    return _bech32(value.lower()) if value.lower().startswith(("bc1", "ltc1")) else _base58(value)


def _base58(value: str) -> bool:
    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    raw = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:] if raw else False


def _bech32(value: str) -> bool:
    check, generators = 1, (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    head, _, data = value.partition("1")
    spread = [*(ord(char) >> 5 for char in head), 0, *(ord(char) & 31 for char in head)]
    for number in [*spread, *(_BECH32.find(char) for char in data)]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ number
        for bit in range(5):
            check ^= generators[bit] if top >> bit & 1 else 0
    return check in (1, 0x2BC830A3)


def br_cpf(value: str) -> bool:
    """Brazilian CPF: two check digits mod 11."""
    n = digits(value)
    ends = [weighted(n, tuple(range(size + 1, 1, -1))) * 10 % 11 % 10 for size in (9, 10)]
    return len(set(n)) > 1 and ends == n[9:]


def za_id(value: str) -> bool:
    """South African identity number: date, citizenship 0-2, Luhn."""
    return is_short_day(value[:6]) and digits(value)[10] < 3 and luhn(value)


CHECKS: dict[str, Callable[[str], bool]] = {
    check.__name__: check
    for check in (
        *checks_asia.CHECKS, *checks_europe.CHECKS, *checks_south.CHECKS, luhn, credit_card, iban, e164, us_ssn, us_itin, us_npi, aba, dea, 
        au_medicare, mrz, crypto, br_cpf, za_id,
    )
}  # fmt: skip


def holds(name: str, value: str) -> bool:
    """Whether a value passes the check of this name, ours or (`ee.ik`) one of `_pii/standard`; all pass that of no name."""
    if not name:
        return True
    check = CHECKS.get(name) or standard.validator(name)
    return check(value)
