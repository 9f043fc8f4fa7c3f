"""Lines that are cited do something; families of weaknesses agree."""

import pytest

from schemas import FindingKind, Line, Place, Severity
from schemas.answers import ReviewAnswer
from secassist.analyzers._told import agrees, telling
from secassist.detectors.base import Candidate

CODE = (
    "package example.web;",
    "import java.io.*;",
    "@Override",
    "public final class Orders extends HttpServlet {",
    "    public void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {",
    "        // the name of the order",
    '        String name = request.getParameter("name");',
    "        if (name.isEmpty()) {",
    "            return;",
    "        }",
    '        run("ls " + name);',
    "    }",
    "",
    "}",
)
LINES = {number: Line(number=number, text=text) for number, text in enumerate(CODE, start=1)}


def test_only_lines_in_which_something_happens_are_cited() -> None:
    assert telling(range(1, 20), LINES) == [7, 8, 9, 11]


@pytest.mark.parametrize(
    "text",
    [
        "from flask import request",
        "#include <stdio.h>",
        "using System.IO;",
        "<?php",
        "func main() {",
        "def total(",
        "    async def fetch(self, url: str) -> bytes:",
        "export async function load(name) {",
        "    else:",
        " * a remark",
        "});",
    ],
)
def test_what_frames_code_is_no_evidence(text: str) -> None:
    assert telling([1], {1: Line(number=1, text=text)}) == []


@pytest.mark.parametrize(
    "text",
    [
        "strcpy(to, from);",
        "for (i = 0; i <= n; i++) {",
        "} else if (run(x)) {",
        "importScripts(url)",
        "def f(x): return eval(x)",
    ],
)
def test_what_does_something_is(text: str) -> None:
    assert telling([1], {1: Line(number=1, text=text)}) == [1]


def candidate(cwe: str, message: str, severity: Severity = Severity.HIGH, line: int = 3) -> Candidate:
    place = Place(path="", start_line=line, end_line=line)
    return Candidate(FindingKind.WEAKNESS, "r", cwe, message, place, severity, cwe=cwe)


def answer(cwe: str, decision: str = "vulnerable") -> ReviewAnswer:
    made = {"decision": decision, "cwe": cwe, "lines": [3], "severity": "high", "reason": "said", "fix": ""}
    return ReviewAnswer.model_validate(made)


def test_families_agree() -> None:
    assert agrees(answer("CWE-89"), candidate("CWE-89", "m"))
    assert not agrees(answer("CWE-79"), candidate("CWE-89", "m"))
    assert not agrees(answer("", "safe"), candidate("", "m"))
    assert not agrees(None, candidate("CWE-89", "m"))
