"""Weaknesses in the code of ten languages: values are followed from outsiders to sinks through the parsed program."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import Final

from schemas import CodeUnit, FindingKind, Severity, Subject, SubjectKind
from secassist.detectors._code.lines import RULES, LineRule, folded
from secassist.detectors._code.places import PlaceMap
from secassist.detectors._code.text import read_code
from secassist.detectors._flow.engine import Engine
from secassist.detectors._flow.rules import WEAKNESSES, Compiled, RuleSet
from secassist.detectors._flow.script import SCRIPTS
from secassist.detectors._flow.sinks import SPELLED_OUT, WORKED_OUT, Found
from secassist.detectors._flow.value import FIXED, OPEN, REQUEST
from secassist.detectors._go.reports import wrong as wrong_in_go
from secassist.detectors._memory.reports import wrong
from secassist.detectors._script.reports import wrong as wrong_in_script
from secassist.detectors.base import Candidate, Detection, Signal
from secassist.errors import DetectorError
from secassist.parsing.forms import Program
from secassist.parsing.languages import language_of
from secassist.parsing.lowering import lower

ARRIVALS: Final = ("open", "cleaned", "own", "constant")
"""What arrives at a sink: of unknown origin, made harmless, decided by the program, a constant; worst first."""
_EVERYWHERE: Final = (WEAKNESSES["format-string"].cwe, "constant")
"""What says nothing: every print of a C program has a constant format."""
MOST_LINES: Final = 40
"""Lines of one kind that are named to a judge."""
MOST_PROOFS: Final = 200
"""Sinks of a file whose proof is told."""
LONGEST_LINE: Final = 2_000
"""Characters of a line that line rules read; longer ones are generated or minified code."""
_FAMILY: Final = {"typescript": "javascript", "tsx": "javascript", "cpp": "c"}
_OVERRULED: Final = frozenset({"python", "java", "php", "csharp"})
"""Languages whose line rules are silent where the engine saw what arrives (611 is about the parser, not about the value)."""
_BEYOND: Final = frozenset({502, 611, 1333})
"""Weaknesses that are about more than where a value comes from."""
_SPELLED: Final = frozenset({"slow-pattern"})
"""Line rules about what a constant says, which no constant that arrives can overrule."""
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that make text run the other way, in code only used to deceive."""
_UNPARSED: Final = {"rs": "rust", "kt": "kotlin", "kts": "kotlin", "m": "objective_c", "swift": "swift"}


class CodeFlow:
    """Candidates of kind WEAKNESS, at most one per weakness and line."""

    name = "code_flow"
    version = "36"
    summary = "Weaknesses in Python, JavaScript, Java, Go, C, C++, PHP, C# and Ruby by data flow in the parsed code."
    kinds = frozenset({SubjectKind.CODE_UNIT})

    def detect(self, subject: Subject) -> Detection:
        """Candidates in line order; nothing for languages without rules. Raises DetectorError for code nested too deeply."""
        if not isinstance(subject, CodeUnit):
            return Detection()
        places = PlaceMap(subject)
        language = language_of(subject.path, places.text[:256], subject.language)
        found: list[Candidate] = []
        signals: tuple[Signal, ...] = ()
        cleared: set[tuple[str, int]] = set()
        try:
            if language:
                engine = Engine(lower(places.text, language), compiled(language))
                found = list(_flows(places, engine))
                signals, cleared = (*_seen(engine), *_proved(engine)), _cleared(engine)
        except RecursionError:  # nesting is bounded; a caller deep in its own stack may still leave too little
            raise DetectorError(f"{subject.path or 'code unit'}: nested too deeply to follow its data") from None
        known = {(one.cwe, one.place.start_line) for one in found}
        for one in _lines(places, language or _unparsed(subject)):
            if (one.cwe, one.place.start_line) not in (known if one.rule in _SPELLED else known | cleared):
                known.add((one.cwe, one.place.start_line))
                found.append(one)
        ordered = sorted(found, key=lambda one: (one.place.start_line, one.rule))
        return Detection(signals=signals, candidates=tuple(ordered))


