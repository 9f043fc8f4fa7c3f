"""Weaknesses in Python code as bandit sees them, without its configuration files, `nosec` comments or output."""

import ast
import logging
import re
import textwrap
import threading
import warnings
from typing import Any

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.places import PlaceMap
from secassist.detectors._code.python import Context
from secassist.detectors.base import Candidate, Detection
from secassist.errors import DetectorError

_LOCK = threading.Lock()
"""bandit keeps its plug-ins and this process its warning filters in module globals: one run at a time."""
_HARDCODED = frozenset({"B105", "B106", "B107"})
"""Rules whose text quotes the password that they found; it must not travel on."""
_OBJECT = re.compile(r" ?\{'\w{1,20}': <[^<>]{0,200}>\}\)?")
"""An object of this process, with its address, that bandit writes into the text of B202."""


class PythonStatic:
    """Candidates of kind WEAKNESS, one per bandit issue, placed on the lines that bandit names."""

    name = "python_static"
    version = "10"
    summary = "Python weaknesses by bandit, with CWE and lines; the scanned code can neither configure nor silence it."
    kinds = frozenset({SubjectKind.CODE_UNIT})

    def detect(self, subject: Subject) -> Detection:
        """Candidates in line order; nothing for other languages. Raises DetectorError if the code does not parse."""
        if not isinstance(subject, CodeUnit) or not _is_python(subject):
            return Detection()
        places = PlaceMap(subject)
        with _LOCK, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text, tree = _parsed(places.text, subject.path)
            issues = _issues(text, tree, subject.path)
        context = Context(tree)
        return Detection(candidates=tuple(_candidate(issue, places, context) for issue in issues))


def _is_python(unit: CodeUnit) -> bool:
    return unit.language.lower() in {"python", "py", "python3"} or (
        not unit.language and unit.path.endswith((".py", ".pyw"))
    )


def _parsed(text: str, path: str) -> tuple[str, ast.AST]:
    """The text, or the text without its common indentation (a part of a class body), with its tree; lines are the same."""
    problem: Exception | None = None
    for attempt in (text, textwrap.dedent(text)):
        try:
            return attempt, ast.parse(attempt)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            problem = problem or error
    where = f" at line {problem.lineno}" if isinstance(problem, SyntaxError) else ""
    kind = "syntax error" if isinstance(problem, SyntaxError) else "code that the parser refuses"
    raise DetectorError(f"{path or 'code unit'}: {kind}{where}; bandit cannot check it") from None


def _issues(text: str, tree: ast.AST, path: str) -> list[Any]:
    from secassist.detectors._code.bandit_walk import issues_of

    logging.getLogger("bandit").propagate = False
    logging.getLogger("bandit").addHandler(logging.NullHandler())
    try:
        found = issues_of(text, tree)
    except SyntaxError:
        raise DetectorError(
            f"{path or 'code unit'}: bandit gave up: syntax error while parsing AST from file"
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise DetectorError(f"{path or 'code unit'}: bandit gave up: exception while scanning file") from None
    return sorted(found, key=lambda issue: (issue.lineno, issue.test_id, issue.col_offset))


def _candidate(issue: Any, places: PlaceMap, context: Context) -> Candidate:
    lines = [issue.lineno, *issue.linerange]
    cwe = _CWE.get(issue.test_id, issue.cwe.id)
    text = issue.text.partition(":")[0] if issue.test_id in _HARDCODED else issue.text
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=issue.test_id,
        type=f"CWE-{cwe}" if cwe else issue.test_id,
        message=" ".join(_OBJECT.sub("", text).split()),
        place=places.lines_place(issue.lineno, max(lines)),
        severity=_SEVERITIES.get(issue.severity, Severity.INFO),
        cwe=f"CWE-{cwe}" if cwe else "",
        safe_hint=context.disproof(issue.test_id, issue.lineno),
        by="python_static",
    )


_CWE = {
    "B102": 94,  # exec: code, not a command of the operating system
    "B104": 668,  # all interfaces: exposure; 605 is about two servers on one port
    "B201": 489,  # Flask's debugger left on
    "B303": 328,  # MD2, MD4, MD5, SHA-1
    "B307": 95,  # eval
    "B310": 918,  # urlopen: the caller chooses host and scheme
    **dict.fromkeys(("B313", "B314", "B315", "B316", "B317", "B318", "B319"), 611),  # XML parsers
    "B324": 328,
    **dict.fromkeys(("B405", "B406", "B407", "B408", "B409"), 611),
    "B411": 776,  # XML-RPC: entity expansion
    "B506": 502,  # yaml.load builds objects
    "B701": 79,  # Jinja without autoescape
    "B702": 79,
    "B703": 79,
}
"""Where bandit's CWE names another fault, or only the class of the right one; definitions by MITRE's CWE list."""
_SEVERITIES = {"LOW": Severity.LOW, "MEDIUM": Severity.MEDIUM, "HIGH": Severity.HIGH}

PLUGIN = PythonStatic()
