"""Check digits of identity numbers, each from its public specification; every function takes the value as found."""

import hashlib
import re
from collections.abc import Callable
from datetime import date

_WEIGHTS_CN_ID = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VERHOEFF_D = tuple(
    tuple(int(c) for c in row)
    for row in (
        "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
        "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
    )
)  # fmt: skip
_VERHOEFF_P = tuple(
    tuple(int(c) for c in row)
    for row in (
        "0123456789",
        "1576283094",
        "5803796142",
        "8916043527",
        "9453126870",
        "4286573901",
        "2793806415",
        "7046913258",
    )
)
_ODD_IT = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                   (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
                    10, 22, 25, 24, 23), strict=True))  # fmt: skip
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def digits(value: str) -> list[int]:
    """The ASCII digits of a value."""
    return [ord(char) - 48 for char in value if "0" <= char <= "9"]


def _letters(value: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", value.upper())


def _sum(value: list[int], weights: tuple[int, ...]) -> int:
    return sum(a * b for a, b in zip(value, weights, strict=False))


def _day(year: int, month: int, day: int) -> bool:
    try:
        return 1880 <= date(year, month, day).year <= 2035
    except ValueError:
        return False


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1; refuses all-equal digits."""
    numbers = digits(value)
    doubled = [n if i % 2 == 0 else (2 * n - 9 if n > 4 else 2 * n) for i, n in enumerate(reversed(numbers))]
    return len(set(numbers)) > 1 and sum(doubled) % 10 == 0


def credit_card(value: str) -> bool:
    """Luhn, and a length that the issuer of the first digits uses (ISO/IEC 7812 issuer ranges)."""
    text = "".join(str(n) for n in digits(value))
    ranges = (
        r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|"
        r"3(?:0[0-59]|[689]\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35\d{14}|"
        r"(?:5018|5019|5020|5038|6304|6759|676[1-3])\d{8,15}|1\d{14}"
    )
    return luhn(text) and re.fullmatch(ranges, text) is not None


def cn_id(value: str) -> bool:
    """GB 11643-1999: 17 digits with a birth date and a check character mod 11-2."""
    text = _letters(value)
    if len(text) != 18 or not _day(int(text[6:10]), int(text[10:12]), int(text[12:14])):
        return False
    return "10X98765432"[_sum(digits(text[:17]), _WEIGHTS_CN_ID) % 11] == text[17]


def cn_id_shape(value: str) -> bool:
    """A Chinese identity number's region and birth date, whatever its check character."""
    text = _letters(value)
    return text[0] in "12345678" and _day(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def cn_credit_code(value: str) -> bool:
    """GB 32100-2015 unified social credit code: 17 characters base 31, weights 3^i mod 31."""
    text = _letters(value)
    if len(text) != 18 or any(char not in _USCC for char in text):
        return False
    total = sum(_USCC.index(char) * pow(3, i, 31) for i, char in enumerate(text[:17]))
    return _USCC[-total % 31] == text[17]


def iban(value: str) -> bool:
    """ISO 13616: mod 97 of the rearranged number is 1."""
    text = _letters(value)
    if not 15 <= len(text) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1


def e164(value: str) -> bool:
    """ITU-T E.164 with country code: at least 8 digits, at most 15."""
    return 8 <= len(digits(value)) <= 15


def us_ssn(value: str) -> bool:
    """Social Security Administration: no area 000, 666 or 9xx, no group 00, no serial 0000, no advertising number."""
    text = "".join(map(str, digits(value)))
    if text in {"078051120", "219099999", "123456789"} or len(set(text)) == 1:
        return False
    return text[:3] not in {"000", "666"} and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"


def us_itin(value: str) -> bool:
    """IRS: 9xx and a group of 50-65, 70-88, 90-92 or 94-99."""
    text = "".join(map(str, digits(value)))
    group = int(text[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99


def aba(value: str) -> bool:
    """American Bankers Association routing number: weights 3 7 1, known first two digits."""
    numbers = digits(value)
    prefix = numbers[0] * 10 + numbers[1]
    known = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return known and any(numbers) and _sum(numbers, (3, 7, 1) * 3) % 10 == 0


def dea(value: str) -> bool:
    """US Drug Enforcement Administration registration number."""
    n = digits(value)
    return (n[0] + n[2] + n[4] + 2 * (n[1] + n[3] + n[5])) % 10 == n[6]


def nhs(value: str) -> bool:
    """UK NHS number, mod 11."""
    n = digits(value)
    return len(set(n)) > 1 and _sum(n, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def verhoeff(value: str) -> bool:
    """Aadhaar: Verhoeff's check (Verhoeff 1969); refuses palindromes, as UIDAI does."""
    numbers, check = digits(value), 0
    for i, n in enumerate(reversed(numbers)):
        check = _VERHOEFF_D[check][_VERHOEFF_P[i % 8][n]]
    return check == 0 and numbers != numbers[::-1]


def au_tfn(value: str) -> bool:
    """Australian tax file number, mod 11."""
    return _sum(digits(value), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and any(digits(value))


def au_abn(value: str) -> bool:
    """Australian business number, mod 89 with the first digit lowered by one."""
    n = digits(value)
    return _sum([n[0] - 1, *n[1:]], (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def au_acn(value: str) -> bool:
    """Australian company number, mod 10."""
    n = digits(value)
    return any(n) and -_sum(n[:8], (8, 7, 6, 5, 4, 3, 2, 1)) % 10 == n[8]


def au_medicare(value: str) -> bool:
    """Australian Medicare card number, mod 10."""
    n = digits(value)
    return _sum(n[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == n[8]


def es_nif(value: str) -> bool:
    """Spanish NIF and NIE: letter by mod 23."""
    text = _letters(value)
    number = text[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[-1]


def it_fiscal(value: str) -> bool:
    """Italian codice fiscale: check letter from odd and even positions (DM 23/12/1976)."""
    text = _letters(value)
    even = (int(c) if c.isdigit() else ord(c) - 65 for c in text[1:15:2])
    return chr(65 + (sum(_ODD_IT[c] for c in text[:15:2]) + sum(even)) % 26) == text[15]


def de_tax_id(value: str) -> bool:
    """German Steuer-ID: ISO 7064 mod 11,10; one digit repeats two or three times."""
    n, product = digits(value), 10
    for digit in n[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    most = max(n[:10].count(d) for d in range(10))
    return n[0] != 0 and most in (1, 2, 3) and (11 - product) % 10 == n[10]


def de_id_card(value: str) -> bool:
    """German identity card and passport numbers: weights 7 3 1 over base 36 (ICAO 9303)."""
    text = _letters(value)
    return _sum([int(c, 36) for c in text[:9]], (7, 3, 1) * 3) % 10 == int(text[9]) if text[9:10].isdigit() else True


def fr_nir(value: str) -> bool:
    """French NIR: 97 minus the number mod 97."""
    text = _letters(value).replace("2A", "19").replace("2B", "18")
    return text.isdigit() and len(text) == 15 and 97 - int(text[:13]) % 97 == int(text[13:])


def fi_hetu(value: str) -> bool:
    """Finnish personal identity code: date and mod 31."""
    text = value.upper()
    century = {"+": 1800}.get(text[6], 2000 if text[6] in "ABCDEF" else 1900)
    real = _day(century + int(text[4:6]), int(text[2:4]), int(text[:2]))
    return real and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31] == text[10]


def pl_pesel(value: str) -> bool:
    """Polish PESEL."""
    n = digits(value)
    day, month = n[4] * 10 + n[5], (n[2] * 10 + n[3]) % 20
    return 1 <= month <= 12 and 1 <= day <= 31 and -_sum(n[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == n[10]


def sg_nric(value: str) -> bool:
    """Singapore NRIC and FIN, letter by weights 2 7 6 5 4 3 2."""
    text = value.upper()
    total = _sum(digits(text), (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
    return text[0] in letters and letters[text[0]][total % 11] == text[8]


def kr_rrn(value: str) -> bool:
    """Korean resident number: birth date; the check digit is not asked of numbers since October 2020."""
    n = digits(value)
    return 1 <= n[2] * 10 + n[3] <= 12 and 1 <= n[4] * 10 + n[5] <= 31 and n[6] != 0 and n[6] != 9


def kr_brn(value: str) -> bool:
    """Korean business registration number."""
    n = digits(value)
    return (-(_sum(n[:8], (1, 3, 7, 1, 3, 7, 1, 3)) + n[8] * 5 // 10 + n[8] * 5)) % 10 == n[9]


def th_id(value: str) -> bool:
    """Thai national identity number, mod 11."""
    n = digits(value)
    return (11 - _sum(n[:12], tuple(range(13, 1, -1))) % 11) % 10 == n[12]


def tr_id(value: str) -> bool:
    """Turkish identity number."""
    n = digits(value)
    tenth = (7 * sum(n[0:9:2]) - sum(n[1:8:2])) % 10
    return n[0] != 0 and tenth == n[9] and sum(n[:10]) % 10 == n[10]


def za_id(value: str) -> bool:
    """South African identity number: date, citizenship 0-2, Luhn."""
    n = digits(value)
    return 1 <= n[2] * 10 + n[3] <= 12 and 1 <= n[4] * 10 + n[5] <= 31 and n[10] < 3 and luhn(value)


def ca_sin(value: str) -> bool:
    """Canadian social insurance number: Luhn, first digit not 0 or 8."""
    return digits(value)[0] not in (0, 8) and luhn(value)


def in_gstin(value: str) -> bool:
    """Indian GST number: a state code of 01 to 38."""
    return 1 <= int(value[:2]) <= 38


def br_cpf(value: str) -> bool:
    """Brazilian CPF: two check digits mod 11."""
    n = digits(value)
    ends = [_sum(n, tuple(range(size + 1, 1, -1))) * 10 % 11 % 10 for size in (9, 10)]
    return len(set(n)) > 1 and ends == n[9:]


def nl_bsn(value: str) -> bool:
    """Dutch citizen service number: the eleven test."""
    n = digits(value)
    return any(n) and _sum(n, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def crypto(value: str) -> bool:
    """Bitcoin addresses: Base58Check, or the bech32 / bech32m polynomial (BIP 173, BIP 350)."""
    return _bech32(value) if value.lower().startswith("bc1") else _base58(value)


def _base58(value: str) -> bool:
    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    raw = number.to_bytes(25, "big") if number < 1 << 200 else b""
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:] if raw else False


def _bech32(value: str) -> bool:
    check, generators = 1, (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    for number in [3, 3, 0, 2, 3, *(_BECH32.find(char) for char in value.lower()[3:])]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ number
        for bit in range(5):
            check ^= generators[bit] if top >> bit & 1 else 0
    return check in (1, 0x2BC830A3)


CHECKS: dict[str, Callable[[str], bool]] = {
    f.__name__: f
    for f in (
        luhn, credit_card, cn_id, cn_id_shape, cn_credit_code, iban, us_ssn, us_itin, aba, dea, nhs, verhoeff, au_tfn, au_abn,
        au_acn, au_medicare, es_nif, it_fiscal, de_tax_id, de_id_card, fr_nir, fi_hetu, pl_pesel, sg_nric, kr_rrn, kr_brn,
        th_id, tr_id, za_id, ca_sin, in_gstin, br_cpf, nl_bsn, crypto, e164,
    )
}  # fmt: skip
