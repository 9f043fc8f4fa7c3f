"""Personal data that only its surroundings tell: tables, directories, escaped text; and digits that nothing speaks for."""
# ruff: noqa: E501 - a row of data is easier to read in one piece

import pytest

from schemas import Document, LogWindow
from secassist.detectors.personal_data import PLUGIN
from tests.detectors.pii_numbers import luhn

MOBILE, CARD = "13985271604", luhn("400096005744198")


def pairs(body: str) -> set[tuple[str, str]]:
    return {(c.type, c.value) for c in PLUGIN.detect(LogWindow(source="t", body=body)).candidates}


@pytest.mark.parametrize(
    "line",
    [
        f'10.1.2.3 - - "GET /api/orders/{CARD} HTTP/1.1" 200 3143',
        f'"GET /api/accounts/{MOBILE}7/orders/{CARD} HTTP/1.1" 200',
        f"params: $1 = '{CARD}'",
        f"claim={CARD} status=approved",
        f"linked case {CARD}",
        f'"HEAD /dist/app.zip HTTP/1.1" 200 {MOBILE} etag="4ddc"',
        f"消费 topic=order offset=8 end={MOBILE} lag=1608",
        f"出库 运单号=JD0167109237610 波次={MOBILE} 库位=A-5452",
        f"设备上报 sn={MOBILE} 固件=2.23",
        f"SUBMIT seq={MOBILE} 内容长度:6784",
        f"修改手机号 uid={MOBILE} 操作人:admin",
        "开票 发票号码：69558187",
        "merge conflict id=175894379161109566",
        f"meter up={MOBILE}",
    ],
)
def test_digits_that_nothing_speaks_for_are_nobodys(line: str) -> None:
    assert pairs(line) == set()


@pytest.mark.parametrize(
    "line",
    [
        f"card {CARD}",
        f'"cc":"{CARD}"',
        f"POST /cards/{CARD}/limits",
        f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}",
        f"a.ruiz@brightmill.net|{CARD}|ok",
    ],
)
def test_a_card_that_something_speaks_for_is_found(line: str) -> None:
    assert "CREDIT_CARD" in {kind for kind, _ in pairs(line)}


@pytest.mark.parametrize(
    "line",
    [
        f"user={MOBILE}",
        f"请转告{MOBILE}尽快回复",
        f"to={MOBILE} sent",
        f"+86 {MOBILE}",
        f"{MOBILE} a.ruiz@brightmill.net",
    ],
)
def test_a_mobile_number_that_something_speaks_for_is_found(line: str) -> None:
    assert "phone" in {kind for kind, _ in pairs(line)}


def test_a_value_of_an_insert_stands_under_its_column() -> None:
    line = "INSERT INTO customers (id, name, email, phone) VALUES (7917514512, 'Chloe Iyer', 'c@brightmill.net', '(415) 856-7934'), (17, 'O''Neil', NULL, NULL)"
    assert pairs(line) == {("person", "Chloe Iyer"), ("email", "c@brightmill.net"), ("phone", "(415) 856-7934")}


def test_a_cell_of_csv_stands_under_its_column() -> None:
    body = 'order,customer_name,date_of_birth,card\n13985271604,Tove Halloran,1976-12-07,"4000960057441989"\n17,"Halloran, Tove",7 May 1980,\nthe end'
    assert pairs(body) == {
        ("person", "Tove Halloran"),
        ("person", "Halloran, Tove"),
        ("DATE_OF_BIRTH", "1976-12-07"),
        ("DATE_OF_BIRTH", "7 May 1980"),
        ("CREDIT_CARD", "4000960057441989"),
    }


def test_columns_of_things_hold_no_names() -> None:
    assert pairs("id,service_name,state\n1,Order Desk,up\n2,Billing Core,down\n") == set()
    assert pairs("INSERT INTO rules (id, name, regex) VALUES (3, 'Blue Moon', 'x')") == set()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Object DN: CN=Tove Halloran,OU=Finance,DC=corp,DC=internal", "Tove Halloran"),
        ("useradd[46170]: new user: name=thal, UID=4550, comment=Tove Halloran, shell=/bin/bash", "Tove Halloran"),
        ("thal:x:1004:1004:Tove Halloran,,,:/home/thal:/bin/sh", "Tove Halloran"),
        ('employee="Halloran, Tove" tax_code=1257L', "Halloran, Tove"),
        ("hired name=Halloran, Beatriz passport no. 497853523", "Halloran, Beatriz"),
        ('titular="Tove Halloran"', "Tove Halloran"),
        ("visitor: hi, this is Tove Halloran, my parcel", "Tove Halloran"),
        ("Pt Tove Halloran, c/o chest pain", "Tove Halloran"),
        ("customer Tove Halloran (thal4@brightmill.net), duplicate", "Tove Halloran"),
        ("seen Tove Halloran, DOB 09/18/1987", "Tove Halloran"),
        ('"inviter":"\\u7530\\u8bda\\u5609"', "\\u7530\\u8bda\\u5609"),
        ("GET /verify?name=%E9%83%91%E7%8E%B2%E6%96%87&ok=1", "%E9%83%91%E7%8E%B2%E6%96%87"),
        ("用户自称刘宇晓，要求退款", "刘宇晓"),
        ("投保人谢强 被保人刘豪艳 生日2004年12月11日", "刘豪艳"),
    ],
)
def test_a_name_is_told_by_what_stands_around_it(line: str, name: str) -> None:
    assert ("person", name) in pairs(line)


