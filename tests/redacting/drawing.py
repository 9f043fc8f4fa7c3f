"""Draws texts for the property tests: noise of every kind, with and without values that detectors find in it."""

import base64
import json
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.redacting.runs import AWS_KEY, CARD_ID, MAIL, PASSWORD

KEY_BODY = "\n".join(f"MIIEowIBAAKCAQEAx9Zq7mVt2kLp9Qw3Er5Ty8Ui0Op1As4Df6Gh7Jk2Lz{at:02d}" for at in range(6))
PRIVATE_KEY = "-----BEGIN RSA " + f"PRIVATE KEY-----\n{KEY_BODY}\n-----END RSA " + "PRIVATE KEY-----"
VALUES = (
    MAIL,
    PASSWORD,
    CARD_ID,
    AWS_KEY,
    "13862907415",
    "张三丰",
    "bob@corp-mail.org",
    "+1 202-555-0147",
    PRIVATE_KEY,
)
WRAPPED = (
    "{}",
    "user {} logged in",
    'password = "{}"',
    "email: {}",
    "phone: {}",
    "姓名：{}，",
    "身份证号{}",
    "https://svc:{}@db.corp-mail.org/x",
    "Authorization: Basic {}",
    '{{"password": "{}", "n": 1}}',
    "key={}&next=1",
)
SIGNS = ("\r\n", "\n", "\r", "\0", "\ufeff", '"', "\\", "\\u0041", "%41", ",", "]}", "****", "= ", ": ", "x" * 50)
HARMLESS = ("2026-03-01T10:00:00Z", "7286bb0b-1111-4222-8333-944455556666", "build 20260301.4", "0x7ffee3b0")
GONE = ("<EMAIL_7f3a91c2>", "<PASSWORD_0123456789ab_1234>", "[email:****]")
NOISE = st.one_of(
    st.text(max_size=40),
    st.sampled_from((*SIGNS, *HARMLESS, *GONE)),
    st.binary(max_size=12).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
)


def _spelled(value: str) -> st.SearchStrategy[str]:
    raw = value.encode()
    wrapped = (base64.b64encode(b"ab:" + raw + b"!"), base64.urlsafe_b64encode(b"x" + raw), base64.b64encode(raw))
    spelled = (quote(value, safe=""), raw.hex(), json.dumps(value)[1:-1], *(code.decode() for code in wrapped))
    return st.sampled_from((value, value, value, *spelled))


VALUE = st.sampled_from(VALUES).flatmap(_spelled)
MARKED = st.builds(lambda form, value: form.format(value), st.sampled_from(WRAPPED), VALUE)
TEXT = st.lists(st.one_of(NOISE, MARKED, st.just("\n")), max_size=14).map("".join)
CELL = st.one_of(st.text(max_size=15), VALUE, MARKED, st.integers().map(str))
NAMES = st.sampled_from(["phone", "email", "password", "id_number", "note", "姓名", "a"])
LEAF: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=15), VALUE, MARKED
)
DOCUMENT: st.SearchStrategy[Any] = st.recursive(
    LEAF | st.sampled_from([13862907415, 6222021234567890128]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.one_of(NAMES, st.text(max_size=8), VALUE), inner, max_size=4)
    ),
    max_leaves=12,
)
