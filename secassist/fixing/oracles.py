"""Who re-checks a change: each oracle is one question with a named answer, and none of them knows who made the change."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas import Analysis, Check, CodeUnit, Disposition, Judgement, State
from secassist.detectors.base import Candidate, Detector
from secassist.errors import DetectorError, SecassistError
from secassist.fixing import syntax
from secassist.fixing.base import PASSWORDS, Change, Run, Wanted, touched_lines
from secassist.fixing.python_code import readable

MOST_LINES = 30
"""Lines that a fix may touch; more is a rewrite that a person should make."""
ADVISORY = frozenset({"B403", "B404", "B405", "B406", "B407", "B408", "B409", "B410", "B411", "B413", "B603", "B607"})
"""bandit's rules that fire on every use of a module or of subprocess at all, safe or not; they are told, not counted."""

Judge = Callable[[CodeUnit], Analysis]
"""Asks the `review` analyzer about a piece of code, as it would about any other."""


@dataclass(frozen=True)
class Seen:
    """What the detectors see in one text; `failed` names those that could not run."""

    candidates: tuple[Candidate, ...]
    failed: frozenset[str]


class Detecting:
    """Every code detector on one file, before and after; the text before is looked at once."""

    def __init__(self, detectors: Mapping[str, Detector], wanted: Wanted) -> None:
        self.detectors = detectors
        self.wanted = wanted
        self.before = self.look(wanted.text)

    def look(self, text: str) -> Seen:
        """Candidates of all detectors that read code."""
        unit = unit_of(self.wanted, text)
        found, failed = list[Candidate](), set[str]()
        for name, detector in self.detectors.items():
            if unit.kind in detector.kinds:
                try:
                    found += detector.detect(unit).candidates
                except DetectorError:
                    failed.add(name)
        return Seen(tuple(found), frozenset(failed))

    @property
    def targets(self) -> list[Candidate]:
        """The candidates that are the finding: on its lines, of its rule or weakness."""
        wanted = self.wanted
        on_lines = [c for c in self.before.candidates if _overlaps(c, wanted.first, wanted.last)]
        kin = [c for c in on_lines if wanted.cwe and related(c.cwe, wanted.cwe) and c.rule not in ADVISORY]
        return kin + [c for c in on_lines if c.rule == wanted.rule and c not in kin]


_KIN = (
    frozenset({"CWE-259", "CWE-321", "CWE-798", "CWE-547"}),
    frozenset({"CWE-327", "CWE-328", "CWE-916"}),
    frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"}),
    frozenset({"CWE-94", "CWE-95"}),
    frozenset({"CWE-22", "CWE-23", "CWE-36", "CWE-73"}),
    frozenset({"CWE-77", "CWE-78", "CWE-88"}),
    frozenset({"CWE-489", "CWE-215"}),
    frozenset({"CWE-377", "CWE-378", "CWE-379"}),
    frozenset({"CWE-276", "CWE-732"}),
    frozenset({"CWE-605", "CWE-668", "CWE-1327"}),
    frozenset({"CWE-120", "CWE-121", "CWE-122", "CWE-242", "CWE-787", "CWE-676"}),
)
"""Weaknesses that scanners call by one another's numbers (children of one class in MITRE's list)."""


def related(one: str, other: str) -> bool:
    """Whether two CWEs name the same fault."""
    return one == other or any(one in kin and other in kin for kin in _KIN)


def unit_of(wanted: Wanted, text: str, first: int = 1) -> CodeUnit:
    """The text as a subject like any other."""
    return CodeUnit(source="code", path=wanted.path, language=wanted.language, body=text, start_line=first)


def _overlaps(candidate: Candidate, first: int, last: int) -> bool:
    return candidate.place.start_line <= last and candidate.place.end_line >= first


def parses(change: Change, wanted: Wanted) -> Check:
    """The new text is as readable to the language's parser as the old one."""
    if wanted.language == "python":
        problem = _python_problem(change, wanted)
        return Check(name="parses", passed=not problem, detail=problem)
    if wanted.language not in syntax.GRAMMARS:
        return Check(name="parses", passed=False, detail=f"no grammar for {wanted.language or 'this language'}")
    before, after = (syntax.faults(text, wanted.language) for text in (wanted.text, change.text))
    told = "" if after <= before else f"{after} places do not parse, before the change {before}"
    return Check(name="parses", passed=after <= before, detail=told)


def _python_problem(change: Change, wanted: Wanted) -> str:
    """Lines that the parser cannot read; none that was written, and none that it could read before."""
    before, after = (_unread(text) for text in (wanted.text, change.text))
    if after is None:
        return "it does not parse"
    if before is None or not after:
        return ""
    written = sorted(after & touched_lines(change.runs))
    if written or len(after) > len(before):
        return f"line {written[0] if written else min(after)}: does not parse"
    return ""


def _unread(text: str) -> frozenset[int] | None:
    """Numbers of the lines that cannot be read, of the whole file or of a part of one that is indented; None for all."""
    tree, lines = readable(text)
    if tree is not None and not lines:
        return lines
    inner, inner_lines = readable("if 1:\n" + text, 1)
    if inner is not None and (tree is None or len(inner_lines) < len(lines)):
        return frozenset(number - 1 for number in inner_lines)
    return lines if tree is not None else None


