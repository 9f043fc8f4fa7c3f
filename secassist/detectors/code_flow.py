"""Weaknesses in the code of ten languages: values are followed from outsiders to sinks through the parsed program."""

from functools import cache
from typing import Final

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code_places import PlaceMap
from secassist.detectors._flow_engine import Engine
from secassist.detectors._flow_rules import WEAKNESSES, Compiled, RuleSet
from secassist.detectors._flow_sinks import Found
from secassist.detectors._flow_value import FIXED, REQUEST
from secassist.detectors.base import Candidate, Detection
from secassist.parsing.languages import language_of
from secassist.parsing.lowering import lower

_FAMILY: Final = {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}


class CodeFlow:
    """Candidates of kind WEAKNESS, at most one per rule and line."""

    name = "code_flow"
    version = "1"
    summary = "Weaknesses in Python, JavaScript, Java, Go, C, C++, PHP, C# and Ruby by data flow in the parsed code."
    kinds = frozenset({SubjectKind.CODE_UNIT})

    def detect(self, subject: Subject) -> Detection:
        """Candidates in line order; nothing for languages without rules. Raises nothing."""
        if not isinstance(subject, CodeUnit):
            return Detection()
        places = PlaceMap(subject)
        language = language_of(subject.path, places.text[:256], subject.language)
        if not language:
            return Detection()
        program = lower(places.text, language)
        found = Engine(program, compiled(language)).run()
        return Detection(candidates=tuple(_candidate(one, places) for one in found))


@cache
def compiled(language: str) -> Compiled:
    """The rules of a language, ready for use."""
    return Compiled(_rules(_FAMILY.get(language, language)))


def _rules(family: str) -> RuleSet:
    from secassist.detectors import (
        _flow_c,
        _flow_csharp,
        _flow_go,
        _flow_java,
        _flow_javascript,
        _flow_php,
        _flow_python,
        _flow_ruby,
    )

    return {
        "c": _flow_c.C,
        "csharp": _flow_csharp.CSHARP,
        "go": _flow_go.GO,
        "java": _flow_java.JAVA,
        "javascript": _flow_javascript.JAVASCRIPT,
        "php": _flow_php.PHP,
        "python": _flow_python.PYTHON,
        "ruby": _flow_ruby.RUBY,
    }[family]


def _candidate(found: Found, places: PlaceMap) -> Candidate:
    weakness = WEAKNESSES[found.rule]
    reached = found.level == REQUEST
    plain = found.level == FIXED or reached
    message = weakness.message if plain else weakness.also or weakness.message
    if reached and found.source:
        message += f" ({found.source} of line {found.source_line})"
    severity = weakness.severity if plain else min(weakness.severity, Severity.MEDIUM, key=lambda one: one.rank)
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=found.rule,
        type=f"CWE-{weakness.cwe}",
        message=message,
        place=places.lines_place(found.line, min(found.end, found.line + 20)),
        severity=severity,
        cwe=f"CWE-{weakness.cwe}",
        by="code_flow",
    )


PLUGIN = CodeFlow()
