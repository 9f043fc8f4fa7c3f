"""Check digits of Asian identity numbers, each from its public specification; every function takes the value as found."""
# ruff: noqa: SIM905 - a list of codes

from secassist.detectors._pii.digits import digits, figures, is_day, is_short_day, letters, luhn, weighted

_WEIGHTS_CN_ID = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""GB/T 2260: the first two digits of a Chinese administrative region; 81 to 83 are residence permits (GA 2018)."""
_WEIGHTS_KR = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_PROVINCES_TH = frozenset(
    "10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 "
    "52 53 54 55 56 57 58 60 61 62 63 64 65 66 67 70 71 72 73 74 75 76 77 80 81 82 83 84 85 86 90 91 92 93 94 95 96".split()
)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TW_AREAS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
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
        "0123456789", "1576283094", "5803796142", "8916043527",
        "9453126870", "4286573901", "2793806415", "7046913258",
    )
)  # fmt: skip


def cn_id_shape(value: str) -> bool:
    """A Chinese identity number's region and birth date, whatever its check character."""
    text = letters(value)
    return text[:2] in _PROVINCES and is_day(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def cn_id(value: str) -> bool:
    """GB 11643-1999: region, birth date, sequence and a check character mod 11-2."""
    text = letters(value)
    return cn_id_shape(text) and "10X98765432"[weighted(digits(text[:17]), _WEIGHTS_CN_ID) % 11] == text[17]


def cn_id_old(value: str) -> bool:
    """The 15 digits in use before 1999: region, birth date with two digits of the year, sequence; no check digit."""
    return value[:2] in _PROVINCES and is_short_day(value[6:12])


def cn_credit_code(value: str) -> bool:
    """GB 32100-2015 unified social credit code: 17 characters base 31, weights 3^i mod 31."""
    text = letters(value)
    if len(text) != 18 or any(char not in _USCC for char in text):
        return False
    total = sum(_USCC.index(char) * pow(3, i, 31) for i, char in enumerate(text[:17]))
    return _USCC[-total % 31] == text[17]


def cn_card(value: str) -> bool:
    """Luhn, and a UnionPay number of 16 to 19 digits (issuer range 62)."""
    text = figures(value)
    return 16 <= len(text) <= 19 and text.startswith("62") and luhn(text)


def hk_id(value: str) -> bool:
    """Hong Kong identity card: one or two letters and six digits weighted 9 to 2, check character mod 11."""
    text = letters(value)
    head, number, check = text[:-7], text[-7:-1], text[-1]
    lead = [36, ord(head) - 55] if len(head) == 1 else [ord(char) - 55 for char in head]
    total = weighted(lead + digits(number), (9, 8, 7, 6, 5, 4, 3, 2))
    return (total + (10 if check == "A" else int(check))) % 11 == 0


def tw_id(value: str) -> bool:
    """Taiwan identity and residence numbers: the letter as two digits, weights 1 9 8 ... 1 1, mod 10."""
    area = _TW_AREAS[value[0].upper()]
    return (area // 10 + area % 10 * 9 + weighted(digits(value), (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def in_gstin(value: str) -> bool:
    """Indian GST number: a state code of 01 to 38."""
    return 1 <= int(value[:2]) <= 38


def sg_nric(value: str) -> bool:
    """Singapore NRIC and FIN, letter by weights 2 7 6 5 4 3 2."""
    text = value.upper()
    total = weighted(digits(text), (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    tails = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
    return text[0] in tails and tails[text[0]][total % 11] == text[8]


def kr_rrn(value: str) -> bool:
    """Korean resident number: birth date; the check digit is not asked of numbers since October 2020."""
    n = digits(value)
    return is_short_day(figures(value)[:6]) and n[6] not in (0, 9)


def kr_rrn_digit(value: str) -> bool:
    """The same with the check digit that numbers before October 2020 have, mod 11."""
    n = digits(value)
    return kr_rrn(value) and (11 - weighted(n[:12], _WEIGHTS_KR) % 11) % 10 == n[12]


def kr_frn_digit(value: str) -> bool:
    """Korean number of a foreigner before October 2020: the resident number's sum, and two."""
    n = digits(value)
    return kr_rrn(value) and (13 - weighted(n[:12], _WEIGHTS_KR) % 11) % 10 == n[12]


def th_id(value: str) -> bool:
    """Thai national identity number, mod 11; its second and third digits are a province."""
    n = digits(value)
    return value[1:3] in _PROVINCES_TH and (11 - weighted(n[:12], tuple(range(13, 1, -1))) % 11) % 10 == n[12]


def lk_nic(value: str) -> bool:
    """Sri Lankan identity card, old and new: a day of the year from 1, or from 501 for women."""
    text = letters(value)
    day = int(text[2:5] if len(text) == 10 else text[4:7])
    return 1 <= day <= 366 or 501 <= day <= 866


def vn_cccd(value: str) -> bool:
    """Vietnamese citizen card: a province of 001 to 096 and a century of 0 to 3 (20th and 21st, men and women)."""
    return 1 <= int(value[:3]) <= 96 and value[3] in "0123"


def kz_iin(value: str) -> bool:
    """Kazakh individual number: birth date, mod 11 with a second row of weights when the first gives ten."""
    n = digits(value)
    rest = weighted(n, tuple(range(1, 12))) % 11
    if rest == 10:
        rest = weighted(n, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return is_short_day(value[:6]) and rest == n[11]


def kw_civil(value: str) -> bool:
    """Kuwaiti civil number: birth date, mod 11 with weights 2 1 6 3 7 9 10 5 8 4 2."""
    n = digits(value)
    return is_short_day(value[1:7]) and 11 - weighted(n, (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 == n[11]


def ir_code(value: str) -> bool:
    """Iranian national code, mod 11."""
    n = digits(value)
    rest = weighted(n, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return len(set(n)) > 1 and n[9] == (rest if rest < 2 else 11 - rest)


def kr_brn(value: str) -> bool:
    """Korean business registration number."""
    n = digits(value)
    return (-(weighted(n[:8], (1, 3, 7, 1, 3, 7, 1, 3)) + n[8] * 5 // 10 + n[8] * 5)) % 10 == n[9]


def verhoeff(value: str) -> bool:
    """Aadhaar: Verhoeff's check (Verhoeff 1969); refuses palindromes, as UIDAI does."""
    numbers, check = digits(value), 0
    for i, n in enumerate(reversed(numbers)):
        check = _VERHOEFF_D[check][_VERHOEFF_P[i % 8][n]]
    return check == 0 and numbers != numbers[::-1]


def jp_my_number(value: str) -> bool:
    """Japanese individual number: eleven digits weighted 6 5 4 3 2 7 6 5 4 3 2, mod 11 (ministerial order 85/2014)."""
    numbers = digits(value)
    rest = weighted(numbers, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return len(set(numbers)) > 1 and numbers[11] == (11 - rest if rest > 1 else 0)


CHECKS = (
    jp_my_number,
    verhoeff,
    kr_brn,
    cn_id, cn_id_shape, cn_id_old, cn_credit_code, cn_card, hk_id, tw_id, in_gstin, sg_nric, kr_rrn,
    kr_rrn_digit, kr_frn_digit, th_id, lk_nic, vn_cccd, kz_iin, kw_civil, ir_code,
)  # fmt: skip
