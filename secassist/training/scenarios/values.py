"""Invented secrets and personal data with the form and check digits of real ones, made afresh at run time."""

import base64
import json
import random
import string
from collections.abc import Callable

from secassist.training.scenarios.names import Names

SECRETS = frozenset(
    {
        "password",
        "api_key",
        "aws_access_key",
        "aws_secret_key",
        "aliyun_key",
        "github_token",
        "slack_token",
        "jwt",
        "private_key",
        "basic_auth",
    }
)
"""Types of values that are secrets; the rest of the public types is personal data."""

_ALNUM = string.ascii_letters + string.digits
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛超明霞秀兰平刚桂英华玉梅红波宇浩凯欣怡晨雨婷琪轩"
_CITIES = (
    "上海市浦东新区",
    "北京市海淀区",
    "广州市天河区",
    "成都市武侯区",
    "杭州市西湖区",
    "武汉市洪山区",
    "青岛市市南区",
)
_ROADS = ("人民路", "中山路", "解放路", "和平路", "建设大道", "文化街", "科技一路", "滨江路", "学院路")
_STREETS = ("Mill Lane", "Harbour Street", "Oak Avenue", "Station Road", "Lindenweg", "Church Street", "Elm Drive")
_TOWNS = ("Bristol", "Austin", "Leeds", "Hamburg", "Toronto", "Dublin", "Portland", "Utrecht")
_PROVINCES = "京沪粤川浙苏鲁鄂湘闽陕渝津冀豫"


def _pick(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(count))


def _digits(rng: random.Random, count: int) -> str:
    return _pick(rng, string.digits, count)


def _password(rng: random.Random) -> str:
    word = Names(rng).fill("{word}")
    form = rng.randrange(4)
    if form == 0:
        return f"{word.title()}{rng.choice('!@#%&*')}{_digits(rng, 4)}"
    if form == 1:
        return _pick(rng, _ALNUM + "!#%+-_=", rng.randint(10, 22))
    if form == 2:
        return f"{word}-{Names(rng).fill('{word}')}-{_digits(rng, 3)}"
    return f"{_pick(rng, string.ascii_lowercase, 3)}{rng.choice('_$@')}{word.title()}{_digits(rng, 2)}"


def _jwt(rng: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    body = {"sub": _digits(rng, 6), "exp": rng.randint(1_700_000_000, 1_900_000_000)}
    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(body)}.{_pick(rng, _ALNUM + '-_', 43)}"


def _private_key(rng: random.Random) -> str:
    body = "\n".join(_pick(rng, _ALNUM + "+/", 64) for _ in range(rng.randint(2, 4)))
    kind = rng.choice(("RSA ", "EC ", "OPENSSH ", ""))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


def luhn(number: str) -> str:
    """The check digit that makes number + digit valid (ISO/IEC 7812-1, mod 10)."""
    total = sum(int(d) * 2 - 9 * (int(d) > 4) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(number)))
    return str(-total % 10)


def _card(rng: random.Random) -> str:
    head = rng.choice(("4", "51", "6222", "6217", "6228")) + _digits(rng, 14)
    body = head[:15] if head[0] in "45" else head[:18]
    return body + luhn(body)


def _id_number(rng: random.Random) -> str:
    """Chinese identity number with its check character (GB 11643: weights 2^(17-i) mod 11)."""
    area = rng.choice(("110101", "310115", "440106", "510107", "330106", "420111"))
    body = f"{area}{rng.randint(1950, 2005)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{_digits(rng, 3)}"
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(body))
    return body + "10X98765432"[total % 11]


def _iban(rng: random.Random) -> str:
    """German IBAN with its check digits (ISO 13616, mod 97)."""
    account = _digits(rng, 18)
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"


_PLACEHOLDERS = (
    "changeme",
    "<your-key>",
    "YOUR_API_KEY_HERE",
    "xxxxxxxxxxxx",
    "REPLACE_ME",
    "insert-token",
    "TODO",
    "example",
)
_PLACEHOLDERS_ZH = ("请替换为你的密钥", "你的密码", "<此处填写口令>", "xxxxxx", "待填写", "YOUR_KEY")
_TESTS = ("test1234", "secret", "password", "dummy", "testpass", "admin123", "letmein", "foobar")