def _unparsed(unit: CodeUnit) -> str:
    """The name of a language that has line rules only."""
    return unit.language.lower() or _UNPARSED.get(unit.path.rpartition(".")[2].lower(), "")


def _flows(places: PlaceMap, engine: Engine) -> Iterator[Candidate]:
    """What the engines find, the worst of a weakness and line."""
    program = engine.program
    worst: dict[tuple[int, int], Found] = {}
    for one in [*engine.run(), *_numbers(program), *_turned(places.text)]:
        key = WEAKNESSES[one.rule].cwe, one.line
        if key not in worst or worst[key].level < one.level:
            worst[key] = one
    yield from (_reached(one, places) for one in worst.values())


def _cleared(engine: Engine) -> set[tuple[str, int]]:
    """("CWE-n", line) of sinks that were only seen to take something harmless; of JavaScript, what is proved to be.

    Not of 611, which is about the parser, nor of 502, which is about what a stream holds, unless it is a constant.
    """
    if _FAMILY.get(engine.program.language, engine.program.language) == "javascript":
        return {(f"CWE-{cwe}", line) for cwe, line in _certain(engine) if cwe not in {502, 611}}
    if engine.program.language not in _OVERRULED:
        return set()
    return {
        (f"CWE-{cwe}", line)
        for (cwe, line), what in engine.arrivals.items()
        if ("open" not in what and cwe not in {502, 611}) or (cwe == 502 and what == {"constant"})
    }


def _seen(engine: Engine) -> Iterator[Signal]:
    """For a judge: what arrives at the sinks to which no outsider's value comes, and where these values come in."""
    levels = {(WEAKNESSES[one.rule].cwe, one.line): one.level for one in engine.found.values()}
    lines: dict[tuple[str, int], list[int]] = {}
    for (cwe, line), what in sorted(engine.arrivals.items()):
        worst = next(name for name in ARRIVALS if name in what)
        if levels.get((cwe, line), OPEN) == OPEN and (cwe, worst) != _EVERYWHERE:
            lines.setdefault((worst, cwe), []).append(line)
    for (name, cwe), numbers in lines.items():
        yield Signal(f"flow:{name}", f"CWE-{cwe}", lines=tuple(numbers[:MOST_LINES]), noteworthy=False)
    for line, source in sorted(engine.entries.items())[:MOST_LINES]:
        yield Signal("flow:input", source, lines=(line,), noteworthy=False)


def _proved(engine: Engine) -> Iterator[Signal]:
    """For the findings of other scanners: sinks at which everything that arrives is harmless for certain, and why.

    Nothing is proved where the file was not gone through whole, nor of 502, 611 and 1333, which are about more than the value:
    Python's calls for them read what they are given and nothing else, so that a value of the program's own is a proof.
    """
    if engine.program.cut or engine.spent():
        yield Signal("flow:unfinished", "the file is too large: a part of it was not gone through", noteworthy=False)
    proved = _certain(engine)
    own = engine.program.language == "python"
    fixed = {
        place for place in proved if own and place[0] != 1333 and engine.proofs[place] <= {SPELLED_OUT, WORKED_OUT}
    }
    for cwe, line in sorted(place for place in proved if place[0] not in _BEYOND or place in fixed)[:MOST_PROOFS]:
        why = "; ".join(sorted(engine.proofs[cwe, line])[:3])
        yield Signal("flow:proved", f"CWE-{cwe}: {why}", lines=(line,), noteworthy=False)


def _certain(engine: Engine) -> list[tuple[int, int]]:
    """(CWE, line) of sinks at which everything that arrives is harmless for certain; none where a part was not seen."""
    if engine.program.cut or engine.spent() or engine.program.broken:
        return []
    found = {(WEAKNESSES[one.rule].cwe, one.line) for one in engine.found.values()}
    return [place for place, why in engine.proofs.items() if "" not in why and place not in found]


