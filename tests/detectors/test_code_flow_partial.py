"""Checks and filters that see only a part of what they should: what counts, beside the twins that must stay silent."""

import pytest

from schemas import CodeUnit
from secassist.detectors.code_flow import PLUGIN

RULES = {"part-of-address-checked", "host-pattern", "incomplete-escaping", "incomplete-filter"}
VULNERABLE = [
    ("part-of-address-checked", 'if (url.indexOf("example.com") !== -1) go();'),
    ("part-of-address-checked", "if (u.host.includes('https://www.example.org')) go();"),
    ("part-of-address-checked", 'if (parse(u).host.endsWith("example.com")) go();'),
    ("host-pattern", r"if (/^https?:\/\/www.example.com\//.test(u)) go();"),
    ("host-pattern", r"if (/^(?:https:\/\/)?x/.test(u) || /https:\/\/(a|b).example.net/.test(u)) go();"),
    ("incomplete-escaping", "s = s.replace('<', '&lt;');"),
    ("incomplete-escaping", 's = s.replace("\'", "");'),
    ("incomplete-escaping", "s = s.replace(/\"/, '');"),
    ("incomplete-escaping", r"""s = s.replace(/"/g, '\\"');"""),
    ("incomplete-filter", "s = s.replace(/<script>/gi, '');"),
    ("incomplete-filter", "s = s.replace(/<!--/g, '');"),
]
SAFE = [
    'if (hosts.indexOf("example.com") !== -1) go();',
    'if (["example.com"].includes(host)) go();',
    'if (allowList.includes("example.com")) go();',
    'if (host === "example.com" || host.endsWith(".example.com")) go();',
    'if (url.startsWith("https://example.com/")) go();',
    'if (name.indexOf("readme") !== -1) go();',
    r"if (/^https?:\/\/www\.example\.com\//.test(u)) go();",
    r"if (/^https:\/\/[a-z]+\.example\.net\//.test(u)) go();",
    "s = s.replace(/</g, '&lt;');",
    "s = s.replace('-', '_');",
    r"""s = s.replace(/\\/g, '\\\\').replace(/"/g, '\\"');""",
    "// s.replace('<', '')",
    "s = s.replace(/\\n/g, '');",
    "s = s.replace(/<b>/g, '');",
]


def rules(body: str) -> set[str]:
    unit = CodeUnit(source="t", path="x.js", language="javascript", body=body)
    return {one.rule for one in PLUGIN.detect(unit).candidates} & RULES


@pytest.mark.parametrize(("rule", "body"), VULNERABLE)
def test_a_part_is_no_proof_of_the_whole(rule: str, body: str) -> None:
    assert rules(body) == {rule}


@pytest.mark.parametrize("body", SAFE)
def test_the_whole_is(body: str) -> None:
    assert not rules(body)
