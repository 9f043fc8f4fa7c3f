"""Check digits of identity numbers: right ones hold, one changed character is noticed, and what was never given is refused."""
# ruff: noqa: E501 - a row of data is easier to read in one piece

import pytest

from secassist.detectors._pii.checks import CHECKS, holds, iban_length
from secassist.detectors._pii.shape import kind_pattern, kinds
from secassist.detectors._pii.standard import validator
from tests.detectors.evil import pattern_strings
from tests.detectors.pii_numbers import cn_id, luhn

GOOD = [
    ("luhn", "79927398713"), ("cn_credit_code", "91350100M000100Y43"), ("aba", "021000021"), ("br_cpf", "529.982.247-25"),
    ("verhoeff", "234567890124"), ("fi_hetu", "131052-308T"), ("pl.pesel", "44051401458"), ("nl.bsn", "111222333"),
    ("tr.tckimlik", "10000000146"), ("au.abn", "51824753556"), ("au.tfn", "123456782"),
    ("crypto", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), ("crypto", "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW"), ("crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("cn_id", cn_id("11010119900307123")), ("cn_id", cn_id("44030620001231001")), ("cn_card", luhn("622588401937265")),
    ("credit_card", luhn("411743920581667")), ("credit_card", luhn("37144963539841")), ("hk_id", "G123456(A)"),
    ("hk_id", "AB987654(3)"), ("tw_id", "A123456789"), ("jp_my_number", "1234 5678 9018"), ("br.cnpj", "11.222.333/0001-81"),
    ("gb.nhs", "943 476 5919"), ("es_nif", "12345678Z"), ("it.codicefiscale", "RSSMRA85T10A562S"), ("de_tax_id", "86095742719"),
    ("fr.nir", "255081416802538"), ("sg_nric", "S1234567D"), ("iban", "GB67 NWBK 6016 1331 9268 14"), ("ca.sin", "130 692 544"),
    ("za_id", "8001015009087"), ("kr_brn", "220-81-62517"), ("dea", "AB1234563"), ("ru_snils", "112-233-445 95"),
    ("mx_clabe", "032180000118359719"), ("uy_ci", "1.234.567-2"), ("br_cnh", "97625655678"), ("br_voter", "102385010671"),
    ("br_pis", "12016784018"), ("hu_taj", "111111110"), ("pl_id", "ABS123456"), ("es_nss", "281234567840"), ("ir_code", "0499370899"),
    ("hu_company", "12892312-2-42"), ("hu_tax", "8071592153"), ("nz_nhi", "ZZZ0016"), ("nz_nhi", "ALU18KZ"), ("br_cns", "700000000000005"),
    ("br.cnpj", "12.ABC.345/01DE-35"), ("th_id", "1101700230708"), ("ch.ssn", "756.9217.0769.85"), ("be.nn", "85.07.30-033.28"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "good"), GOOD)
def test_it_holds_and_notices_one_changed_digit(name: str, good: str) -> None:
    assert holds(name, good)
    at = next(at for at in range(len(good) // 2, len(good)) if good[at].isalnum())
    changed = good[:at] + {"1": "3", "q": "p"}.get(good[at], "1") + good[at + 1 :]
    assert not holds(name, changed)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("cn_id", cn_id("11010119900230123")), ("cn_id", cn_id("99010119900307123")), ("cn_id_old", "110101901307123"),
        ("cn_id_old", "990101900307123"), ("luhn", "0" * 16), ("credit_card", luhn("911743920581667")), ("br_cpf", "111.111.111-11"),
        ("us_ssn", "666-12-3456"), ("us_ssn", "900-12-3456"), ("us_ssn", "123-00-4567"), ("uk_nino", "GB123456C"),
        ("iban", "GB67 NWBK 6016 1331 9268"), ("iban", "ZZ67NWBK60161331926814"), ("e164", "+890 1234 5678"), ("e164", "+1 212 555"),
        ("e164", "+35236450.6"), ("e164", "+0800 1234567"), ("jp_my_number", "000000000000"), ("verhoeff", "111111111111"),
        ("kr_rrn", "991332-1234567"), ("cn_card", luhn("522588401937265")), ("in_gstin", "99ABCDE1234F1Z5"),
    ],
)  # fmt: skip
def test_what_was_never_given_is_refused(name: str, bad: str) -> None:
    assert not holds(name, bad)


@pytest.mark.parametrize(
    "number", ["+8613985271604", "+44 (0)20 7123 4567", "+1 212 736 5000", "+49 30 901820", "+852 2345 6789"]
)
def test_telephone_numbers_of_many_countries(number: str) -> None:
    assert holds("e164", number)


def test_every_check_takes_any_value_of_a_rule_that_names_it() -> None:
    from secassist.detectors._pii.scan import RULES

    for rule in (rule for rule in RULES if rule.check):
        for _, text in pattern_strings(rule.pattern.pattern, 60):
            for match in rule.pattern.finditer(text):
                assert holds(rule.check, match[0]) in (True, False)


def test_iban_lengths() -> None:
    assert (iban_length("NO12"), iban_length("de37"), iban_length("LC"), iban_length("XX")) == (15, 22, 32, 0)


# -- spellings ---------------------------------------------------------------------------------------------------------


def test_a_spelling_is_as_long_as_the_text_and_its_edges() -> None:
    for text in ("", "Tel. １２３ 王 \U0001f600 +49 30", '{"a":"\\n123\\u738b"}', "100%25 a%3D5"):
        assert len(kinds(text)) == len(text) + 8
    assert kinds("Tel +49-3x 王")[4:-4] == b"Aaa +00-0a ?"


def test_escapes_are_spaces_in_a_spelling() -> None:
    assert kinds('"\\n13"')[4:-4] == b'"  00"'
    assert kinds("\\\\n13")[4:-4] == b"\\  00"
    assert kinds("\\u53f713")[4:-4] == b"      00"
    assert kinds("a%3D13")[4:-4] == b"a   00"


@pytest.mark.parametrize(
    ("pattern", "spelling"),
    [(r"\d{3}-[A-Z]", "0{3}-[A]"), (r"(?i)[A-C]\d", "[Aa]0"), ("(?:86[ \\-]?)?1[3-9]", "(?:00[\\ \\-]?)?0[0]"), ("bc1[a-z0]", "aa0[0a]")],
)  # fmt: skip
def test_what_a_pattern_may_be_spelled_like(pattern: str, spelling: str) -> None:
    assert kind_pattern(pattern) == spelling


def test_every_value_of_a_rule_has_a_spelling_that_is_looked_for() -> None:
    import re

    from secassist.detectors._pii.scan import RULES

    covered = 0
    for rule in RULES:
        spelling = re.compile(kind_pattern(rule.pattern.pattern).encode())
        values = [
            match for _, text in pattern_strings(rule.pattern.pattern, 80) for match in rule.pattern.finditer(text)
        ]
        covered += bool(values)
        for value in values:
            assert spelling.fullmatch(kinds(value[0])[4:-4]), (rule.type, value[0])
    assert covered > len(RULES) // 2


def test_every_check_that_a_rule_names_is_there() -> None:
    from secassist.detectors._pii.groups import FORMATS
    from secassist.detectors._pii.scan import RULES

    for rule in RULES:
        assert rule.check == "" or rule.check in CHECKS or callable(validator(rule.check)), rule.type
    assert not CHECKS.keys() - {form.check for form in (*RULES, *FORMATS)} - {"iban"}