def _numbers(program: Program) -> list[Found]:
    """What is wrong with memory, numbers and lengths in the functions of a C or Go file, and with patterns of JavaScript."""
    if program.language == "go":
        return [Found(rule, line, line) for rule, line in wrong_in_go(program)]
    if program.language in SCRIPTS:
        return [Found(rule, line, line) for rule, line in wrong_in_script(program)]
    if program.language not in {"c", "cpp"}:
        return []
    return [Found(rule, line, line) for function in program.definitions for rule, line in wrong(function)]


def _turned(text: str) -> list[Found]:
    """Lines that a reader sees in another order than the compiler."""
    if not _TURNS.search(text):
        return []
    lines = enumerate(text.split("\n"), 1)
    return [Found("hidden-direction", number, number) for number, line in lines if _TURNS.search(line)]


@cache
def compiled(language: str) -> Compiled:
    """The rules of a language, ready for use."""
    return Compiled(_rules(_FAMILY.get(language, language)))


def _rules(family: str) -> RuleSet:
    from secassist.detectors._flow import c, csharp, go, java, javascript, php, python, ruby

    return {
        "c": c.C,
        "csharp": csharp.CSHARP,
        "go": go.GO,
        "java": java.JAVA,
        "javascript": javascript.JAVASCRIPT,
        "php": php.PHP,
        "python": python.PYTHON,
        "ruby": ruby.RUBY,
    }[family]


def _reached(found: Found, places: PlaceMap) -> Candidate:
    weakness = WEAKNESSES[found.rule]
    reached = found.level == REQUEST
    plain = found.level == FIXED or reached
    message = weakness.message if plain else weakness.also or weakness.message
    if reached and found.source:
        message += f" ({found.source} of line {found.source_line}{_unfit(found)})"
    severity = weakness.severity if plain else min(weakness.severity, Severity.MEDIUM, key=lambda one: one.rank)
    place = places.lines_place(found.line, min(found.end, found.line + 20))
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=found.rule,
        type=f"CWE-{weakness.cwe}",
        message=message,
        place=place,
        severity=severity,
        cwe=f"CWE-{weakness.cwe}",
        by="code_flow",
    )


def _unfit(found: Found) -> str:
    return f"; cleaned for {found.cleaned} only" if found.cleaned else ""


def _lines(places: PlaceMap, language: str) -> Iterator[Candidate]:
    """What line rules see, outside of comments and strings."""
    rules = [rule for rule in RULES if language in rule.languages]
    if not rules:
        return
    text = read_code(places.text, language)
    code, bare = _cut(text.code), _cut(text.bare)
    joined = "\n".join(code)
    starts = list(accumulate((len(line) + 1 for line in code), initial=0))
    quickly = folded(joined)
    for rule in rules:
        if not rule.may_match(quickly):
            continue
        if (rule.absent and rule.absent.search(joined)) or (rule.present and not rule.present.search(joined)):
            continue
        for match in rule.pattern.finditer(joined):
            line = bisect_right(starts, match.start()) - 1
            column = match.start() - starts[line]
            inside_string = code[line][column : column + 1] != bare[line][column : column + 1]
            ruled_out = rule.unless and rule.unless.search(code[line])
            checked = rule.after and any(map(rule.after.search, code[line : line + 4]))
            if not inside_string and not ruled_out and not checked:
                yield _shown(rule, line + 1, places)


def _cut(text: str) -> list[str]:
    return [line[:LONGEST_LINE] for line in text.split("\n")]


def _shown(rule: LineRule, line: int, places: PlaceMap) -> Candidate:
    return Candidate(
        kind=FindingKind.WEAKNESS,
        rule=rule.id,
        type=rule.cwe,
        message=rule.message,
        place=places.lines_place(line, line),
        severity=rule.severity,
        cwe=rule.cwe,
        by="code_flow",
    )


PLUGIN = CodeFlow()
