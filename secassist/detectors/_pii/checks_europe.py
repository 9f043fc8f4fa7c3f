"""Check digits of European identity numbers, each from its public specification; every function takes the value as found."""

from secassist.detectors._pii.digits import digits, figures, is_day, letters, weighted


def uk_nino(value: str) -> bool:
    """UK national insurance number: the prefixes that HMRC never gives (NIM39110); there is no check digit."""
    return value[:2].upper() not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


def es_nif(value: str) -> bool:
    """Spanish NIF and NIE: letter by mod 23."""
    text = letters(value)
    number = text[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == text[-1]


def de_id_card(value: str) -> bool:
    """German identity card and passport numbers: weights 7 3 1 over base 36 (ICAO 9303), where the check digit is given."""
    text = letters(value)
    return len(text) < 10 or weighted([int(c, 36) for c in text[:9]], (7, 3, 1) * 3) % 10 == int(text[9])


def _crossed(numbers: list[int], weights: tuple[int, ...]) -> int:
    """The digits of each number times its weight, added up."""
    return sum(sum(divmod(n * w, 10)) for n, w in zip(numbers, weights, strict=True))


def de_pension(value: str) -> bool:
    """German pension insurance number: the letter as two digits, weights 2 1 2 5 7 1 2 1 2 1 2 1 (VKVV, paragraph 4)."""
    text = letters(value)
    numbers = digits(f"{text[:8]}{ord(text[8]) - 64:02}{text[9:11]}")
    return _crossed(numbers, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)) % 10 == int(text[11])


def de_health(value: str) -> bool:
    """German health insurance number: the letter as two digits, weights 1 2 in turn (SGB V, paragraph 290)."""
    text = letters(value)
    return _crossed(digits(f"{ord(text[0]) - 64:02}{text[1:9]}"), (1, 2) * 5) % 10 == int(text[9])


def de_lanr(value: str) -> bool:
    """Number of a German physician: weights 4 9 in turn, mod 10 (KBV's guideline on LANR)."""
    n = digits(value)
    return any(n) and -weighted(n[:6], (4, 9) * 3) % 10 == n[6]


def fi_hetu(value: str) -> bool:
    """Finnish personal identity code: date and mod 31."""
    text = value.upper()
    century = {"+": 1800}.get(text[6], 2000 if text[6] in "ABCDEF" else 1900)
    real = is_day(century + int(text[4:6]), int(text[2:4]), int(text[:2]))
    return real and "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31] == text[10]


def es_nss(value: str) -> bool:
    """Spanish social security number: mod 97 of province and number, which loses a leading zero (Orden TAS/2865/2003)."""
    text = figures(value)
    province, number, check = text[:2], text[2:-2], text[-2:]
    return int(f"{province}{int(number)}" if int(number) < 10_000_000 else province + number) % 97 == int(check)


def pt_niss(value: str) -> bool:
    """Portuguese social security number: primes from 29 down as weights, 9 minus mod 10."""
    n = digits(value)
    return 9 - weighted(n, (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == n[10]


def pl_id(value: str) -> bool:
    """Polish identity card: three letters and a check digit before the number, weights 7 3 1 over base 36."""
    n = [int(char, 36) for char in letters(value)]
    return (weighted(n[:3], (7, 3, 1)) + weighted(n[4:], (7, 3, 1, 7, 3))) % 10 == n[3]


def hu_taj(value: str) -> bool:
    """Hungarian social security number: weights 3 7 in turn, mod 10."""
    n = digits(value)
    return any(n) and weighted(n, (3, 7) * 4) % 10 == n[8]


def hu_tax(value: str) -> bool:
    """Hungarian tax number of a person: each digit times its place, mod 11."""
    n = digits(value)
    return weighted(n, tuple(range(1, 10))) % 11 == n[9]


def hu_company(value: str) -> bool:
    """Hungarian tax number of a company: weights 9 7 3 1 over its first eight digits, mod 10."""
    return weighted(digits(value)[:8], (9, 7, 3, 1) * 2) % 10 == 0


def ru_snils(value: str) -> bool:
    """Russian insurance number: weights 9 to 1, mod 101, of which 100 is written 00; not asked of those below 001-001-998."""
    n = digits(value)
    check = weighted(n, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100
    return len(set(n)) > 1 and check == n[9] * 10 + n[10]


def de_tax_id(value: str) -> bool:
    """German Steuer-ID: ISO 7064 mod 11,10; one digit repeats two or three times."""
    n, product = digits(value), 10
    for digit in n[:10]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    most = max(n[:10].count(d) for d in range(10))
    return n[0] != 0 and most in (1, 2, 3) and (11 - product) % 10 == n[10]


CHECKS = (
    de_tax_id,
    uk_nino,
    es_nif,
    de_id_card,
    de_pension,
    de_health,
    de_lanr,
    fi_hetu,
    es_nss,
    pt_niss,
    pl_id,
    hu_taj,
    hu_tax,
    hu_company,
    ru_snils,
)
