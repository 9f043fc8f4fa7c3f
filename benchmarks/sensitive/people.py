"""Invented personal data of many shapes, valid where a check digit exists; nobody's data."""

from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.sensitive import check_digits
from benchmarks.sensitive.names import (
    CHINESE_MAIL_HOSTS,
    COMPOUND,
    ESTATES,
    FAMILY,
    FIRST,
    GIVEN,
    MAIL_HOSTS,
    MOBILES,
    PINYIN,
    REGIONS,
    ROADS,
    STREETS,
    SURNAMES,
    TOWNS,
)

Make = Callable[[Random], str]


def digits(random: Random, count: int) -> str:
    """Random digits; the first may be 0."""
    return "".join(random.choice("0123456789") for _ in range(count))


def _between(random: Random, low: int, high: int) -> str:
    return str(random.randint(low, high))


def person(random: Random) -> str:
    """Given and family name, sometimes with an initial."""
    middle = f" {random.choice('ABCDEGHJKLMRST')}." if random.random() < 0.15 else ""
    return f"{random.choice(GIVEN)}{middle} {random.choice(FAMILY)}"


def person_reversed(random: Random) -> str:
    """Family name first, as directories write it."""
    return f"{random.choice(FAMILY)}, {random.choice(GIVEN)}"


def person_chinese(random: Random) -> str:
    """Two or three characters, rarely with a compound surname."""
    family = random.choice(COMPOUND) if random.random() < 0.06 else random.choice(SURNAMES)
    return family + "".join(random.choice(FIRST) for _ in range(random.choice((1, 2, 2))))


def email(random: Random) -> str:
    """A private address."""
    first, last = random.choice(GIVEN).lower(), random.choice(FAMILY).lower()
    local = random.choice(
        (f"{first}.{last}", f"{first[0]}{last}{random.randint(1, 99)}", f"{first}_{last}", f"{last}+news")
    )
    return f"{local}@{random.choice(MAIL_HOSTS)}"


def email_chinese(random: Random) -> str:
    """A private address at a Chinese provider, often with a number for a name."""
    local = random.choice((digits(random, 9).replace("0", "3"), random.choice(PINYIN) + digits(random, 4)))
    return f"{local}@{random.choice(CHINESE_MAIL_HOSTS)}"


def phone_american(random: Random) -> str:
    """Ten digits of the North American plan."""
    area = random.choice(("212", "312", "415", "512", "617", "720", "808", "919"))
    office, line = _between(random, 230, 899), digits(random, 4)
    shape = random.choice(("+1 ({}) {}-{}", "({}) {}-{}", "{}-{}-{}", "+1{}{}{}", "{}.{}.{}", "+1-{}-{}-{}"))
    return shape.format(area, office, line)


def phone_european(random: Random) -> str:
    """Mobile numbers of Britain, Germany, France, Spain and Italy."""
    shape = random.choice(
        ("+44 7?00 ?????1", "+49 151 ????????", "+33 6 ?? ?? ?? ??", "+34 6?? ??? ???", "+39 34? ??? ????")
    )
    return "".join(digits(random, 1) if char == "?" else char for char in shape)


def phone_indian(random: Random) -> str:
    """Ten digits from 6 to 9 on."""
    return f"+91 {random.choice('6789')}{digits(random, 4)} {digits(random, 5)}"


def mobile(random: Random) -> str:
    """A Chinese mobile number, plain."""
    return random.choice(MOBILES) + digits(random, 8)


def mobile_written(random: Random) -> str:
    """A Chinese mobile number as people write it."""
    number = mobile(random)
    shape = random.choice(("+86{}{}{}", "+86 {}{}{}", "{}-{}-{}", "{} {} {}", "0086{}{}{}", "86-{}{}{}"))
    return shape.format(number[:3], number[3:7], number[7:])


def landline(random: Random) -> str:
    """A Chinese landline with its area code."""
    area, count = random.choice((("010", 8), ("021", 8), ("0755", 8), ("0571", 8), ("0517", 8), ("0471", 7)))
    number = random.choice("2356789") + digits(random, count - 1)
    return random.choice(("{}-{}", "({}){}", "{}{}")).format(area, number)


def resident_card(random: Random) -> str:
    """18 characters of a Chinese resident identity card."""
    born = f"{random.randint(1950, 2006)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    body = random.choice(REGIONS)[0] + born + digits(random, 3)
    return body + check_digits.resident_card(body)


def social_credit(random: Random) -> str:
    """A unified social credit code."""
    body = "91" + random.choice(REGIONS)[0] + "MA" + "".join(random.choice("0123456789ABCDEFGH") for _ in range(7))
    return body + check_digits.social_credit(body)


def card(random: Random) -> str:
    """A payment card of an international scheme."""
    prefix, length = random.choice((("4539", 16), ("4716", 16), ("5412", 16), ("5523", 16), ("3782", 15)))
    number = _with_luhn(random, prefix, length)
    if length == 16 and random.random() < 0.5:
        return random.choice((" ", "-")).join(number[i : i + 4] for i in range(0, 16, 4))
    return number


