"""What findings say in English and Chinese, and that every weakness with a name has one in both."""

import re

import pytest

from schemas import Finding, FindingKind, Judgement, Place, Severity
from secassist.formats import _cwe, _cwe_zh
from secassist.formats._said import said
from secassist.formats.table import PLUGIN as TABLE
from tests.formats.samples import several


def finding(kind: FindingKind, message: str, cwe: str = "") -> Finding:
    return Finding(
        kind=kind,
        rule="r",
        message=message,
        cwe=cwe,
        place=Place(path="a", start_line=1, end_line=1),
        severity=Severity.LOW,
        judgement=Judgement.REAL,
        confidence=0.5,
    )


@pytest.mark.parametrize(
    ("kind", "message", "english", "chinese"),
    [
        (
            FindingKind.PERSONAL_DATA,
            "Looks like personal data of type IBAN_CODE",
            "Looks like an IBAN",
            "疑似国际银行账号（IBAN）",
        ),
        (
            FindingKind.PERSONAL_DATA,
            "Looks like personal data of type PL_PESEL",
            "Looks like personal data of type PL_PESEL",
            "疑似个人信息（PL_PESEL）",
        ),
        (
            FindingKind.SECRET,
            "Looks like a secret of type url-password; but: test or example file",
            "Looks like a password in an address; but: test or example file",
            "疑似地址中的口令；但：test or example file",
        ),
        (
            FindingKind.SECRET,
            "Looks like a secret of type acme-key",
            "Looks like a secret of type acme-key",
            "疑似密钥凭据（acme-key）",
        ),
        (FindingKind.SECRET, "A rule of yours", "A rule of yours", "A rule of yours"),
    ],
)
def test_types_are_told_in_words(kind: FindingKind, message: str, english: str, chinese: str) -> None:
    assert (said(finding(kind, message), "en"), said(finding(kind, message), "zh")) == (english, chinese)


def test_a_weakness_has_its_chinese_name_before_the_detectors_sentence() -> None:
    given = finding(FindingKind.WEAKNESS, "a path holds request data", "CWE-22")
    assert said(given, "en") == "a path holds request data"
    assert said(given, "zh") == "路径遍历：a path holds request data"
    assert said(finding(FindingKind.WEAKNESS, "odd"), "zh") == "odd"


def test_every_weakness_has_both_names() -> None:
    assert _cwe_zh.NAMES.keys() == _cwe.NAMES.keys()
    assert all(re.search("[\u4e00-\u9fff]", name) for name in _cwe_zh.NAMES.values())
    assert len(set(_cwe_zh.NAMES.values())) == len(_cwe_zh.NAMES)


def test_the_heads_of_a_table_are_in_the_readers_language() -> None:
    first, *rest = several()
    heads = TABLE.analyses([first.model_copy(update={"language": "zh"}), *rest]).splitlines()[0].split()
    assert heads == ["严重性", "结论", "P", "内容", "位置", "编号"]