@pytest.mark.parametrize(
    "line",
    [
        "subject CN=Baltimore Cyber,OU=Trust,O=Baltimore",
        "CN=Domain Admins,OU=Groups,DC=corp,DC=internal",
        "name=London, England",
        "driver Realtek Wireless loaded",
        "this is Visual Studio Code",
        '"title":"\\u8ba2\\u5355\\u5df2\\u53d1\\u8d27"',
    ],
)
def test_names_of_things_stay(line: str) -> None:
    assert "person" not in {kind for kind, _ in pairs(line)}


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("NPI 1234567893", "US_NPI", "1234567893"),
        ("Rentenversicherung 65170839J003", "DE_SOCIAL_SECURITY", "65170839J003"),
        ("Krankenversicherung A123456780", "DE_HEALTH_INSURANCE", "A123456780"),
        ("Kennzeichen M-AB 1234", "DE_LICENSE_PLATE", "M-AB 1234"),
        ("plaka: 34 ABC 123", "TR_LICENSE_PLATE", "34 ABC 123"),
        ("passaporto AA1234567", "IT_PASSPORT", "AA1234567"),
        ("여권 M12345678", "KR_PASSPORT", "M12345678"),
    ],
)
def test_numbers_of_other_countries(line: str, kind: str, value: str) -> None:
    assert (kind, value) in pairs(line)


@pytest.mark.parametrize(
    "line",
    ["NPI 1234567890", "Rentenversicherung 65170839J004", "Krankenversicherung A123456781", "order 1234567893"],
)
def test_a_wrong_check_digit_is_no_number_of_a_person(line: str) -> None:
    assert not {kind for kind, _ in pairs(line)} & {"US_NPI", "DE_SOCIAL_SECURITY", "DE_HEALTH_INSURANCE"}


def test_hardware_addresses_stand_in_documents_only() -> None:
    body = (
        "seen 3c:5a:b4:1f:09:e2, 3C-5A-B4-1F-09-E3 and 3c5a.b41f.09e4; key 3c:5a:b4:1f:09:e2:11:aa:bb:cc, at 12:30:45"
    )
    found = PLUGIN.detect(Document(source="t", body=body)).candidates
    values = {c.value for c in found if c.type == "MAC_ADDRESS"}
    assert values == {"3c:5a:b4:1f:09:e2", "3C-5A-B4-1F-09-E3", "3c5a.b41f.09e4"}
    assert "MAC_ADDRESS" not in {kind for kind, _ in pairs(body)}


@pytest.mark.parametrize(
    ("line", "kind", "value"),
    [
        ("back on 07401 226702 after five", "phone", "07401 226702"),
        ("Account number: 40401287  Sort code: 20-45-53", "UK_BANK_SORT_CODE", "20-45-53"),
        ("Vehicle registration: 7ABC123 (California)", "US_LICENSE_PLATE", "7ABC123"),
        ("Passenger: HOLLOWAY/PETER MR  Ticket 220", "person", "HOLLOWAY/PETER MR"),
        ("P<GBRHOLLOWAY<<SIMON<JAMES<<<<<<<<<<<<", "person", "HOLLOWAY<<SIMON<JAMES"),
        ("Guest Annelise Vogt, passport no. C01X4611K", "person", "Annelise Vogt"),
        ("实名认证失败 name=顾志明 idNo=1", "person", "顾志明"),
        ("报修人邵建国 电话未填", "person", "邵建国"),
        ("出租人（甲方）：尤美玲，住址", "person", "尤美玲"),
    ],
)
def test_what_is_read_by_its_label_or_its_shape(line: str, kind: str, value: str) -> None:
    assert (kind, value) in pairs(line)


def test_first_and_last_names_stand_in_columns_of_people_only() -> None:
    people = "id,first_name,last_name,email\n1,Graham,Pellegrino,gp@corvid.net\n"
    goods = "sku,name,support_phone,price\n77,Trill Bottle,,9\n"
    assert {("person", "Graham"), ("person", "Pellegrino")} <= pairs(people)
    assert pairs(goods) == set() and ("person", "Trill Bottle") in pairs(
        goods.replace("sku", "id").replace("price", "age")
    )


def test_a_number_of_an_invoice_is_nobodys_telephone() -> None:
    assert pairs("发票代码044001935763 发票号码51019256") == set()
