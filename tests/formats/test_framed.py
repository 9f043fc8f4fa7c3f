"""What rules found is framed in the reader's language; every kind of web attack has its Chinese name."""

import pytest

from secassist.detectors._web.patterns import FAMILIES, Family
from secassist.formats._framed import framed
from secassist.formats.base import Format
from secassist.formats.html import PLUGIN as HTML
from secassist.formats.markdown import PLUGIN as MARKDOWN
from secassist.formats.plain import PLUGIN as PLAIN
from tests.formats.samples import brute_force

WEB = "Text that looks like {} (weight 6) in the {} of a request."


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("Sigma rule matches: The log was cleared.", "匹配 Sigma 规则：The log was cleared."),
        ("Sigma rule matches what encoding hid: A.B.", "匹配 Sigma 规则（内容经过编码）：A.B."),
        (WEB.format("SQL injection", "query"), "请求的查询参数中有疑似“SQL 注入”的内容（权重 6）。"),
        (WEB.format("SQL injection", "body q"), "请求的 body q 中有疑似“SQL 注入”的内容（权重 6）。"),
        ("Sigma rule matches: A. Something else.", "匹配 Sigma 规则：A. Something else."),
    ],
)
def test_words_of_detectors_are_framed_for_readers_of_chinese_only(message: str, chinese: str) -> None:
    assert framed(message, "zh") == chinese
    assert framed(message, "en") == message


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_no_kind_of_web_attack_is_left_in_english(family: Family) -> None:
    assert family.title not in framed(WEB.format(family.title, "path"), "zh")


@pytest.mark.parametrize("made", [PLAIN, MARKDOWN, HTML], ids=["plain", "markdown", "html"])
def test_pages_frame_a_verdict_in_the_language_of_its_analysis(made: Format) -> None:
    given = brute_force()
    assert given.verdict is not None
    verdict = given.verdict.model_copy(update={"rationale": "Sigma rule matches: The log was cleared."})
    english, chinese = (given.model_copy(update={"verdict": verdict, "language": each}) for each in ("en", "zh"))
    assert "Sigma rule matches: The log" in made.analyses([english])
    assert "匹配 Sigma 规则：The log" in made.analyses([chinese])
