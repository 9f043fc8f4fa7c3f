"""Findings that say the same of one line under several names are told once, and answer to each name."""

import pytest

from schemas import Finding, FindingKind, Judgement, Place, Severity
from secassist.analyzers._joined import joined
from secassist.scanning.suppressing import suppressions
from tests.analyzers.scripts import analyzer, code, decided, detectors, driver


def seen(rule: str, cwe: str, line: int = 1, severity: Severity = Severity.LOW, **more: object) -> Finding:
    values = {"kind": FindingKind.WEAKNESS, "message": rule, "confidence": 0.6, "by": (rule.lower(),), **more}
    place = Place(path="app.py", start_line=line, end_line=line)
    return Finding(rule=rule, cwe=cwe, place=place, severity=severity, **values)  # type: ignore[arg-type]


BIND, LISTEN = seen("B104", "CWE-668", severity=Severity.MEDIUM), seen("listens-everywhere", "CWE-1327")


def test_the_graver_is_told_by_both() -> None:
    for given in ([BIND, LISTEN], [LISTEN, BIND]):
        (one,) = joined(given)
        assert (one.rule, one.also) == ("B104", ("listens-everywhere", "CWE-1327"))
        assert set(one.by) == {"b104", "listens-everywhere"}


@pytest.mark.parametrize(
    "other",
    [seen("x", "CWE-1327", line=2), seen("x", "CWE-78"), seen("x", "CWE-1327", judgement=Judgement.REFUTED)],
)
def test_other_lines_weaknesses_and_judgements_stay_apart(other: Finding) -> None:
    assert joined([BIND, other]) == [BIND, other]


@pytest.mark.parametrize("name", ["B104", "listens-everywhere", "CWE-1327", "1327", "weakness/listens-everywhere"])
def test_any_name_silences_it(name: str) -> None:
    (comment,) = suppressions(f"run()  # secassist: ignore[{name}] inside a container")
    assert comment.covers(joined([BIND, LISTEN])[0])
    assert not comment.covers(seen("B605", "CWE-78"))


def test_a_review_tells_of_one_call_once_with_all_names() -> None:
    text = "import os\nfrom flask import Flask, request\napp = Flask(__name__)\n\n\n@app.route('/')\ndef ping():\n"
    text += "    os.system('ping ' + request.args['host'])\n\n\napp.run(host='0.0.0.0')\n"
    (made,) = driver(decided, detectors()).analyze(analyzer("review"), [code(text)])
    lines = [each.place.start_line for each in made.findings]
    assert sorted(lines) == sorted(set(lines))
    called = {each.place.start_line: each.also for each in made.findings}
    assert "listens-everywhere" in called[11]
    assert called[8], "bandit's name and ours"
