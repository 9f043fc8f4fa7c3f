"""Values whose groups begin with letters: international account numbers, postcodes and number plates."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._pii.checks import CHECKS, holds, iban_length
from secassist.detectors._pii.shape import EDGE
from secassist.detectors._secret.hit import Hit

IBAN_STARTS = (re.compile(rb"AA00[ \-]?[0Aa]{4}"), re.compile(rb"aa00[ \-]?[0Aa]{4}"))
LONGEST_IBAN = 34 + 12
REACH = 48


@dataclass(frozen=True)
class Grouped:
    """A format that counts beside one of its words (lower case), or (`alone`) on a line of a document.

    `spelling` is its kinds; `check` the name of what must hold (see `checks.holds`).
    """

    type: str
    words: tuple[str, ...]
    spelling: bytes
    pattern: re.Pattern[str]
    alone: bool = True
    check: str = ""

    def holds(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` is a value."""
        return self.pattern.fullmatch(text, start, end) is not None and holds(self.check, text[start:end])


_PLATE_WORDS = (
    "vehicle",
    "registration",
    "plate",
    "car",
    "reg number",
    "reg no",
    "number plate",
    "licence plate",
    "license plate",
)

FORMATS = (
    Grouped(
        "UK_POSTCODE",
        ("postcode", "post code", "address", "london", "street", "road", "uk", "england"),
        rb"A{1,2}0[0A]? ?0AA|AAA ?0AA",
        re.compile(
            r"GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d[0-9ABEHMNPRV-Y]?|\d[A-HJKPSTUW]) ?\d[ABD-HJLNP-UW-Z]{2}"
        ),
    ),
    Grouped(
        "UK_VEHICLE_REGISTRATION",
        _PLATE_WORDS,
        rb"[Aa]{2}00[ \-]?[Aa]{3}|[Aa]0{1,3}[ \-]?[Aa]{3}|[Aa]{3}[ \-]?0{1,3}[ \-]?[Aa]",
        re.compile(
            r"[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[12]\d|5[1-9]|[67]\d)[ \-]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}[ \-]?[A-HJ-PR-Y]{3}|"
            r"[A-HJ-PR-Y]{3}[ \-]?\d{1,3}[ \-]?[A-HJ-NPR-TV-Y]",
            re.IGNORECASE,
        ),
    ),
    Grouped(
        "US_LICENSE_PLATE",
        _PLATE_WORDS,
        rb"0AAA000|AAA[ \-]0000",
        re.compile("[1-9][A-Z]{3}[0-9]{3}|[A-Z]{3}[ -][0-9]{4}"),
        alone=False,
    ),
    Grouped(
        "NG_VEHICLE_REGISTRATION",
        _PLATE_WORDS,
        rb"AAA[ \-]?000[ \-]?AA",
        re.compile("[A-HJ-NP-Z]{3}[ -]?[0-9]{3}[ -]?[A-Z]{2}"),
    ),
    Grouped(
        "IN_VEHICLE_REGISTRATION",
        (*_PLATE_WORDS, "rto"),
        rb"AA[ \-]00?[ \-]?A{1,3}[ \-]?0000",
        re.compile(r"[A-Z]{2}[ \-]\d{1,2}[ \-]?[A-Z]{1,3}[ \-]?\d{4}"),
        alone=False,
    ),
    Grouped(
        "ZA_VEHICLE_REGISTRATION",
        _PLATE_WORDS,
        rb"AAA ?000 ?A{1,2}|AA ?00 ?AA ?AA|A{2,3} 0{2,3}[ \-]000",
        re.compile(
            r"[A-Z]{3} ?\d{3} ?(?:EC|FS|GP|L|MP|N|NC|NW|WP)|[A-Z]{2} ?\d\d ?[A-Z]{2} ?(?:EC|FS|GP|MP|NC|NW|ZN|WP)|C[A-Z]{1,2} \d{2,3}[ \-]\d{3}"
        ),
        alone=False,
    ),
    Grouped(
        "FR_LICENSE_PLATE",
        ("immatriculation", "plaque", "targa", *_PLATE_WORDS),
        rb"AA[ \-]000[ \-]AA|AA000AA",
        re.compile("[A-HJ-NP-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]{2}"),
        alone=False,
    ),
    Grouped(
        "ES_LICENSE_PLATE",
        ("matrícula", "matricula"),
        rb"0000[ \-]?AAA",
        re.compile("[0-9]{4}[ -]?[BCDFGHJ-NPRSTV-Z]{3}"),
        alone=False,
    ),
    Grouped(
        "NL_LICENSE_PLATE",
        ("kenteken", "nummerplaat"),
        rb"AA-?00-?AA|00-?AA-?AA|AA-?AA-?00|A{1,2}-?000-?A{1,2}|00-?AAA-?0|0-?AAA-?00",
        re.compile(
            "[A-Z]{2}-?[0-9]{2}-?[A-Z]{2}|[0-9]{2}-?[A-Z]{2}-?[A-Z]{2}|[A-Z]{2}-?[A-Z]{2}-?[0-9]{2}|[A-Z]{1,2}-?[0-9]{3}-?[A-Z]{1,2}|"
            "[0-9]{2}-?[A-Z]{3}-?[0-9]|[0-9]-?[A-Z]{3}-?[0-9]{2}"
        ),
        alone=False,
    ),
    Grouped(
        "DE_LICENSE_PLATE",
        ("kennzeichen", "kfz", "fahrzeug"),
        rb"[A?]{1,3}[ \-]A{1,2} ?0{1,4}A?",
        re.compile("[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2} ?[1-9][0-9]{0,3}[EH]?"),
        alone=False,
    ),
    Grouped(
        "TR_LICENSE_PLATE",
        ("plaka", "plakası", "araç"),
        rb"00 ?A{1,3} ?0{2,5}",
        re.compile("(?:0[1-9]|[1-7][0-9]|8[01]) ?[A-Z]{1,3} ?[0-9]{2,5}"),
        alone=False,
    ),
    Grouped(
        "CA_POSTAL_CODE",
        ("postal code", "canada", "ontario", "quebec", "québec", "alberta", "toronto", "address", "street"),
        rb"A0A[ \-]?0A0",
        re.compile("[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][ -]?[0-9][ABCEGHJ-NPRSTV-Z][0-9]"),
    ),
    Grouped(
        "IE_POSTAL_CODE",
        ("eircode", "ireland", "dublin"),
        rb"A0[0A] ?[0A]{4}",
        re.compile("(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}"),
        alone=False,
    ),
    Grouped(
        "NL_POSTAL_CODE",
        ("postcode", "adres", "straat", "nederland"),
        rb"0000 ?AA",
        re.compile("[1-9][0-9]{3} ?[A-Z]{2}"),
        alone=False,
    ),
    Grouped(
        "CA_HEALTH_ID",
        ("ramq", "assurance maladie", "health card"),
        rb"AAAA ?0000 ?0000",
        re.compile("[A-Z]{4} ?[0-9]{2}(?:0[1-9]|1[0-2]|5[1-9]|6[0-2]) ?[0-3][0-9][0-9]{2}"),
        alone=False,
    ),
    Grouped(
        "BR_LICENSE_PLATE",
        ("plate", "placa", "veículo", "patente"),
        rb"AAA-?0[0A]00",
        re.compile("[A-Z]{3}-?[0-9][A-J0-9][0-9]{2}"),
        alone=False,
    ),
    Grouped(
        "BR_CNPJ",
        ("cnpj",),
        rb"[0A]{2}\.?[0A]{3}\.?[0A]{3}/?[0A]{4}-?00",
        re.compile(r"[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?[0-9]{2}"),
        alone=False,
        check="br.cnpj",
    ),
    Grouped(
        "NZ_HEALTH_NHI",
        ("nhi", "national health index"),
        rb"AAA0000|AAA00AA",
        re.compile("[A-HJ-NP-Z]{3}(?:[0-9]{4}|[0-9]{2}[A-HJ-NP-Z]{2})"),
        alone=False,
        check="nz_nhi",
    ),
    Grouped(
        "passport",
        ("<<",),
        rb"[0A<]{9}0[A<]{3}0{6}0[A<]0{6}0[0A<]{14}[0<]0",
        re.compile("[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{6}[0-9][FMX<][0-9]{6}[0-9][A-Z0-9<]{14}[0-9<][0-9]"),
        alone=False,
        check="mrz",
    ),
    Grouped(
        "DE_HANDELSREGISTER",
        ("handelsregister", "amtsgericht", "registergericht", "hrb", "hra"),
        rb"AAA ?0{1,6}(?: ?A)?",
        re.compile("HR[AB] ?[0-9]{1,6}(?: ?[A-Z])?"),
        alone=False,
    ),
)  # fmt: skip


