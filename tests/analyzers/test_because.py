"""Reasons name what stands in the code; a model's words pass only where each of them is known or stands in the cited lines."""

from dataclasses import replace

import pytest

from schemas import FindingKind, Place, Severity
from schemas.answers import ReviewAnswer
from secassist.analyzers._because import QUOTED, Told, because, briefly, lonely, why
from secassist.detectors.base import Candidate
from secassist.training import harmless
from secassist.training.scenarios import flows

LINES = {
    3: '    name = request.args["name"]',
    9: '    rows = db.execute("SELECT a FROM t WHERE n = \'" + name + "\'")',
    11: "    " + "x" * 400,
}
EN, ZH = Told(LINES, 0, "en", True, True), Told(LINES, 0, "zh", True, True)


def candidate(message: str, by: str = "code_flow", cwe: str = "CWE-89", line: int = 9) -> Candidate:
    place = Place(path="", start_line=line, end_line=line)
    return Candidate(FindingKind.WEAKNESS, "r", cwe, message, place, Severity.HIGH, cwe=cwe, by=by)


FLOW = candidate("a query is run on text that holds request data (request.args of line 3)")
RULE = candidate("Possible SQL injection.", "python_static")


def answer(reason: str, decision: str = "vulnerable", cwe: str = "CWE-89") -> ReviewAnswer:
    made = {"decision": decision, "cwe": cwe, "lines": [9], "severity": "high", "reason": reason, "fix": ""}
    return ReviewAnswer.model_validate(made)


def test_a_followed_value_is_told_from_source_to_sink() -> None:
    told = because(FLOW, [FLOW], EN)
    assert told.startswith(f"`request.args` (line 3) reaches `{LINES[9].strip()}` (line 9), and nothing on its way")
    assert "CWE-89 (SQL Injection)" in told
    assert because(FLOW, [FLOW], ZH).startswith("`request.args`（第 3 行）到达 `")


def test_what_cleaning_does_not_fit_is_said() -> None:
    unfit = candidate("a query holds request data (request.args of line 3; cleaned for HTML only)")
    assert "cleaned for HTML only, which does not fit CWE-89" in because(unfit, [], EN)


def test_the_way_is_told_though_another_scanner_spoke_first() -> None:
    merged = candidate(RULE.message, "python_static code_flow")
    assert because(merged, [RULE, FLOW], EN) == because(FLOW, [FLOW], EN)
    other = candidate("text is echoed (request.form of line 3)", cwe="CWE-79")
    assert because(merged, [RULE, other], EN).startswith(
        f"`{LINES[9].strip()}` (line 9): CWE-89 (SQL Injection). Data flow"
    )


def test_what_it_allows_is_told_in_the_language_of_the_reader() -> None:
    assert because(FLOW, [FLOW], EN).endswith("Whoever chooses the value can read or change what the database holds.")
    assert because(FLOW, [FLOW], ZH).endswith("控制该值的人可以读取或修改数据库内容。")
    assert because(candidate("m", cwe="CWE-1"), [], EN) == f"`{LINES[9].strip()}` (line 9): CWE-1."


def test_that_no_value_was_followed_is_said_where_one_is_needed_and_data_flow_reads_the_language() -> None:
    assert "followed no value" in because(RULE, [RULE], EN)
    assert "followed no value" not in because(RULE, [RULE], replace(EN, followed=False))
    assert "followed no value" not in because(candidate("m", cwe="CWE-328"), [], EN)


def test_a_verdict_tells_the_message_and_each_message_once() -> None:
    line = LINES[9].strip()
    assert briefly([RULE, RULE], [], EN) == [f"Possible SQL injection: `{line}` (line 9)."]
    told = f"CWE-89（SQL Injection）：`{line}`（第 9 行）。检测器：Possible SQL injection。"
    assert briefly([RULE], [], ZH) == [told]
    assert len(briefly([FLOW, FLOW], [], EN)) == 2
    assert briefly([candidate("m.", line=99)], [], EN) == ["m."]


def test_lines_are_those_of_the_file() -> None:
    told = because(FLOW, [FLOW], Told(LINES, 100, "en", True, True))
    assert "(line 103)" in told and "(line 109)" in told


def test_a_long_line_is_shortened_and_a_missing_one_left_out() -> None:
    assert "x" * (QUOTED - 3) + "...`" in because(candidate("m", line=11), [], EN)
    assert because(candidate("m.", line=99, cwe="CWE-1"), [], EN) == ""


@pytest.mark.parametrize(
    "said",
    [
        "Untrusted or unsafe data isaches.",
        "A value from outside (token) reaches this call and nothing on its way cleans it for it.",
        "Untrusted or unsafe data reaches reaches this line: SQL Injection.",
        "Untrusted or unsafe data reaches this line: Path Traversal.",
        "the the the the the",
        "A value from outside (name)",
        "",
    ],
)
def test_words_that_stand_nowhere_give_way_to_the_line(said: str) -> None:
    line = LINES[9].strip()
    assert (
        lonely(answer(said), [9], EN)
        == f"Only the model suspects CWE-89 (SQL Injection): `{line}` (line 9); no detector bears it out."
    )
    assert lonely(answer(said), [9], ZH) == f"仅模型怀疑 CWE-89（SQL Injection）：`{line}`（第 9 行）；没有检测器佐证。"


@pytest.mark.parametrize(
    "said",
    [
        "Untrusted or unsafe data reaches this line: SQL Injection.",
        "该代码存在弱点：SQL Injection。",
        *(text.format(arg="name") for text in flows._WEAK.values()),
        *flows._UNSAFE.values(),
        *(text for pair in flows._SAFE.values() for text in pair),
        *harmless._REASON.values(),
        "What reaches the sensitive call is constant, checked or escaped.",
        "输入受控或已被校验，未发现弱点。",
    ],
)
def test_what_the_model_was_taught_passes(said: str) -> None:
    assert lonely(answer(said, "safe"), [9], EN) == said


def test_a_served_model_is_believed_its_words_unless_they_stutter() -> None:
    served = replace(EN, taught=False)
    assert lonely(answer("User input is pasted into the query."), [9], served) == "User input is pasted into the query."
    assert lonely(answer("the the the the the"), [9], served).startswith("Only the model")
    assert lonely(answer("", "safe"), [9], served) == "The model calls this code harmless."


def test_without_words_or_lines_the_decision_is_told() -> None:
    assert lonely(answer("isaches", "safe"), [9], EN) == "The model calls this code harmless."
    assert lonely(answer("isaches", "unsure"), [9], ZH) == "模型无法判断。"
    assert lonely(answer("isaches"), [], EN) == "The model calls this code weak."
    assert lonely(answer("isaches", cwe=""), [9], EN).startswith("Only the model suspects a weakness: `")


def test_a_verdict_tells_what_was_found_unless_the_model_calls_it_safe() -> None:
    assert why(answer("isaches"), [9], ["one."], EN) == "one."
    assert why(answer("The value is checked", "safe"), [9], ["one."], EN) == "The value is checked"
    assert why(answer("isaches"), [9], [], EN).startswith("Only the model suspects")
