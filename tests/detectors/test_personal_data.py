"""Personal data: check digits, text without word boundaries, and what only looks like it. All people are invented."""

import pytest

from schemas import CodeUnit, Document, FindingKind
from secassist.detectors._pii_checks import CHECKS
from secassist.detectors.base import Candidate
from secassist.detectors.personal_data import PLUGIN


def scan(body: str) -> tuple[Candidate, ...]:
    return PLUGIN.detect(Document(source="t", body=body)).candidates


def pairs(body: str) -> set[tuple[str, str]]:
    return {(c.type, c.value) for c in scan(body)}


def cn_id(first: str) -> str:
    total = sum(int(d) * w for d, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return first + "10X98765432"[total % 11]


def test_a_chinese_sentence_without_boundaries() -> None:
    number = cn_id("11010119900307123")
    text = f"客户王小明身份证号{number}，手机13812345678，车牌京A12345，"
    text += "住在浙江省杭州市西湖区文三路100号3栋501室，邮箱wxm@corp.cn"
    assert pairs(text) == {
        ("person", "王小明"),
        ("id_number", number),
        ("phone", "13812345678"),
        ("license_plate", "京A12345"),
        ("address", "浙江省杭州市西湖区文三路100号3栋501室"),
        ("email", "wxm@corp.cn"),
    }


def test_a_wrong_check_character_needs_context() -> None:
    good = cn_id("11010119900307123")
    bad = good[:-1] + ("1" if good[-1] != "1" else "2")
    assert [c.certain for c in scan(f"编号{good}")] == [True]
    assert not scan(f"编号{bad}")
    assert pairs(f"身份证{bad}") == {("id_number", bad)}


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ("Reach me at jane.roe+x@mail.example-corp.com today", "email", "jane.roe+x@mail.example-corp.com"),
        ("card 4111 1111 1111 1111 exp", "CREDIT_CARD", "4111 1111 1111 1111"),
        ("IBAN GB82 WEST 1234 5698 7654 32.", "IBAN_CODE", "GB82 WEST 1234 5698 7654 32"),
        ("SSN: 536-90-4399", "US_SSN", "536-90-4399"),
        ("NINO AB 12 34 56 C", "UK_NINO", "AB 12 34 56 C"),
        ("NHS number 943 476 5919", "UK_NHS", "943 476 5919"),
        ("Steuer-ID 86095742719", "DE_TAX_ID", "86095742719"),
        ("NIR 255081416802538", "FR_NIR", "255081416802538"),
        ("codice fiscale RSSMRA85T10A562S", "IT_FISCAL_CODE", "RSSMRA85T10A562S"),
        ("DNI 12345678Z", "ES_NIF", "12345678Z"),
        ("PAN ABCPE1234F", "IN_PAN", "ABCPE1234F"),
        ("NRIC S1234567D", "SG_NRIC_FIN", "S1234567D"),
        ("call (212) 555-0187 now", "phone", "(212) 555-0187"),
        ("Tel. +49 30 901820", "phone", "+49 30 901820"),
        ("Date of birth: 1984-03-12", "DATE_OF_BIRTH", "1984-03-12"),
        ("Dr. Alice Winterbottom will see you", "person", "Alice Winterbottom"),
        ("ship to 221 West Baker Street, Springfield", "address", "221 West Baker Street, Springfield"),
        ("from 198.51.100.7 port", "IP_ADDRESS", "198.51.100.7"),
        ("护照号E12345678", "passport", "E12345678"),
        ("座机010-62781234", "phone", "010-62781234"),
    ],
)
def test_one_of_each(body: str, kind: str, value: str) -> None:
    assert (kind, value) in pairs(body)


@pytest.mark.parametrize(
    "body",
    [
        "1700000000123 1700000000 2024-05-01T10:00:00.123456Z +0800",
        "123e4567-e89b-12d3-a456-426614174000",
        "d41d8cd98f00b204e9800998ecf8427e da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "pid=13812 seq=000000123456 size=4294967296 0x7ffe13800138000f",
        "version 1.2.3.4.5 build 20240501123456789",
        "系统于今日完成升级，方案已通过安全管理平台审核，请查看路径。",
        "The quarterly report was sent to all teams on Monday.",
        "4111 1111 1111 1112",
    ],
)
def test_timestamps_guids_hashes_and_prose_are_not_people(body: str) -> None:
    assert [c.value for c in scan(body) if c.type != "IP_ADDRESS"] == []