MAKERS: dict[str, Callable[[random.Random], str]] = {
    "password": _password,
    "api_key": lambda rng: _pick(rng, string.ascii_lowercase + string.digits, rng.choice((24, 32, 40))),
    "aws_access_key": lambda rng: "AK" + "IA" + _pick(rng, string.ascii_uppercase + "234567", 16),
    "aws_secret_key": lambda rng: _pick(rng, _ALNUM + "/+", 40),
    "aws_example": lambda rng: "AK" + "IA" + _pick(rng, "X", 9) + "EXAMPLE",
    "aliyun_key": lambda rng: "LT" + "AI" + _pick(rng, _ALNUM, 20),
    "github_token": lambda rng: "gh" + "p_" + _pick(rng, _ALNUM, 36),
    "slack_token": lambda rng: "xo" + "xb-" + f"{_digits(rng, 12)}-{_digits(rng, 12)}-{_pick(rng, _ALNUM, 24)}",
    "jwt": _jwt,
    "private_key": _private_key,
    "basic_auth": lambda rng: base64.b64encode(f"{Names(rng).fill('{user}')}:{_password(rng)}".encode()).decode(),
    "encrypted": lambda rng: rng.choice(("ENC(", "vault:v1:", "{cipher}")) + _pick(rng, _ALNUM + "+/", 44),
    "placeholder": lambda rng: rng.choice(_PLACEHOLDERS),
    "placeholder_zh": lambda rng: rng.choice(_PLACEHOLDERS_ZH),
    "test_password": lambda rng: rng.choice(_TESTS),
    "email": lambda rng: Names(rng).fill("{first}.{last}{numtwo}@mail.{org}.example"),
    "email_test": lambda rng: f"test{_digits(rng, 2)}@example.com",
    "phone": lambda rng: f"1{rng.choice('35789')}{_digits(rng, 9)}",
    "phone_test": lambda _: "13800138000",
    "phone_en": lambda rng: rng.choice(("+1 {}-555-01{}", "+44 20 {}4 0{}5", "({}) 555-01{}")).format(
        rng.randint(201, 989), _digits(rng, 2)
    ),
    "person_zh": lambda rng: rng.choice(_SURNAMES) + _pick(rng, _GIVEN, rng.choice((1, 2))),
    "person_en": lambda rng: Names(rng).fill("{first} {last}").title(),
    "id_number": _id_number,
    "bank_card": _card,
    "passport": lambda rng: rng.choice("EG") + _digits(rng, 8),
    "passport_en": lambda rng: rng.choice(("C", "P", "L")) + _pick(rng, "CFGHJKLMNPRTVWXYZ0123456789", 8),
    "license_plate": lambda rng: rng.choice(_PROVINCES) + rng.choice("ABCDEF") + _pick(rng, "ABCDEFGHJK0123456789", 5),
    "address_zh": lambda rng: (
        f"{rng.choice(_CITIES)}{rng.choice(_ROADS)}{rng.randint(1, 999)}号{rng.randint(1, 30)}栋{rng.randint(101, 2902)}室"
    ),
    "address_en": lambda rng: f"{rng.randint(1, 240)} {rng.choice(_STREETS)}, {rng.choice(_TOWNS)}",
    "date_of_birth": lambda rng: f"{rng.randint(1945, 2005)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    "ssn": lambda rng: f"9{_digits(rng, 2)}-{rng.randint(10, 99)}-{_digits(rng, 4)}",
    "iban": _iban,
}
"""A maker by the name used in `documents.yaml`. Identity numbers of the form 9xx-xx-xxxx are never issued."""

PUBLIC: dict[str, str] = {
    "aws_example": "aws_access_key",
    "encrypted": "password",
    "placeholder": "password",
    "placeholder_zh": "password",
    "test_password": "password",
    "email_test": "email",
    "phone_test": "phone",
    "phone_en": "phone",
    "person_zh": "person",
    "person_en": "person",
    "passport_en": "passport",
    "address_zh": "address",
    "address_en": "address",
}
"""The public type of makers whose name differs from it."""
