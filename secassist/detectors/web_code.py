"""Weaknesses in web, system and script code by our own line rules, with a hint of how request data reaches them."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code_flow import follow
from secassist.detectors._code_places import PlaceMap
from secassist.detectors._code_rules import RULES, CodeRule
from secassist.detectors._code_text import read_code
from secassist.detectors.base import Candidate, Detection

LONGEST_LINE = 2_000
"""Lines beyond this many characters are generated or minified code; they are cut before the rules read them."""

_BY_SUFFIX = {
    "js": "javascript", "jsx": "javascript", "mjs": "javascript", "cjs": "javascript", "vue": "javascript",
    "html": "javascript", "ts": "typescript", "tsx": "typescript", "java": "java", "jsp": "java", "kt": "kotlin",
    "go": "go", "php": "php", "rb": "ruby",
    "c": "c", "h": "c", "cc": "cpp", "cpp": "cpp", "cxx": "cpp", "hpp": "cpp", "cs": "csharp", "py": "python", "rs": "rust",
}  # fmt: skip
_ALIASES = {
    "js": "javascript",
    "ts": "typescript",
    "c++": "cpp",
    "c#": "csharp",
    "golang": "go",
    "py": "python",
    "rb": "ruby",
}


class WebCode:
    """Candidates of kind WEAKNESS, at most one per rule and line."""

    name = "web_code"
    version = "2"
    summary = "Weaknesses in JavaScript, Java, Go, PHP, C, C++, C#, Ruby, Rust and Python by line rules and data flow."
    kinds = frozenset({SubjectKind.CODE_UNIT})

    def detect(self, subject: Subject) -> Detection:
        """Candidates in line order; nothing for languages without rules. Raises nothing."""
        if not isinstance(subject, CodeUnit):
            return Detection()
        language = _language(subject)
        rules = [rule for rule in RULES if language in rule.languages]
        if not rules:
            return Detection()
        places = PlaceMap(subject)
        text = read_code(places.text, language)
        page = _Page(_cut(text.code), _cut(text.bare), language)
        found: dict[tuple[int, str], Candidate] = {}
        for rule in rules:
            for line, reached in page.matches(rule):
                if reached or (line, rule.id) not in found:
                    found[line, rule.id] = _candidate(rule, reached, line + 1, places)
        return Detection(candidates=tuple(found[key] for key in sorted(found)))


def _language(unit: CodeUnit) -> str:
    name = unit.language.lower()
    name = _ALIASES.get(name, name)
    return name or _BY_SUFFIX.get(unit.path.rpartition(".")[2].lower(), "")


def _cut(text: str) -> list[str]:
    return [line[:LONGEST_LINE] for line in text.split("\n")]


class _Page:
    """The cut lines of one unit, with comments blanked (`code`) and strings too (`bare`), and the flow through them."""

    def __init__(self, code: list[str], bare: list[str], language: str) -> None:
        self.code, self.bare = code, bare
        self.text = "\n".join(code)
        self.starts = list(accumulate((len(line) + 1 for line in code), initial=0))
        self.flow = follow(bare, language)

    def matches(self, rule: CodeRule) -> Iterator[tuple[int, bool]]:
        """Lines (0-based) on which the rule holds, each with whether request data reaches it."""
        for match in rule.pattern.finditer(self.text):
            line = bisect_right(self.starts, match.start()) - 1
            column = match.start() - self.starts[line]
            code, bare = self.code[line], self.bare[line]
            inside_string = code[column : column + 1] != bare[column : column + 1]
            if inside_string or (rule.unless and rule.unless.search(code)):
                continue
            reached = bool(rule.flow) and self.flow.reaches(line, bare[column:], rule.kind)
            if reached or rule.flow != "needs":
                yield line, reached


def _candidate(rule: CodeRule, raised: bool, line: int, places: PlaceMap) -> Candidate:
    severity = _above(rule.severity) if raised and rule.flow == "raises" else rule.severity
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=rule.id,
        type=rule.cwe,
        message=rule.message + ("; request data reaches it" if raised else ""),
        place=places.lines_place(line, line),
        severity=severity,
        cwe=rule.cwe,
        by="web_code",
    )


def _above(severity: Severity) -> Severity:
    return list(Severity)[min(severity.rank + 1, Severity.CRITICAL.rank)]


PLUGIN = WebCode()