def card_chinese(random: Random) -> str:
    """A UnionPay card of 16 or 19 digits."""
    prefix, length = random.choice((("622848", 19), ("621700", 19), ("622202", 19), ("622588", 16), ("621483", 16)))
    number = _with_luhn(random, prefix, length)
    return " ".join(number[i : i + 4] for i in range(0, length, 4)) if random.random() < 0.2 else number


def _with_luhn(random: Random, prefix: str, length: int) -> str:
    body = prefix + digits(random, length - 1 - len(prefix))
    return body + check_digits.luhn(body)


def iban(random: Random) -> str:
    """Of Germany, Britain, Spain or the Netherlands, in groups of four or not."""
    country, account = random.choice(
        (
            ("DE", digits(random, 18)),
            ("GB", "MIDL" + digits(random, 14)),
            ("ES", digits(random, 20)),
            ("NL", "INGB" + digits(random, 10)),
        )
    )
    number = country + check_digits.iban(country, account) + account
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4)) if random.random() < 0.4 else number


def account(random: Random) -> str:
    """An American account number; it is one only by what stands before it."""
    return random.choice("123456789") + digits(random, random.choice((8, 9, 11)))


def account_chinese(random: Random) -> str:
    """A Chinese company account."""
    return random.choice(("1100", "4402", "3301", "7559")) + digits(random, random.choice((11, 13, 15)))


def ssn(random: Random) -> str:
    """Outside the ranges that were never issued."""
    return f"{random.randint(101, 665)}-{random.randint(11, 99)}-{random.randint(1001, 9989)}"


def nino(random: Random) -> str:
    """A British national insurance number."""
    two = random.choice("ABCEHJKLMPRS") + random.choice("ABCEHJKLMPRS")
    number, last = digits(random, 6), random.choice("ABCD")
    return random.choice((f"{two}{number}{last}", f"{two} {number[:2]} {number[2:4]} {number[4:]} {last}"))


def aadhaar(random: Random) -> str:
    """Twelve digits in groups."""
    body = random.choice("23456789") + digits(random, 10)
    number = body + check_digits.aadhaar(body)
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def pan(random: Random) -> str:
    """An Indian permanent account number of a person."""
    letters = "ABCDEFGHJKLMNPRSTUVW"
    first = "".join(random.choice(letters) for _ in range(3))
    return f"{first}P{random.choice(letters)}{digits(random, 4)}{random.choice(letters)}"


def german_tax(random: Random) -> str:
    """Eleven digits of which one of the first ten stands twice."""
    pool = random.sample("123456789", 9)
    pool.insert(random.randint(1, 8), pool[0])
    body = "".join(pool)
    return body + check_digits.german_tax(body)


def french_social(random: Random) -> str:
    """Fifteen digits: sex, year, month, place, order, key."""
    born = f"{random.randint(50, 99)}{random.randint(1, 12):02d}"
    body = f"{random.choice('12')}{born}{random.randint(1, 89):02d}{digits(random, 6)}"
    return body + check_digits.french_social(body)


def fiscal_code(random: Random) -> str:
    """An Italian codice fiscale."""
    name = "".join(random.choice("BCDFGLMNPRSTV") for _ in range(6))
    born = f"{random.randint(50, 99)}{random.choice('ABCDEHLMPRST')}{random.randint(1, 28):02d}"
    body = f"{name}{born}{random.choice('FHL')}{random.randint(100, 899)}"
    return body + check_digits.italian(body)


def cpf(random: Random) -> str:
    """A Brazilian CPF with its dots."""
    body = digits(random, 9)
    return f"{body[:3]}.{body[3:6]}.{body[6:]}-{check_digits.brazilian(body)}"


def sin(random: Random) -> str:
    """A Canadian social insurance number."""
    body = random.choice("1234567") + digits(random, 7)
    number = body + check_digits.luhn(body)
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def my_number(random: Random) -> str:
    """A Japanese individual number."""
    body = random.choice("123456789") + digits(random, 10)
    return body + check_digits.japanese(body)


def dni(random: Random) -> str:
    """A Spanish DNI."""
    body = str(random.randint(10_000_000, 79_999_999))
    return body + check_digits.spanish(body)


def address(random: Random) -> str:
    """An American postal address in one line."""
    town, state, code = random.choice(TOWNS)
    unit = random.choice(("", f", Apt {random.randint(1, 40)}", f" #{random.randint(100, 999)}"))
    kind = random.choice(("St", "Ave", "Road", "Lane", "Drive", "Blvd"))
    return f"{random.randint(11, 9800)} {random.choice(STREETS)} {kind}{unit}, {town}, {state} {code}"


def address_british(random: Random) -> str:
    """A British postal address in one line."""
    town, code = random.choice((("Leeds", "LS6 "), ("Bristol", "BS8 "), ("York", "YO31 "), ("Bath", "BA2 ")))
    postcode = f"{code}{random.randint(1, 9)}{random.choice('ABDEFGHJ')}{random.choice('LNPQRSTU')}"
    street = f"{random.choice(STREETS)} {random.choice(('Road', 'Close', 'Terrace'))}"
    return f"{random.randint(1, 240)} {street}, {town}, {postcode}"


