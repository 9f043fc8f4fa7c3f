"""Personal data: check digits, text without word boundaries, and what only looks like it. All people are invented."""
# ruff: noqa: E501 - a row of data is easier to read in one piece

import pytest

from schemas import CodeUnit, Document, FindingKind
from secassist.detectors.base import Candidate
from secassist.detectors.personal_data import PLUGIN
from tests.detectors.pii_numbers import cn_id, luhn


def scan(body: str) -> tuple[Candidate, ...]:
    return PLUGIN.detect(Document(source="t", body=body)).candidates


def pairs(body: str) -> set[tuple[str, str]]:
    return {(c.type, c.value) for c in scan(body)}


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
        ("身份证号（旧）110101900307123", "id_number", "110101900307123"),
        ("新能源车粤BD12345停在门口", "license_plate", "粤BD12345"),
        ("港澳通行证C12345679", "travel_permit", "C12345679"),
        ("台胞证号：01234568", "travel_permit", "01234568"),
        ("HKID G123456(A)", "HK_ID", "G123456(A)"),
        ("澳门居民身份证1234567(8)", "MO_ID", "1234567(8)"),
        ("身分證字號 A123456789", "TW_ID", "A123456789"),
        ("统一社会信用代码91350100M000100Y43", "social_credit_code", "91350100M000100Y43"),
        ("对公账号 3302018809200", "bank_account", "3302018809200"),
        ("マイナンバー 1234 5678 9018", "JP_MY_NUMBER", "1234 5678 9018"),
        ("My Number: 123456789018", "JP_MY_NUMBER", "123456789018"),
        ("Aadhaar 2345 6789 0124", "IN_AADHAAR", "2345 6789 0124"),
        ("CNPJ 11.222.333/0001-81", "BR_CNPJ", "11.222.333/0001-81"),
        ("CPF 529.982.247-25", "BR_CPF", "529.982.247-25"),
        ("SIN: 130 692 544", "CA_SIN", "130 692 544"),
        ("ITIN 912-73-4567", "US_ITIN", "912-73-4567"),
        ("MRN: 00482913", "MEDICAL_RECORD_NUMBER", "00482913"),
        ("病历号：20260314", "MEDICAL_RECORD_NUMBER", "20260314"),
        ("born on 12 March 1984 in Leeds", "DATE_OF_BIRTH", "12 March 1984"),
        ('"birth_date": "19840312"', "DATE_OF_BIRTH", "19840312"),
        ("出生日期：1984年3月12日", "DATE_OF_BIRTH", "1984年3月12日"),
        ("微信号 lin_yt2031", "wechat", "lin_yt2031"),
        ("12 rue de Rivoli, 75001 Paris", "address", "12 rue de Rivoli, 75001 Paris"),
        ("Lindenstraße 14, 10969 Berlin", "address", "Lindenstraße 14, 10969 Berlin"),
        ("ring 06 12 34 56 78 please", "phone", "06 12 34 56 78"),
        ("cell +91 98450 31276", "phone", "+91 98450 31276"),
        ("to DE37 3704 0044 0532 0137 42 AND MORE", "IBAN_CODE", "DE37 3704 0044 0532 0137 42"),
        ("from 2a02:8109:b40::1f port", "IP_ADDRESS", "2a02:8109:b40::1f"),
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


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("mail ann@shop.example.com", "example domain"), ("user@test.invalid", "example domain"), ("noreply@brightmill.net", "address of a machine"),
        ("git@github.com", "address of a machine"), ("hmac-sha2-256-etm@openssh.com", "name of an algorithm"), ("you@yourdomain.com", "sample address"),
        ("call 212-555-0142", "number kept for fiction"), ("tel 07700 900123", "number kept for fiction"), ("ring +44 20 7946 0321", "number kept for fiction"),
        ("SSN 123-45-6789", "number of a specification's sample"), ("SSN 078-05-1120", "number of a specification's sample"),
        ("card 4242 4242 4242 4242", "published test card"), ("IBAN GB82WEST12345698765432", "number of a specification's sample"),
        ("手机13800000000", "repeated digit"), ("护照号E00000000", "repeated digit"), ("passport 123456789", "number of a specification's sample"),
        ("Dear John Doe, hello", "placeholder name"),
        ("from 192.0.2.14 port", "address kept for documentation"), ("2001:db8::7 is up", "address kept for documentation"),
        ("on 127.0.0.1 only", "address of no host"),
    ],
)  # fmt: skip
def test_what_is_obviously_invented_says_why_and_is_never_certain(body: str, why: str) -> None:
    found = [c for c in scan(body) if c.safe_hint]
    assert [c.safe_hint for c in found] == [why] and not found[0].certain


@pytest.mark.parametrize(
    "body",
    [f"身份证{cn_id('44030620001231001')}", f"card {luhn('411743920581667')}", "手机13985271604", "phone +1 212 736 5043", "SSN: 536-90-4399",
     "IBAN DE37370400440532013742", "j.rowan@brightmill.net", "NIR 255081416802538"],
)  # fmt: skip
def test_check_digits_and_context_make_it_certain(body: str) -> None:
    (found,) = scan(body)
    assert found.certain and not found.safe_hint


@pytest.mark.parametrize(
    "body",
    [
        "Message-ID: <20260314.1F3A.77@mx.brightmill.net>", "icon@2x.png", "see Fab::Cafe and std::vector", "ratio 12:34:56 at 10:00:00",
        "Decimal('+35236450.60')", "sd_IN@devanagari.UTF-8", "何时结束？时发生错误，和新版本", "缓冲区和加载区域", "康柏笔记本", "云KAFKA集群",
        "第3号决定，2号线，5号楼已满", "版权所有 2024 公司", "Pay in 5 Way stations", "微信Android版本", "born free", "license 2024 permit",
        "第224号订单", "setting 123456782",
    ],
)  # fmt: skip
def test_what_only_looks_like_it(body: str) -> None:
    assert scan(body) == ()


@pytest.mark.parametrize(
    ("body", "name"),
    [("陈海燕提交了报销单", "陈海燕"), ("周志强已到账", "周志强"), ("挂号：何丽丽 内科", "何丽丽"), ("由赵建国办理", "赵建国"), ("孙雅琴名下房产", "孙雅琴")],
)  # fmt: skip
def test_chinese_names_before_what_people_do(body: str, name: str) -> None:
    assert ("person", name) in pairs(body)


def test_a_number_within_a_row_of_groups_is_found() -> None:
    card = luhn("411743920581667")
    grouped = " ".join(card[at : at + 4] for at in range(0, 16, 4))
    assert ("CREDIT_CARD", grouped) in pairs(f"row 1023 {grouped} 7")


def test_a_value_at_the_end_of_a_long_row_is_found() -> None:
    for size in range(40, 140, 7):
        assert ("phone", "13985271604") in pairs(f"{'10 ' * size}13985271604 手机")


def test_a_phone_number_ends_where_its_country_ends_it() -> None:
    assert ("phone", "+1 212 736 5043") in pairs("phone +1 212 736 5043 2026 03")


def test_addresses_of_machines_are_left_out_of_code() -> None:
    unit = CodeUnit(source="t", path="a.py", body="HOST = '198.51.100.7'")
    assert PLUGIN.detect(unit).candidates == ()


def test_kind_and_silence() -> None:
    (found,) = scan("SSN: 536-90-4399")
    assert found.kind is FindingKind.PERSONAL_DATA and "536" not in repr(found) + found.message


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
