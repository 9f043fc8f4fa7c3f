"""What scanners say and code disproves is kept as refuted, with the proof; what code proves no model talks away."""

import json

import pytest

from schemas import Analysis, CodeUnit, Disposition, Judgement
from secassist import plugins
from secassist.backends.base import Request
from secassist.backends.scripted import ScriptedBackend
from secassist.formats import sarif
from secassist.scanning.rules import NoModel, Rules
from tests.analyzers.scripts import KEY, analyzer, decided, driver

CONSTANT = "import os\n\ndef listing():\n    return os.system('ls -l /var/log')\n"
ARGUMENT = "import os\n\ndef listing(path):\n    return os.system('ls ' + path)\n"
REACHED = "<?php\n$a = $_GET['a'];\nmysql_query('SELECT b FROM c WHERE d=' . $a);\n"
IMPORTED = "import telnetlib\n\ndef add(a, b):\n    return a + b\n"
ROOM = {name: plugins.load("detectors", name) for name in ("python_static", "code_flow", "code_context")}


def _unit(body: str, path: str = "app/a.py") -> CodeUnit:
    return CodeUnit(source="code", origin="test", title=path, path=path, body=body)


def _run(body: str, decision: str, path: str = "app/a.py") -> tuple[Analysis, list[Request]]:
    backend = ScriptedBackend(lambda request: decided(request, decision=decision, cwe="CWE-78", lines=[4]))
    (analysis,) = driver(backend, ROOM).analyze(analyzer("review"), [_unit(body, path)])
    return analysis, backend.seen


@pytest.mark.parametrize("decision", ["vulnerable", "safe", "unsure"])
def test_a_file_of_which_everything_is_disproved_is_safe_whatever_the_model_says(decision: str) -> None:
    analysis, seen = _run(CONSTANT, decision)
    assert analysis.verdict is not None
    assert analysis.verdict.disposition is Disposition.FALSE_POSITIVE
    assert "line 4: a constant" in analysis.verdict.rationale
    assert {f.judgement for f in analysis.findings} == {Judgement.REFUTED}
    shell = next(f for f in analysis.findings if f.rule == "B605")
    assert shell.rationale == "refuted: CWE-78 line 4: a constant"
    assert [e.quote.strip() for e in shell.evidence] == ["return os.system('ls -l /var/log')"]
    assert "B605" not in seen[0].prompt.user and "flow: HARMLESS CWE-78" in seen[0].prompt.user


def test_what_is_not_disproved_goes_to_the_model_as_before() -> None:
    analysis, seen = _run(ARGUMENT, "safe")
    assert "B605" in seen[0].prompt.user
    shell = next(f for f in analysis.findings if f.rule == "B605")
    assert shell.judgement is Judgement.UNSURE
    (told, _) = _run(ARGUMENT, "vulnerable")
    assert next(f for f in told.findings if f.rule == "B605").judgement is Judgement.REAL


def test_an_import_that_is_not_used_is_refuted_and_the_rest_of_the_file_is_judged() -> None:
    analysis, _ = _run(IMPORTED, "vulnerable")
    assert [f.judgement for f in analysis.findings if f.rule == "B401"] == [Judgement.REFUTED]
    assert analysis.verdict is not None and analysis.verdict.disposition is Disposition.TRUE_POSITIVE
    used, _ = _run(IMPORTED.replace("a + b", "telnetlib.Telnet(a)"), "safe")
    assert [f.judgement for f in used.findings if f.rule == "B401"] == [Judgement.UNSURE]


def test_what_data_flow_followed_to_the_place_is_no_lower_than_that() -> None:
    analysis, _ = _run(REACHED, "safe", "a.php")
    verdict = analysis.verdict
    assert verdict is not None and verdict.raised and verdict.floor is not None
    assert (verdict.disposition, verdict.floor.by) == (Disposition.TRUE_POSITIVE, "code_flow")
    assert "CWE-89 line 3" in verdict.floor.reason
    (plain, _) = _run(REACHED, "vulnerable", "a.php")
    assert plain.verdict is not None and not plain.verdict.raised


def test_a_finding_that_data_flow_followed_is_real_whatever_the_model_says() -> None:
    analysis, _ = _run(REACHED, "safe", "a.php")
    (query,) = [f for f in analysis.findings if f.cwe == "CWE-89"]
    assert query.judgement is Judgement.REAL and query.confidence >= 0.5
    both = "import os\nfrom flask import request\n\ndef listing():\n    os.system('ls ' + request.args['a'])\n"
    seen, _ = _run(both, "safe")
    shell = next(f for f in seen.findings if f.cwe == "CWE-78" and f.place.start_line == 5)
    assert shell.judgement is Judgement.REAL and {"python_static", "code_flow"} <= set(shell.by)


def test_a_refuted_finding_passes_in_sarif_with_its_proof_and_without_a_model_too() -> None:
    (analysis,) = Rules(NoModel(), ROOM, KEY).analyze(analyzer("review"), [_unit(CONSTANT)])
    (result,) = [
        r for r in json.loads(sarif.PLUGIN.analyses([analysis]))["runs"][0]["results"] if r["ruleId"] == "weakness/B605"
    ]
    assert (result["kind"], result["level"]) == ("pass", "none")
    (suppressed,) = result["suppressions"]
    assert (suppressed["kind"], suppressed["status"]) == ("external", "accepted")
    assert suppressed["justification"] == "refuted: CWE-78 line 4: a constant"


DRAW = "import random\n\n\ndef test_draw():\n    token = random.choice('abc')\n    assert token in 'abc'\n"


def test_weaknesses_of_what_is_served_are_none_in_test_code() -> None:
    served, _ = _run(DRAW, "vulnerable", "app/draw.py")
    assert "B311" in {f.rule for f in served.findings if f.judgement is Judgement.REAL}
    analysis, _ = _run(DRAW, "vulnerable", "tests/test_draw.py")
    assert {f.judgement for f in analysis.findings} == {Judgement.REFUTED}
    assert {f.rationale for f in analysis.findings} == {"refuted: test code, which nothing serves"}
    assert analysis.verdict is not None and analysis.verdict.disposition is Disposition.FALSE_POSITIVE


def test_what_an_outsider_reaches_counts_in_test_code_too() -> None:
    analysis, _ = _run(REACHED, "safe", "tests/served.php")
    assert Judgement.REFUTED not in {f.judgement for f in analysis.findings}


def test_the_model_alone_raises_no_alarm_in_test_code() -> None:
    plain = "def add(a, b):\n    total = a + b\n    total = total * 2\n    return total\n"
    elsewhere, _ = _run(plain, "vulnerable")
    assert elsewhere.verdict is not None and elsewhere.verdict.disposition is Disposition.TRUE_POSITIVE
    analysis, _ = _run(plain, "vulnerable", "tests/test_add.py")
    assert analysis.findings == () and analysis.verdict is not None
    assert analysis.verdict.disposition is Disposition.FALSE_POSITIVE and "test code" in analysis.verdict.rationale