def test_example_domains_carry_a_hint() -> None:
    (found,) = scan("write to someone@example.com")
    assert found.safe_hint == "example domain" and not found.certain


def test_addresses_of_machines_are_left_out_of_code() -> None:
    unit = CodeUnit(source="t", path="a.py", body="HOST = '198.51.100.7'")
    assert PLUGIN.detect(unit).candidates == ()


def test_kind_and_silence() -> None:
    (found,) = scan("SSN: 536-90-4399")
    assert found.kind is FindingKind.PERSONAL_DATA and "536" not in repr(found) + found.message


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("luhn", "79927398713"), ("cn_credit_code", "91350100M000100Y43"), ("aba", "021000021"), ("br_cpf", "529.982.247-25"),
        ("verhoeff", "234567890124"), ("fi_hetu", "131052-308T"), ("pl_pesel", "44051401458"), ("nl_bsn", "111222333"),
        ("tr_id", "10000000146"), ("th_id", "1234567890121"), ("au_abn", "51824753556"), ("au_tfn", "123456782"),
        ("crypto", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), ("crypto", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ],
)  # fmt: skip
def test_checksums_hold_and_notice_one_changed_character(name: str, good: str) -> None:
    assert CHECKS[name](good)
    at = len(good) // 2 + (0 if good[len(good) // 2].isalnum() else 1)
    changed = good[:at] + {"1": "3", "q": "p"}.get(good[at], "1") + good[at + 1 :]
    assert not CHECKS[name](changed)


@pytest.mark.parametrize(
    "body",
    [
        "class_name: Detection Finding",
        "metadata.product.name: Identity Watch",
        "vendor_name: Example Identity",
        "name: Unix Shell",
        "threat.technique.name: Remote Desktop Protocol",
        "policyName: Rose Baker",
        "name: Scheduled Task",
        "Dear Hiring Manager",
        "Regards, Security Operations",
        "Max Power Supply",
    ],
)
def test_things_and_labels_are_no_persons(body: str) -> None:
    assert scan(body) == ()


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("name: Mary Smith", "Mary Smith"),
        ("customer_name: Rose Baker", "Rose Baker"),
        ("displayName: Grace Young", "Grace Young"),
        ("Full name: Jan de Vries", "Jan de Vries"),
        ("contact: Mark Hunter", "Mark Hunter"),
    ],
)
def test_persons_under_the_same_labels_stay_persons(body: str, value: str) -> None:
    assert pairs(body) == {("person", value)}


@pytest.mark.parametrize(
    "body",
    ["客服热线 400-820-8820",
     "热线：4008208820", "hotline 800-810-8888", "call 1-800-555-0199", "call (800) 555-0187", "tel 0800 123 4567"],
)  # fmt: skip
def test_service_hotlines_are_nobodys_telephone(body: str) -> None:
    assert scan(body) == ()


def test_a_password_before_a_host_is_no_address() -> None:
    assert not [c for c in scan("db://ledger:Otter-Quill-5518@ledger-db.corp.net/x") if c.type == "email"]


def test_a_mobile_number_that_begins_like_a_hotline_is_a_telephone() -> None:
    assert pairs("姓名=彭杰丽 手机=18001839164") >= {("phone", "18001839164")}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("His social security number is 904-23-0057.", ("US_SSN", "904-23-0057")),
        ("Passport CYM7CGL9C was used", ("passport", "CYM7CGL9C")),
        ("The customer is Jing Zhou, telephone", ("person", "Jing Zhou")),
        ("She lives at 151 Station Road, Leeds. Passport PJK2JFK5N was shown", ("address", "151 Station Road, Leeds")),
    ],
)
def test_context_is_enough_where_no_check_digit_exists(body: str, found: tuple[str, str]) -> None:
    assert found in pairs(body)
