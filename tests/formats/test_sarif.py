"""SARIF: the structure that the standard and code scanning require, checked by a strict schema of our own."""

import json
import re
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from cvss import CVSS3

from schemas import Analysis, Check, Evidence, Place, Severity, Silence
from secassist.formats import sarif
from secassist.formats._cvss import vector
from secassist.formats._uri import place_of, relative
from tests.formats.samples import HOSTILE, analysis, brute_force, hostile, review, secret, several

TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 1}


def closed(required: list[str], optional: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """An object with no other properties than these."""
    known = {**properties, **(optional or {})}
    return {"type": "object", "properties": known, "required": required, "additionalProperties": False}


MESSAGE = closed(["text"], text=TEXT)
REGION = closed(["startLine"], startLine=COUNT, endLine=COUNT, startColumn=COUNT, endColumn=COUNT)
ARTIFACT = closed(
    ["uri", "uriBaseId"], uri={**TEXT, "pattern": "^[A-Za-z0-9._~/%-]+$"}, uriBaseId={"const": "%SRCROOT%"}
)
PHYSICAL = closed(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION)
LOCATIONS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1,
    "items": closed(["physicalLocation"], physicalLocation=PHYSICAL),
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = closed(
    ["id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"],
    id=TEXT,
    helpUri={"type": "string", "pattern": "^https://cwe.mitre.org/data/definitions/[0-9]+.html$"},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=closed(["text", "markdown"], text=TEXT, markdown=TEXT),
    defaultConfiguration=closed(["level"], level=LEVEL),
    properties=closed(
        ["tags", "precision", "security-severity"],
        {"security-severity": {"type": "string", "pattern": r"^(10|[0-9])\.[0-9]$"}},
        tags={"type": "array", "items": TEXT, "uniqueItems": True, "maxItems": 20, "contains": {"const": "security"}},
        precision={"enum": ["very-high", "high", "medium", "low"]},
    ),
)
FLOW = closed(
    ["threadFlows"],
    threadFlows={
        "type": "array",
        "minItems": 1,
        "items": closed(
            ["locations"],
            locations={
                "type": "array",
                "minItems": 2,
                "items": closed(
                    ["location"],
                    location=closed(["physicalLocation", "message"], physicalLocation=PHYSICAL, message=MESSAGE),
                ),
            },
        ),
    },
)
SUPPRESSION = closed(["kind", "justification"], kind={"enum": ["inSource", "external"]}, justification=TEXT)
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
FIX = closed(
    ["description", "artifactChanges"],
    description=MESSAGE,
    artifactChanges={
        "type": "array",
        "minItems": 1,
        "items": closed(
            ["artifactLocation", "replacements"],
            artifactLocation=ARTIFACT,
            replacements={
                "type": "array",
                "minItems": 1,
                "items": closed(
                    ["deletedRegion", "insertedContent"],
                    deletedRegion=REGION,
                    insertedContent=closed(["text"], text={"type": "string"}),
                ),
            },
        ),
    },
)
RESULT = closed(
    ["ruleId", "ruleIndex", "kind", "level", "message", "locations", "partialFingerprints"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    kind={"enum": ["fail", "pass", "open", "informational"]},
    level=LEVEL,
    message=MESSAGE,
    locations=LOCATIONS,
    partialFingerprints=closed(
        ["primaryLocationLineHash"], primaryLocationLineHash={"type": "string", "pattern": "^[0-9a-f]{16}:[1-9][0-9]*$"}
    ),
    fixes={"type": "array", "minItems": 1, "items": FIX},
    codeFlows={"type": "array", "minItems": 1, "items": FLOW},
    suppressions={"type": "array", "items": SUPPRESSION},
    baselineState={"enum": ["new", "unchanged", "updated", "absent"]},
    properties={"type": "object"},
)
NOTICE = closed(["message", "level"], message=MESSAGE, level=LEVEL, locations=LOCATIONS)
RUN = closed(
    ["tool", "results", "invocations", "automationDetails", "columnKind"],
    tool=closed(
        ["driver"],
        driver=closed(
            ["name", "version", "semanticVersion", "rules"],
            name={"const": "secassist"},
            version=TEXT,
            semanticVersion=TEXT,
            rules={"type": "array", "items": RULE},
        ),
    ),
    automationDetails=closed(["id"], id={"const": "secassist/"}),
    columnKind={"const": "unicodeCodePoints"},
    originalUriBaseIds=closed(["%SRCROOT%"], {"%SRCROOT%": closed(["description"], description=MESSAGE)}),
    invocations={
        "type": "array",
        "minItems": 1,
        "items": closed(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            startTimeUtc=TIME,
            endTimeUtc=TIME,
            toolExecutionNotifications={"type": "array", "items": NOTICE},
        ),
    },
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["$schema", "version", "runs"],
    {"$schema": TEXT},
    version={"const": "2.1.0"},
    runs={"type": "array", "minItems": 1, "maxItems": 20, "items": RUN},
)


def run_of(analyses: list[Analysis]) -> dict[str, Any]:
    log = json.loads(sarif.PLUGIN.analyses(analyses))
    jsonschema.Draft202012Validator(LOG).validate(log)
    return log["runs"][0]


@pytest.mark.parametrize("given", [several(), hostile(), []], ids=["several", "hostile", "none"])
def test_structure(given: list[Analysis]) -> None:
    run = run_of(given)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert (result["level"] == "none") == (result["kind"] != "fail")


def test_verdicts_become_results_at_their_origin() -> None:
    bad, calm, *_ = run_of(several())["results"]
    assert (bad["ruleId"], bad["kind"], bad["level"]) == ("triage/true_positive", "fail", "error")
    assert bad["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "alerts.jsonl"
    assert bad["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert "L3 source.ip: 203.0.113.45" in bad["message"]["text"]
    assert (calm["kind"], calm["level"]) == ("pass", "none")


def test_findings_carry_cwe_place_and_fix() -> None:
    run = run_of([review()])
    injection, key, placeholder = run["results"]
    rule = run["tool"]["driver"]["rules"][injection["ruleIndex"]]
    assert "external/cwe/cwe-89" in rule["properties"]["tags"]
    assert float(rule["properties"]["security-severity"]) == float(CVSS3(injection["properties"]["cvss"]).base_score)
    assert 7.0 <= float(rule["properties"]["security-severity"]) < 9.0
    assert "Bind values as parameters" in rule["help"]["text"]
    assert "](https://cwe.mitre.org/data/definitions/89.html)" in rule["help"]["markdown"]
    region = injection["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 41, "endLine": 42, "startColumn": 5, "endColumn": 60}
    replacement = injection["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["deletedRegion"] == {"startLine": 41, "endLine": 42}
    assert "WHERE id = ?" in replacement["insertedContent"]["text"]
    assert "INVE...cdef" in key["message"]["text"]
    assert (placeholder["kind"], placeholder["level"]) == ("informational", "none")


def test_a_fix_with_hidden_characters_is_not_offered() -> None:
    assert not [result for result in run_of(hostile())["results"] if "fixes" in result]


def with_fix(**change: Any) -> list[Analysis]:
    first = review().findings[0]
    assert first.fix is not None
    return [analysis(1, "review", findings=(first.model_copy(update={"fix": first.fix.model_copy(update=change)}),))]


@pytest.mark.parametrize(
    "change",
    [{"checks": ()}, {"checks": (Check(name="judge", passed=False),)}, {"masked": True}, {"replacement": "x\u202e"}],
)
def test_only_a_fix_that_can_be_put_in_and_was_accepted_is_offered(change: dict[str, Any]) -> None:
    assert "fixes" in run_of(with_fix())["results"][0]
    assert "fixes" not in run_of(with_fix(**change))["results"][0]


def test_comments_that_silence_are_suppressions_and_then_all_results_say_so() -> None:
    first, second, *_ = review().findings
    silent = first.model_copy(update={"silenced": Silence(line=40, reason="the id is [checked](x) above")})
    quiet, loud = run_of([analysis(1, "review", findings=(silent, second))])["results"]
    assert quiet["suppressions"] == [{"kind": "inSource", "justification": "the id is [checked] (x) above"}]
    assert loud["suppressions"] == []
    assert "suppressions" not in run_of([review()])["results"][0]


def test_states_beside_a_baseline() -> None:
    first, second, _ = review().findings
    states = (first.model_copy(update={"standing": "absent"}), second.model_copy(update={"standing": "unchanged"}))
    gone, same, verdict = run_of([analysis(1, "review", findings=states), brute_force()])["results"]
    assert [each["baselineState"] for each in (gone, same, verdict)] == ["absent", "unchanged", "new"]
    assert "region" not in gone["locations"][0]["physicalLocation"]
    assert "region" in same["locations"][0]["physicalLocation"]


def followed(message: str, line: int, by: str = "code_flow") -> Any:
    first = review().findings[0]
    quote = Evidence(line=line, quote="query(x)")
    finding = first.model_copy(update={"message": message, "by": (by, "model"), "evidence": (quote,)})
    return run_of([analysis(1, "review", findings=(finding,))])["results"][0].get("codeFlows")


def test_a_followed_value_is_a_code_flow_in_lines_of_the_file() -> None:
    (flow,) = followed("SQL is put together (request.args.get (x) of line 3)", line=5)
    source, sink = (each["location"] for each in flow["threadFlows"][0]["locations"])
    assert source["physicalLocation"]["region"] == {"startLine": 39}, "the unit begins at line 37 of the file"
    assert sink["physicalLocation"]["region"] == {"startLine": 41}
    assert followed("SQL is put together", line=41) is None
    assert followed("SQL (request.args of line 99999999999)", line=41) is None
    assert followed("SQL (request.args of line 3)", line=41, by="other") is None


def test_vectors_are_rated_as_the_finding_is() -> None:
    for severity in Severity:
        for cwe in ("", "CWE-79", "CWE-89", "CWE-22", "CWE-120", "CWE-1004", "CWE-601", "CWE-99999", "CWE-400"):
            finding = review().findings[0].model_copy(update={"severity": severity, "cwe": cwe})
            rated = CVSS3(vector(finding)).severities()[0].lower()
            assert rated == (severity.value if severity is not Severity.INFO else "none"), (cwe, severity)


def test_failures_and_omissions_are_notified() -> None:
    invocation = run_of(several())["invocations"][0]
    assert invocation["executionSuccessful"] is False
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert any("did not fit the schema" in text for text in texts)
    assert any("300-812" in text for text in texts)
    assert run_of([review()])["invocations"][0]["executionSuccessful"] is True


def fingerprint(finding: Any) -> str:
    return run_of([analysis(1, "review", findings=(finding,))])["results"][0]["partialFingerprints"][
        "primaryLocationLineHash"
    ]


def test_fingerprints_stay_when_lines_move_and_differ_when_code_does() -> None:
    first = review().findings[0]
    place = Place(path=first.place.path, start_line=90, end_line=91)
    quote = first.evidence[0].quote
    moved = first.model_copy(update={"place": place, "evidence": (Evidence(line=90, quote=f"  {quote} "),)})
    other = first.model_copy(update={"evidence": (Evidence(line=41, quote="something else"),)})
    assert fingerprint(first) == fingerprint(moved) != fingerprint(other)


def test_fingerprints_know_nothing_of_the_secret() -> None:
    known = secret()
    assert known.secret is not None
    other = known.model_copy(
        update={"secret": known.secret.model_copy(update={"mask": "OTHE...0000", "hmac": "f" * 64})}
    )
    assert fingerprint(known) == fingerprint(other)


def test_equal_lines_are_numbered() -> None:
    twice = analysis(1, "review", findings=(secret(), secret(line=40)))
    first, second = (each["partialFingerprints"]["primaryLocationLineHash"] for each in run_of([twice])["results"])
    assert first.removesuffix(":1") == second.removesuffix(":2")


def test_too_many_results_keep_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    run = run_of(several())
    assert [each["level"] for each in run["results"]] == ["error", "error"]
    assert "were left out" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_messages_hold_no_links() -> None:
    texts = [each["message"]["text"] for each in run_of(hostile())["results"]]
    assert not [text for text in texts if re.search(r"\[[^\]]*\]\(", text)]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/app.py", "src/app.py"),
        ("/etc/passwd", "etc/passwd"),
        ("..\\..\\a b.py", "a%20b.py"),
        ("C:\\Users\\x.py", "Users/x.py"),
        ("https://evil.invalid/x", "https%3A/evil.invalid/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("中文.py", "%E4%B8%AD%E6%96%87.py"),
        ("../..", "unknown"),
        ("", "unknown"),
    ],
)
def test_uris_are_relative(path: str, uri: str) -> None:
    assert relative(path) == uri


def test_hostile_paths_stay_paths() -> None:
    assert ".." not in unquote(relative(f"../../{HOSTILE}")).split("/")


def test_origins_split_into_place_and_line() -> None:
    assert place_of("alerts.jsonl:17") == ("alerts.jsonl", 17)
    assert place_of("alerts.json:1#12") == ("alerts.json", 1)
    assert place_of("a:1#") == ("a:1#", None)
    assert place_of("alerts.jsonl") == ("alerts.jsonl", None)
    assert place_of("a:0") == ("a:0", None)
    assert place_of("C:\\x") == ("C:\\x", None)