def address_chinese(random: Random) -> str:
    """A Chinese home address."""
    _, city, district = random.choice(REGIONS)
    road = f"{random.choice(ROADS)}{random.randint(1, 899)}号"
    if random.random() < 0.3:
        return f"{city}{district}{road}{random.randint(1, 20)}号楼{random.randint(101, 2808)}"
    door = f"{random.randint(1, 4)}单元{random.randint(1, 32)}0{random.randint(1, 4)}室"
    return f"{city}{district}{road}{random.choice(ESTATES)}{random.randint(1, 30)}栋{door}"


def born(random: Random) -> str:
    """A date of birth, year first."""
    return f"{random.randint(1945, 2008)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def born_american(random: Random) -> str:
    """A date of birth, month first."""
    return f"{random.randint(1, 12):02d}/{random.randint(1, 28):02d}/{random.randint(1945, 2008)}"


def born_chinese(random: Random) -> str:
    """A date of birth in Chinese."""
    return f"{random.randint(1945, 2008)}年{random.randint(1, 12)}月{random.randint(1, 28)}日"


def passport(random: Random) -> str:
    """An American or British passport number."""
    return random.choice(
        (f"{random.choice('ACX')}{digits(random, 8)}", f"{random.randint(200, 599)}{digits(random, 6)}")
    )


def passport_chinese(random: Random) -> str:
    """A Chinese passport."""
    return random.choice(
        (f"E{digits(random, 8)}", f"E{random.choice('ABCDEFGH')}{digits(random, 7)}", f"G{digits(random, 8)}")
    )


def permit(random: Random) -> str:
    """A permit for Hong Kong and Macao."""
    return random.choice("CH") + digits(random, 8)


def plate(random: Random) -> str:
    """A British registration."""
    letters = "".join(random.choice("ABCDEFGHJKLMNOPRSTUVWXY") for _ in range(3))
    return f"{random.choice(('AB', 'LK', 'BD', 'YX'))}{random.choice(('19', '21', '68', '73'))} {letters}"


def plate_chinese(random: Random) -> str:
    """A Chinese plate, some of them of electric cars."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    place = random.choice("京沪粤浙川鄂苏陕渝鲁") + random.choice("ABCDE")
    dot = "·" if random.random() < 0.3 else ""
    if random.random() < 0.3:
        return f"{place}{dot}{random.choice('DF')}{random.choice(letters)}{digits(random, 4)}"
    return f"{place}{dot}{''.join(random.choice(letters) for _ in range(4))}{random.choice('0123456789')}"


def record_number(random: Random) -> str:
    """A medical record number."""
    return random.choice(("{}", "MR{}", "H-{}")).format(digits(random, 8))


def record_number_chinese(random: Random) -> str:
    """The number of an in-patient or out-patient file."""
    return random.choice(("ZY{}", "MZ{}", "{}", "BL{}")).format(digits(random, 8))


SLOTS: Final[dict[str, tuple[str, Make]]] = {
    "person": ("person", person),
    "person_rev": ("person", person_reversed),
    "person_cn": ("person", person_chinese),
    "email": ("email", email),
    "email_cn": ("email", email_chinese),
    "phone_us": ("phone", phone_american),
    "phone_eu": ("phone", phone_european),
    "phone_in": ("phone", phone_indian),
    "mobile": ("phone", mobile),
    "mobile_w": ("phone", mobile_written),
    "landline": ("phone", landline),
    "rid": ("national_id", resident_card),
    "ssn": ("national_id", ssn),
    "nino": ("national_id", nino),
    "aadhaar": ("national_id", aadhaar),
    "pan": ("national_id", pan),
    "steuer": ("national_id", german_tax),
    "nir": ("national_id", french_social),
    "fiscal": ("national_id", fiscal_code),
    "cpf": ("national_id", cpf),
    "sin": ("national_id", sin),
    "mynumber": ("national_id", my_number),
    "dni": ("national_id", dni),
    "uscc": ("organisation_id", social_credit),
    "card": ("bank_card", card),
    "card_cn": ("bank_card", card_chinese),
    "iban": ("iban", iban),
    "account": ("bank_account", account),
    "account_cn": ("bank_account", account_chinese),
    "address": ("address", address),
    "address_uk": ("address", address_british),
    "address_cn": ("address", address_chinese),
    "dob": ("date_of_birth", born),
    "dob_us": ("date_of_birth", born_american),
    "dob_cn": ("date_of_birth", born_chinese),
    "passport": ("passport", passport),
    "passport_cn": ("passport", passport_chinese),
    "permit": ("passport", permit),
    "plate": ("license_plate", plate),
    "plate_cn": ("license_plate", plate_chinese),
    "mrn": ("medical_record", record_number),
    "mrn_cn": ("medical_record", record_number_chinese),
}
"""Slot of a shape to the type of what it holds and the function that invents it."""
