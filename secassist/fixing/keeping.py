"""Oracles against fixes that only look like one: silencing comments, dead code, detours, and features taken out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from schemas import Check
from secassist.fixing.base import Change, Wanted
from secassist.parsing.languages import LANGUAGES
from secassist.parsing.tree import parse, walk, words

if TYPE_CHECKING:
    from tree_sitter import Node

SILENCING: Final = re.compile(
    r"(?i)\b(?:nosec|noqa|nosemgrep|nolint(?:next|begin)?|nosonar|skipcq|lgtm|coverity|cppcheck-suppress|codeql|devskim|"
    r"eslint-disable|jshint|tslint:disable|ts-ignore|ts-nocheck|phpcs:|phpstan-ignore|psalm-suppress|rubocop:|brakeman|"
    r"pylint:|pyright:|mypy:|type: ignore|bandit:|bearer:disable|checkov:skip|gitleaks:allow|pragma: (?:allowlist|no)|"
    r"pragma warning|suppresswarnings|suppressmessage|suppressfbwarnings|suppress_lint|secassist: ignore|semgrep-ignore|"
    r"snyk:ignore|deepcode ignore|dlint|spotbugs|fortify|trivy:ignore|kics-scan)"
)
"""Words by which scanners are told to look away."""
_CALLS: Final = frozenset(
    {"call", "call_expression", "method_invocation", "function_call_expression", "invocation_expression"}
    | {"member_call_expression", "nullsafe_member_call_expression", "scoped_call_expression", "new_expression"}
    | {"object_creation_expression", "shell_command_expression", "implicit_object_creation_expression"}
)
_RETURNS: Final = frozenset({"return_statement", "return", "yield", "yield_expression", "yield_statement"})
_ASSIGNED: Final = frozenset(
    {
        "assignment",
        "assignment_expression",
        "augmented_assignment",
        "augmented_assignment_expression",
        "operator_assignment",
    }
    | {"variable_declarator", "init_declarator", "short_var_declaration", "assignment_statement", "named_expression"}
)
_SHOWN: Final = frozenset(
    {"echo_statement", "print_intrinsic", "include_expression", "include_once_expression"}
) | frozenset({"require_expression", "require_once_expression", "send_statement"})
_ENDS: Final = frozenset(
    {
        "return_statement",
        "raise_statement",
        "throw_statement",
        "break_statement",
        "continue_statement",
        "return",
        "break",
    }
)
_CONDITIONAL: Final = frozenset(
    {"if_statement", "while_statement", "conditional_expression", "ternary_expression", "if", "unless", "elif_clause"}
)
_NEVER: Final = frozenset(
    {"false", "0", "none", "null", "nil", "undefined", "true", "1", "!1", "!0", "not true", "not 1"}
)
_NAMES: Final = frozenset({"identifier", "variable_name", "shorthand_property_identifier"})
_WRAPPED: Final = frozenset(
    {"expression_list", "pattern_list", "pointer_declarator", "array_declarator", "tuple_pattern"}
)
_DETOURS: Final = re.compile(
    r"(?:^|[.:>])(?:getattr|setattr|globals|locals|vars|__import__|import_module|eval|exec|execfile|compile|Function|"
    r"Reflect|call_user_func(?:_array)?|create_function|forName|getMethod|invoke|InvokeMember|GetMethod|send|public_send|"
    r"instance_eval|const_get|b64decode|base64_decode|atob|fromCharCode|dlsym|methodcaller|attrgetter)$"
)
"""Calls by which another call is made without its name standing in the code."""
_FORMING: Final = re.compile(
    r"(?i)^(?:format|str|string|join|concat|sprintf|vsprintf|append|tostring|valueof|to_s|strip|trim|replace|encode|decode|"
    r"encodeuricomponent|getbytes|bytes|unicode|text|add|escape\w*|quote\w*|addslashes|html\w*|\w*escape\w*|\w*quote\w*|"
    r"mark_safe|markup|safestring|strcat|strlen|wcslen|sizeof|len|fixed|range|printf|int|float|f?close|free|setseed|seed|srand)$"
)
"""Calls that only make a text of values; a fix may do without them."""
_OPENING: Final = re.compile(r"^(?:Random|XmlUrlResolver)$")
"""Objects whose making is the fault itself: numbers that can be foretold, a fetcher of what a document names."""
_TELLING: Final = re.compile(
    r"(?i)^(?:print|println|printf|log|debug|info|warn|warning|error|exception|critical|fatal|abort|exit|die|fail|puts|"
    r"writeline|len|strlen|isinstance|repr|type|sleep|pass|assert|trigger_error|error_log|panic|\w*error|\w*exception)$"
)
"""Calls that tell, check or give up: none of them does what a dangerous call did."""


@dataclass
class _Doing:
    """What a text does. `outer` are calls (by name) with the calls that lie around them left to the reader."""

    calls: Counter[str] = field(default_factory=Counter)
    nodes: dict[str, list["Node"]] = field(default_factory=dict)
    results: int = 0
    assigned: int = 0
    shown: int = 0
    dead: int = 0
    constant: int = 0


def unsilenced(change: Change, wanted: Wanted) -> Check:
    """No comment or annotation is added that tells a scanner to look away."""
    before, after = (Counter(found.lower() for found in SILENCING.findall(text)) for text in (wanted.text, change.text))
    added = list((after - before).elements())
    return Check(name="unsilenced", passed=not added, detail=f"adds {added[0][:40]!r}" if added else "")


def kept(change: Change, wanted: Wanted) -> Check:
    """The code still does what it did: results, assignments, output and values stay, and each lost call has a successor."""
    problem = _lost(change, wanted) if wanted.language in LANGUAGES else ""
    return Check(name="kept", passed=not problem, detail=problem)


def plain(change: Change, wanted: Wanted) -> Check:
    """Nothing is hidden: no new code that never runs, no call by a detour that detectors cannot follow."""
    problem = _hidden(change, wanted) if wanted.language in LANGUAGES else ""
    return Check(name="plain", passed=not problem, detail=problem)


def _both(change: Change, wanted: Wanted) -> tuple[_Doing, _Doing]:
    before, after = (_read(text, wanted.language) for text in (wanted.text, change.text))
    return before, after


def _read(text: str, language: str) -> _Doing:
    found = _Doing()
    for node in walk(parse(text, language).root_node):
        kind = node.type
        if kind in _CALLS:
            name = _name(node)
            found.calls[name] += 1
            found.nodes.setdefault(name, []).append(node)
        elif kind in _RETURNS:
            found.results += _varies(node)
        elif kind in _ASSIGNED:
            found.assigned += not _seeded(node)
        elif kind in _SHOWN:
            found.shown += _varies(node)
        if kind in _CONDITIONAL:
            condition = node.child_by_field_name("condition")
            found.constant += condition is not None and words(condition).strip("() \t").lower() in _NEVER
        if kind in _ENDS:
            found.dead += _followed(node)
    return found


_GENERATOR: Final = re.compile(
    r"(?:new\s+)?(?:System\.|java\.util\.)?Random\(|(?:\w*rand\.)New\(\s*(?:\w*rand\.)New(?:Source|PCG)\("
)
"""What makes a generator that can be foretold: it may go, if each draw from it has a successor."""


def _seeded(node: "Node") -> bool:
    """Whether a name is given nothing but such a generator."""
    value = node.child_by_field_name("right") or node.child_by_field_name("value")
    value = value or (node.named_children[-1] if node.named_children else None)
    return value is not None and _GENERATOR.match(words(value)) is not None


def _name(node: "Node") -> str:
    """The last part of what is called."""
    for part in ("function", "constructor", "method", "name", "type"):
        called = node.child_by_field_name(part)
        if called is not None:
            last = re.split(r"[.:>\\\s]+", words(called).split("(")[0 if "(" not in words(called)[:1] else -1])[-1]
            inner = called.child_by_field_name("attribute") or called.child_by_field_name("property")
            inner = inner or called.child_by_field_name("field") or called.child_by_field_name("name")
            return words(inner) if inner is not None else last
    children = node.named_children
    return re.split(r"[.:>\\\s]+", words(children[0]))[-1] if children else words(node)[:40]


def _varies(node: "Node") -> bool:
    """Whether what is given back or shown depends on anything."""
    return any(each.type in _NAMES or each.type in _CALLS for each in walk(node))


def _followed(node: "Node") -> bool:
    """Whether a statement stands behind one that ends its block."""
    after = node.next_named_sibling
    while after is not None and after.type == "comment":
        after = after.next_named_sibling
    if after is None or node.parent is None or "switch" in node.parent.type or "case" in node.parent.type:
        return False
    return (
        bool(re.search(r"statement|expression|declaration$|assignment|call", after.type))
        and "function" not in after.type
    )


def _lost(change: Change, wanted: Wanted) -> str:
    before, after = _both(change, wanted)
    for was, now, what in (
        (before.results, after.results, "a result that depends on something is given back no more"),
        (before.assigned, after.assigned, "an assignment is gone"),
        (before.shown, after.shown, "an output is gone"),
    ):
        if now < was:
            return what
    gone = [
        node for name, number in (before.calls - after.calls).items() for node in _removed(before, name, number, change)
    ]
    new = [node for name, number in (after.calls - before.calls).items() for node in after.nodes[name][:number]]
    return _unsucceeded(gone, new) or _unread(change, wanted)


def _removed(doing: _Doing, name: str, number: int, change: Change) -> list["Node"]:
    """Which calls of a name went: those on lines that the change takes out."""
    lines = {line for first, last, _ in change.runs for line in range(first, last)}
    nodes = doing.nodes[name]
    touched = [n for n in nodes if any(line in lines for line in range(n.start_point[0], n.end_point[0] + 1))]
    return (touched or nodes)[:number]


def _unsucceeded(gone: Sequence["Node"], new: Sequence["Node"]) -> str:
    """Each outermost lost call that did more than form a text needs a new one that does more than tell."""
    ids = {node.id for node in gone}
    outer = [node for node in gone if not any(above.id in ids for above in _above(node))]
    owed = [n for n in outer if not any(p.match(_name(n)) for p in (_FORMING, _TELLING, _OPENING))]
    fit = [node for node in new if not _TELLING.match(_name(node)) and not _raised(node)]
    return f"{_name(owed[0])[:40]} is no longer called, and nothing takes its place" if len(owed) > len(fit) else ""


def _above(node: "Node") -> Iterator["Node"]:
    while node.parent is not None:
        node = node.parent
        yield node


def _near(node: "Node") -> list["Node"]:
    """The assignment that a name stands in."""
    return [above for above, _ in zip(_above(node), range(3), strict=False) if above.type in _ASSIGNED]


def _raised(node: "Node") -> bool:
    return any(above.type in ("raise_statement", "throw_statement", "throw_expression") for above in _above(node))


def _unread(change: Change, wanted: Wanted) -> str:
    """A variable or parameter that the changed lines read is read nowhere any more, though its name is still given."""
    old, new = (parse(text, wanted.language).root_node for text in (wanted.text, change.text))
    lines = {line for first, last, _ in change.runs for line in range(first, last)}
    held = {words(n) for n in walk(old) if n.type in _NAMES and _given(n)}
    held -= {words(n) for n in walk(old) if n.type in _NAMES and _given(n) and any(_seeded(a) for a in _near(n))}
    names = (n for n in walk(old) if n.type in _NAMES and n.start_point[0] in lines)
    read = {words(n) for n in names if not _given(n) and not _called(n)}
    still = {words(n) for n in walk(new) if n.type in _NAMES and not _given(n)}
    gone = sorted((read & held) - still)
    return f"the value of {gone[0][:40]} is used no more" if gone else ""


def _called(node: "Node") -> bool:
    """Whether a name is what is called: that it has a successor is asked elsewhere."""
    function = node.parent.child_by_field_name("function") if node.parent is not None else None
    return function is not None and function.id == node.id


def _given(node: "Node") -> bool:
    """Whether a name stands where it gets its value: a parameter, or the left side of an assignment."""
    below = node
    for _ in range(3):
        above = below.parent
        if above is None:
            return False
        if "parameter" in above.type:
            return True
        if above.type in _ASSIGNED:
            left = above.child_by_field_name("left") or above.child_by_field_name("name")
            left = left or above.child_by_field_name("declarator") or above.named_children[0]
            return left.id == below.id
        if above.type not in _WRAPPED:
            return False
        below = above
    return False


def _hidden(change: Change, wanted: Wanted) -> str:
    before, after = _both(change, wanted)
    if after.dead > before.dead:
        return "code stands behind a line that ends its block"
    if after.constant > before.constant:
        return "a condition never changes"
    detours = [name for name in after.calls - before.calls if _DETOURS.search(name)]
    return f"a call goes through {detours[0][:40]}" if detours else ""