def keeps_signatures(change: Change, wanted: Wanted) -> Check:
    """Names, parameters and decorators of functions and classes are what they were."""
    if wanted.language == "python":
        before, after = _python_heads(wanted.text), _python_heads(change.text)
    else:
        before, after = (
            [_ASKED.sub("", head) for head in syntax.heads(text, wanted.language)]
            for text in (wanted.text, change.text)
        )
    gone = list((Counter(before) - Counter(after)).elements()) + list((Counter(after) - Counter(before)).elements())
    return Check(name="signatures", passed=not gone, detail=f"changed: {gone[0][:80]}" if gone else "")


_ASKED = re.compile(r", ValidateAntiForgeryToken(?=\])")
"""An attribute that a fix may add: it guards a function and is no part of how it is called."""


def _python_heads(text: str) -> list[str]:
    tree = readable(text)[0] or readable("if 1:\n" + text, 1)[0]
    return [
        _head(node)
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    decorators = " ".join(f"@{ast.unparse(each)}" for each in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        return f"{decorators} class {node.name}({', '.join(map(ast.unparse, node.bases))})"
    given = node.args
    names = [arg.arg for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    stars = [arg.arg for arg in (given.vararg, given.kwarg) if arg]
    defaults = len(given.defaults) + sum(default is not None for default in given.kw_defaults)
    return f"{decorators} {type(node).__name__} {node.name}({', '.join(names)}; {stars}; {defaults})"


def is_small(change: Change, wanted: Wanted) -> Check:
    """Few lines are touched, and all others are byte for byte what they were."""
    lines, at, kept = change.text.split("\n"), 0, list[str]()
    old, place = wanted.text.split("\n"), 0
    for first, last, new in change.runs:
        kept += lines[at : at + first - place]
        at, place = at + first - place + len(new), last
    same = kept + lines[at:] == _outside(old, change.runs)
    told = f"{change.touched} lines" if same else "lines outside of the edit differ"
    return Check(name="small", passed=same and change.touched <= MOST_LINES, detail=told)


def _outside(lines: Sequence[str], runs: Sequence[Run]) -> list[str]:
    found, at = list[str](), 0
    for first, last, _ in runs:
        found += lines[at:first]
        at = last
    return found + list(lines[at:])


@dataclass
class _Compared:
    """Candidates after a change, told apart by whether they were there before."""

    remaining: list[Candidate] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)
    advisory: list[Candidate] = field(default_factory=list)


_WHO = {True: "the judge decides", False: "and no judge is asked, so nobody can say that it is gone"}


def detected(change: Change, detecting: Detecting, *, judging: bool) -> tuple[Check, Check]:
    """ "gone": no detector that saw the finding sees it; "nothing-new": none sees anything that was not there."""
    after = detecting.look(change.text)
    lost = after.failed - detecting.before.failed
    compared = _compare(change, detecting, after.candidates)
    remains = [f"{c.by}: {c.rule} at line {c.place.start_line}" for c in compared.remaining]
    remains += [f"{name} can no longer read the file" for name in sorted(lost)]
    if fast_for_password(change, detecting.wanted):
        gone = Check(name="gone", passed=False, detail="a password needs a slow hash, and this one is fast")
    elif not detecting.targets:
        gone = Check(name="gone", passed=judging and not lost, detail=f"no detector saw it; {_WHO[judging]}")
    else:
        saw = ", ".join(sorted({f"{c.by}:{c.rule}" for c in detecting.targets}))
        gone = Check(name="gone", passed=not remains, detail="; ".join(remains) or f"no longer seen by {saw}")
    fresh = [f"{c.by}: {c.rule} {c.cwe} at line {c.place.start_line}" for c in compared.new]
    told = "; ".join(fresh) or ("; ".join(f"only {c.rule}, which every use gets" for c in compared.advisory[:2]))
    return gone, Check(name="nothing-new", passed=not fresh, detail=told)


_HASHES = frozenset({"CWE-327", "CWE-328", "CWE-916"})
_FAST = re.compile(r"sha[-_]?[1235]|blake|usedforsecurity|hmac", re.I)
_SLOW = re.compile(r"pbkdf2|scrypt|bcrypt|argon2|password_hash|pwhash|Rfc2898", re.I)


def fast_for_password(change: Change, wanted: Wanted) -> bool:
    """Whether a fast hash is written into a function about passwords: no detector tells what a hash is taken of."""
    if wanted.cwe not in _HASHES:
        return False
    lines, touched = change.text.split("\n"), touched_lines(change.runs)
    first, last = _function_lines(change, wanted)
    written = "\n".join(lines[number - 1] for number in sorted(touched) if first <= number <= last)
    about = "\n".join(lines[first - 1 : last])
    return bool(_FAST.search(written) and not _SLOW.search(written) and PASSWORDS.search(about))


def _compare(change: Change, detecting: Detecting, after: Sequence[Candidate]) -> _Compared:
    lines = _line_map(change)
    touched = touched_lines(change.runs)
    before = Counter((c.by, c.rule, c.place.start_line) for c in detecting.before.candidates)
    targets = {(c.by, c.rule) for c in detecting.targets}
    at_target = Counter((c.by, c.rule, lines.get(c.place.start_line, 0)) for c in detecting.targets)
    edited = Counter((c.by, c.rule) for c in detecting.before.candidates if c.place.start_line not in lines)
    back = {new: old for old, new in lines.items()}
    beside = _beside(change, detecting)
    compared = _Compared()
    for candidate in after:
        key, line = (candidate.by, candidate.rule), candidate.place.start_line
        old = back.get(line)
        if at_target[(*key, line)]:
            compared.remaining.append(candidate)
        elif old is not None and before[(*key, old)]:
            continue
        elif old is None and line in touched and edited[key]:
            edited[key] -= 1
            if key in targets and not beside[(*key, line)]:
                compared.remaining.append(candidate)
        elif candidate.rule in ADVISORY:
            compared.advisory.append(candidate)
        else:
            compared.new.append(candidate)
    return compared


def _beside(change: Change, detecting: Detecting) -> Counter[tuple[str, str, int]]:
    """(who, rule, line in the new text) of findings that are not the one to fix, on lines that were written line for line."""
    rewritten, shift = dict[int, int](), 0
    for first, last, new in change.runs:
        if last - first == len(new):
            rewritten |= {number: number + shift for number in range(first + 1, last + 1)}
        shift += len(new) - (last - first)
    wanted = detecting.wanted
    others = [c for c in detecting.before.candidates if not _overlaps(c, wanted.first, wanted.last)]
    return Counter((c.by, c.rule, rewritten.get(c.place.start_line, 0)) for c in others)


def _line_map(change: Change) -> dict[int, int]:
    """Old line numbers (1-based) of lines that stay, to their new ones."""
    found, old, shift = dict[int, int](), 1, 0
    for first, last, new in change.runs:
        found |= {number: number + shift for number in range(old, first + 1)}
        shift += len(new) - (last - first)
        old = last + 1
    total = change.text.count("\n") + 1 - shift
    return found | {number: number + shift for number in range(old, total + 1)}


def judged(change: Change, detecting: Detecting, judge: Judge) -> Check:
    """The model reads the changed function as it would any other code, and is not told that it was changed."""
    wanted = detecting.wanted
    first, last = _function_lines(change, wanted)
    lines = change.text.split("\n")[first - 1 : last]
    try:
        said = judge(unit_of(wanted, "\n".join(lines), first))
    except SecassistError as error:
        return Check(name="judge", passed=False, detail=f"could not be asked: {error}")
    if said.state is State.UNFIT:
        alone = not detecting.targets
        told = "its adapter is not fit to judge" + (", and no detector saw the finding" if alone else "; not counted")
        return Check(name="judge", passed=not alone, detail=told)
    if said.state is not State.OK or said.verdict is None:
        return Check(name="judge", passed=False, detail=f"no judgement: {said.state}")
    if said.verdict.disposition is not Disposition.TRUE_POSITIVE:
        return Check(
            name="judge", passed=True, detail=f"asked anew about lines {first}-{last}: {said.verdict.disposition}"
        )
    others = _others(change, detecting, first, last)
    same = [f for f in said.findings if f.judgement is Judgement.REAL and related(f.cwe, wanted.cwe)]
    if others and all(finding.place.start_line in others for finding in same):
        known = [f"{others[f.place.start_line].rule} at line {f.place.start_line}" for f in same]
        told = known[0] if known else next(iter(others.values())).rule
        return Check(name="judge", passed=True, detail=f"still bad, for {told}, which is another finding")
    return Check(name="judge", passed=False, detail=f"still calls lines {first}-{last} vulnerable")


def _others(change: Change, detecting: Detecting, first: int, last: int) -> dict[int, Candidate]:
    """Findings on these lines that were there before and are not the one to fix, by their line in the new text.

    Of the same weakness only those on lines that stay: on a line that was written, nobody can tell them apart.
    """
    targets, lines, cwe = detecting.targets, _line_map(change), detecting.wanted.cwe
    found = dict[int, Candidate]()
    for one in detecting.before.candidates:
        kin = related(one.cwe, cwe)
        line = lines.get(one.place.start_line, 0 if kin else one.place.start_line)
        if first <= line <= last and one not in targets and not (kin and one.rule in ADVISORY):
            found.setdefault(line, one)
    return found


def _function_lines(change: Change, wanted: Wanted) -> tuple[int, int]:
    """The function that holds the edit nearest to the finding, or a window around it."""
    touched = sorted(touched_lines(change.runs))
    shift = change.text.count("\n") - wanted.text.count("\n")
    near = min(touched, key=lambda line: min(abs(line - wanted.first), abs(line - wanted.first - shift)))
    total = change.text.count("\n") + 1
    found = (
        _python_around(change.text, near)
        if wanted.language == "python"
        else syntax.around(change.text, wanted.language, near)
    )
    return found or (max(1, near - 20), min(total, near + 20))


def _python_around(text: str, line: int) -> tuple[int, int] | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            found = (min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno)
    return found