@cache
def _spelled(form: Grouped) -> Any:
    import re2

    return re2.compile(rb"(?:[^0Aa])(" + form.spelling + rb")(?:[^0Aa])")


def iban_places(text: str, spelled: bytes) -> Iterator[tuple[int, int]]:
    """Where IBANs begin and end, in groups or not: as many characters as the country's has, then the check."""
    for pattern in IBAN_STARTS:
        for match in pattern.finditer(spelled):
            start = match.start() - EDGE
            size = 0 if _alnum(text[start - 1 : start]) else iban_length(text[start : start + 2])
            end = _after(text, start, size) if size else 0
            if end and CHECKS["iban"](text[start:end]) and not _alnum(text[end : end + 1]):
                yield start, end


def _alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _after(text: str, start: int, size: int) -> int:
    """Where `size` letters and digits end that single spaces or hyphens may part; 0 if other signs come before."""
    left = size
    for at in range(start, min(start + LONGEST_IBAN, len(text))):
        char = text[at]
        if _alnum(char):
            left -= 1
            if not left:
                return at + 1
        elif char not in " -" or text[at - 1] in " -":
            return 0
    return 0


def group_hits(text: str, spelled: bytes, known: Collection[str], document: bool) -> Iterator[Hit]:
    """Postcodes and plates beside one of their words; alone on a line of a document."""
    for form in FORMATS:
        for match in _spelled(form).finditer(spelled) if any(word in known for word in form.words) else ():
            start, end = match.start(1) - EDGE, match.end(1) - EDGE
            if form.holds(text, start, end) and _near(text, start, end, form.words):
                yield Hit(start, end, form.type, text[start:end], 2)
    for match in _lonely().finditer(spelled) if document else ():
        start, end = match.start(1) - EDGE, match.end(1) - EDGE
        for form in FORMATS:
            if form.alone and form.holds(text, start, end):
                yield Hit(start, end, form.type, text[start:end], 3, Severity.LOW)


@cache
def _lonely() -> Any:
    """Lines that hold what is spelled like a format, and nothing else: of all formats in one pass."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    spellings = b"|".join(form.spelling for form in FORMATS if form.alone)
    return re2.compile(rb"(?m)^[ \t]{0,40}(" + spellings + rb")[ \t]{0,40}$", options)


@cache
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])")


def _near(text: str, start: int, end: int, words: Collection[str]) -> bool:
    around = (text[max(0, start - REACH) : start] + "\n" + text[end : end + REACH // 2]).lower()
    return any(word in around and _word(word).search(around) for word in words)
