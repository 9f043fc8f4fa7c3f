"""Every format: a drawn value beside its word is found, and the same value in prose without it is not."""
# ruff: noqa: E501, SIM905 - a row of data is easier to read in one piece
# ruff: noqa: E501, SIM905 - a row of data is easier to read in one piece

import random
from functools import cache

import pytest

from schemas import Document
from secassist.detectors._pii.groups import FORMATS, Grouped
from secassist.detectors._pii.hints import hint
from secassist.detectors._pii.rules import Rule
from secassist.detectors._pii.scan import RULES, RUN
from secassist.detectors._pii.shape import kinds
from secassist.detectors.personal_data import PLUGIN
from tests.detectors.pii_draws import drawn

SELDOM = {"CRYPTO", "MX_CURP", "FI_PERSONAL_IDENTITY_CODE"}
"""Types whose values are too rare among the strings of their pattern to be drawn."""
SETTLED = {rule.type for rule in RULES if rule.always}
COUNTRIES = (
    "US CA MX BR AR CL CO PE EC UY VE DO CR PY UK IE FR ES IT PT NL BE LU DE AT CH GR CY MT PL CZ SK HU RO BG HR SI RS SE NO DK FI IS EE "
    "LV LT RU UA KZ TR ZA NG KE GH TZ UG MA MU EG SA AE IL QA KW IR IN PK BD LK NP ID MY SG TH VN PH KR JP TW HK MO AU NZ"
).split()


def found(body: str) -> set[tuple[str, str]]:
    return {(c.type, c.value) for c in PLUGIN.detect(Document(source="t", body=body)).candidates}


@cache
def value_of(number: int) -> str:
    rule = RULES[number]
    return drawn(
        rule.pattern,
        rule.check,
        random.Random(f"{rule.type} {rule.pattern.pattern}"),
        lambda value: not hint(rule.type, value) and RUN.search(kinds(value)),
    )


def rules(*, always: bool | None = None) -> list[object]:
    wanted = [(n, rule) for n, rule in enumerate(RULES) if rule.words and always in (None, rule.always)]
    return [pytest.param(n, rule, id=f"{n}-{rule.type}") for n, rule in wanted]


@pytest.mark.parametrize(("number", "rule"), rules())
def test_a_value_beside_its_word_is_found(number: int, rule: Rule) -> None:
    value = value_of(number)
    if not value and rule.type in SELDOM:
        pytest.skip("not drawn")
    for word in (rule.words[0], rule.words[-1]):
        places = {v for _, v in found(f"As noted, {word}: {value} was given, thank you.")}
        assert any(value in place or place in value for place in places), (word, value, places)


@pytest.mark.parametrize(("number", "rule"), rules(always=False))
def test_the_same_value_in_prose_without_a_word_is_not_that(number: int, rule: Rule) -> None:
    value = value_of(number)
    assert rule.type in SETTLED or (rule.type, value) not in found(
        f"We then wrote {value} into the box and left it there."
    )


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if not rule.check and not rule.always], ids=lambda rule: rule.type
)
def test_digits_without_a_check_need_a_word_even_on_a_line_of_their_own(rule: Rule) -> None:
    value = drawn(rule.pattern, "", random.Random(7), str.isdecimal)
    if value and rule.type != "phone":
        assert rule.type not in {kind for kind, _ in found(value)}


def test_the_countries_that_have_a_format() -> None:
    prefixes = {rule.type.partition("_")[0] for rule in RULES}
    assert not set(COUNTRIES) - prefixes


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.type)
def test_grouped_values_need_a_word_too(form: Grouped) -> None:
    value = drawn(form.pattern, form.check, random.Random(3))
    for word in form.words:
        assert any(value in place or place in value for _, place in found(f"As noted, {word} {value}, thank you.")), (
            word,
            value,
        )
    assert not found(f"We then wrote {value} into the box and left it there.")


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ("HETU 131052-308T", "FI_PERSONAL_IDENTITY_CODE", "131052-308T"), ("CURP HEGG560427MVZRRL04", "MX_CURP", "HEGG560427MVZRRL04"), ("RUT 12.531.909-2", "CL_RUT", "12.531.909-2"), ("AHV 756.9217.0769.85", "CH_SOCIAL_SECURITY", "756.9217.0769.85"),
        ("СНИЛС 112-233-445 95", "RU_SNILS", "112-233-445 95"), ("ИНН: 7707083893", "RU_TAX_ID_INN", "7707083893"), ("isikukood 37605030299", "EE_NATIONAL_ID", "37605030299"),
        ("rijksregisternummer 85.07.30-033.28", "BE_NATIONAL_ID", "85.07.30-033.28"), ("fødselsnummer 15108695088", "NO_NATIONAL_ID", "15108695088"),
        ("rodné číslo 710319/2745", "CZ_NATIONAL_ID", "710319/2745"), ("CNP 1630615123457", "RO_CNP_NATIONAL_ID", "1630615123457"), ("OIB 33392005961", "HR_OIB_NATIONAL_ID", "33392005961"),
        ("PPS number 6433435F", "IE_PPS_NATIONAL_ID", "6433435F"), ("KTP/NIK 3171011708450001", "ID_NATIONAL_NIK", "3171011708450001"), ("MyKad 770305-02-1234", "MY_NATIONAL_ID", "770305-02-1234"),
        ("IRD 49-091-850", "NZ_TAX_IRD", "49-091-850"), ("CUIT 20-05536168-2", "AR_CUIT", "20-05536168-2"), ("VAT DE136695976", "DE_VAT_ID", "DE136695976"),
        ("its number plate was ABJ-482KD, grey", "NG_VEHICLE_REGISTRATION", "ABJ-482KD"), ("NPI 1245-319-599", "US_NPI", "1245-319-599"), ("CNPJ 12.ABC.345/01DE-35", "BR_CNPJ", "12.ABC.345/01DE-35"),
        ("法人番号 5835678256246", "JP_COMPANY_NUMBER", "5835678256246"), ("NHI ALU18KZ", "NZ_HEALTH_NHI", "ALU18KZ"), ("электронная почта, тел. 8 (912) 345-67-80", "phone", "8 (912) 345-67-80"),
        ("P<UTOWINTERBOTTOM<<ALMA<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10", "passport", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
        ("Дата рождения: 12.03.1984", "DATE_OF_BIRTH", "12.03.1984"), ("Fødselsdato 12.03.1984", "DATE_OF_BIRTH", "12.03.1984"),
        ("생년월일: 1984년 3월 12일", "DATE_OF_BIRTH", "1984년 3월 12일"), ("doğum tarihi 12/03/1984", "DATE_OF_BIRTH", "12/03/1984"),
        ("see https://www.linkedin.com/in/alma-winterbottom-77/ for", "profile_url", "linkedin.com/in/alma-winterbottom-77"),
        ("to wallet 0x52908400098527886E0F7030069857D2E4169EE7", "CRYPTO", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("電話 03-5842-7716", "phone", "03-5842-7716"), ("연락처 010-5842-7716", "phone", "010-5842-7716"),
    ],
)  # fmt: skip
def test_one_of_each_of_the_newer_kinds(body: str, kind: str, value: str) -> None:
    assert (kind, value) in found(body)


def test_short_cyrillic_words_are_no_parts_of_words() -> None:
    assert not found("длинный пользователь 7707083893 и 9123456780")
