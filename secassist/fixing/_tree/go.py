"""Go: numbers from the system's source, settings that are assigned, and how a function is left when a value is refused."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.text import given_to, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_ZERO = (
    (r"string", '""'),
    (r"bool", "false"),
    (r"u?int\d*|float\d+|byte|rune|uintptr", "0"),
    (r"\*.+|\[\].+|map\[.+|chan .+|func\(.*|interface\{\}|any|error", "nil"),
)


def way_out(code: TreeCode, node: "Node", why: str) -> list[str]:
    """Lines that leave the function around a node: an answer to the client, an error, else a panic. Raises FixError."""
    scope = code.scope(node)
    writer = re.search(r"(\w+)\s+http\.ResponseWriter\b", code.source(scope.child_by_field_name("parameters")))
    result = scope.child_by_field_name("result")
    if result is None:
        if writer and f"{writer[1]}" != "_":
            return [f'http.Error({writer[1]}, "{why}", http.StatusBadRequest)', "return"]
        return [f'panic("{why}")']
    kinds = _kinds(code, result)
    if not kinds or kinds[-1] != "error":
        return [f'panic("{why}")']
    zeros = [next((zero for form, zero in _ZERO if re.fullmatch(form, kind)), "") for kind in kinds[:-1]]
    if not all(zeros):
        return [f'panic("{why}")']
    failure = f'errors.New("{why}")'
    return [f"return {', '.join([*zeros, failure])}"]


def _kinds(code: TreeCode, result: "Node") -> list[str]:
    if result.type != "parameter_list":
        return [code.source(result)]
    found = list[str]()
    for each in result.named_children:
        names = [child for child in each.named_children if child.type == "identifier"]
        found += [code.source(each.child_by_field_name("type"))] * max(1, len(names))
    return found


_DRAWN = {
    "Int": ("int", "new(big.Int).Lsh(big.NewInt(1), 63)", "int({}.Int64())"),
    "Int63": ("int64", "new(big.Int).Lsh(big.NewInt(1), 63)", "{}.Int64()"),
    "Int64": ("int64", "new(big.Int).Lsh(big.NewInt(1), 63)", "{}.Int64()"),
    "Int31": ("int32", "big.NewInt(1<<31)", "int32({}.Int64())"),
    "Int32": ("int32", "big.NewInt(1<<31)", "int32({}.Int64())"),
    "Uint32": ("uint32", "big.NewInt(1<<32)", "uint32({}.Uint64())"),
    "Uint64": ("uint64", "new(big.Int).Lsh(big.NewInt(1), 64)", "{}.Uint64()"),
    "Float64": ("float64", "big.NewInt(1<<53)", "float64({}.Int64()) / (1 << 53)"),
    "Float32": ("float32", "big.NewInt(1<<24)", "float32({}.Int64()) / (1 << 24)"),
    "Intn": ("int", "big.NewInt(int64({}))", "int({}.Int64())"),
    "IntN": ("int", "big.NewInt(int64({}))", "int({}.Int64())"),
    "Int31n": ("int32", "big.NewInt(int64({}))", "int32({}.Int64())"),
    "Int32N": ("int32", "big.NewInt(int64({}))", "int32({}.Int64())"),
    "Int63n": ("int64", "big.NewInt({})", "{}.Int64()"),
    "Int64N": ("int64", "big.NewInt({})", "{}.Int64()"),
}
"""Functions of math/rand: what they give back, the bound below which a number is drawn, and how it becomes the result."""
_RANDOM = frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"})
_RANDOM_TOLD = "Numbers come from the system's source and cannot be foretold; where it fails, the program stops."


def drawn(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Every number that the file draws from math/rand is drawn from crypto/rand, and nobody seeds any more."""
    if code.language != "go" or cwe not in _RANDOM or not any(code.calls(first, last)):
        return
    spec = _import_of(code, r"math/rand(?:/v2)?")
    if spec is None:
        raise FixError("the part of the file does not show how math/rand is imported")
    local = code.source(spec.child_by_field_name("name")) or "rand"
    secure = _import_of(code, "crypto/rand")
    name = (code.source(secure.child_by_field_name("name")) or "rand") if secure is not None else local
    splices, words = list[Splice](), 0
    generators = list(_generators(code, local))
    for call in code.calls(1, code.text.count("\n") + 1):
        owner, _, last_name = call.name.rpartition(".")
        if owner == local or owner in {held for held, _ in generators}:
            made = _one_drawn(code, call, last_name, name)
            splices += [made] if made is not None else []
            words += owner == local and not last_name.startswith("New")
    splices += [_line_gone(code, statement) for _, statement in generators]
    words += sum(len(re.findall(rf"\b{local}\.", code.source(statement))) for _, statement in generators)
    if words != len(re.findall(rf"(?<![\w.]){local}\.", code.text)):
        raise FixError("math/rand is used in ways that have no counterpart in crypto/rand; rewrite them by hand")
    yield Proposal(
        "system-random", blocks_of(code.text, [*splices, *_swapped(code, spec, secure, splices)]), _RANDOM_TOLD
    )


def _swapped(code: TreeCode, spec: "Node", secure: "Node | None", splices: list[Splice]) -> list[Splice]:
    """crypto/rand in the place of math/rand, math/big where numbers are made, and no time that only seeded."""
    path = spec.child_by_field_name("path")
    if path is None:
        raise FixError("the import has no path")
    big = any("big." in splice.new for splice in splices) and '"math/big"' not in code.text
    grouped = spec.parent is not None and spec.parent.type == "import_spec_list"
    lead = "\n" + code.lead(code.span(spec)[0]) if grouped else "\n"
    rows = (['"crypto/rand"'] if secure is None else []) + (['"math/big"'] if big else [])
    seeded = sum(code.text[s.start : s.end].count("time.") for s in splices)
    gone = [
        _line_gone(code, t) for t in [_import_of(code, "time")] if t is not None and seeded == code.text.count("time.")
    ]
    if not grouped:
        start, end = code.span(spec)
        alias = code.source(spec.child_by_field_name("name"))
        new = f"{alias} {rows[0]}".strip() if rows else ""
        more = "".join(f"\nimport {row}" for row in rows[1:])
        return [Splice(start, end, new + more), *gone] if rows else [_line_gone(code, spec.parent or spec), *gone]
    if not rows:
        return [_line_gone(code, spec), *gone]
    alias = code.source(spec.child_by_field_name("name")) if secure is None else ""
    return [Splice(*code.span(spec), f"{alias} {rows[0]}".strip() + "".join(lead + row for row in rows[1:])), *gone]


def _import_of(code: TreeCode, path: str) -> "Node | None":
    for spec in code.within(code.tree.root_node, "import_spec"):
        if re.fullmatch(path, code.source(spec.child_by_field_name("path")).strip('"')):
            return spec
    return None


def _one_drawn(code: TreeCode, call: Call, name: str, module: str) -> Splice | None:
    """A call of math/rand by one of crypto/rand; a seed goes. None for what makes a generator, which goes as a whole."""
    if name == "Read" and len(call.args) == 1:
        return code.put(call.node, f"{module}.Read({code.source(call.args[0])})")
    if name == "Seed" and call.node.parent is not None and call.node.parent.type == "expression_statement":
        return _line_gone(code, call.node.parent)
    if name in ("New", "NewSource", "NewPCG"):
        return None
    if name not in _DRAWN or len(call.args) != ("{}" in _DRAWN[name][1]):
        raise FixError(f"crypto/rand has nothing like {name}; rewrite it by hand")
    kind, bound, result = _DRAWN[name]
    start = code.span(call.node)[0]
    row = code.text[code.line_start(start) :]
    lead = row[: len(row) - len(row.lstrip())]
    below = bound.replace("{}", code.source(call.args[0])) if call.args else bound
    below = re.sub(r"int64\((\d+)\)", r"\1", below)
    rows = (
        f"func() {kind} {{",
        f"\tdrawn, err := {module}.Int({module}.Reader, {below})",
        "\tif err != nil {",
        "\t\tpanic(err)",
        "\t}",
        f"\treturn {result.replace('{}', 'drawn')}",
        "}()",
    )
    return code.put(call.node, f"\n{lead}".join(rows))


def _generators(code: TreeCode, local: str) -> Iterator[tuple[str, "Node"]]:
    """Names that hold a generator of their own, used for drawing only, with the statements that make them."""
    for each in code.within(code.tree.root_node, "short_var_declaration"):
        left, right = code.source(each.child_by_field_name("left")), code.source(each.child_by_field_name("right"))
        if re.match(rf"{local}\.New\(\s*{local}\.New\w+\(", right) and re.fullmatch(r"\w+", left):
            uses = [c for c in code.calls(1, code.text.count("\n") + 1) if c.name.rpartition(".")[0] == left]
            if len(re.findall(rf"(?<![\w.]){left}\b", code.text)) != len(uses) + 1:
                raise FixError("the generator is handed on; rewrite it by hand")
            yield left, each


def _line_gone(code: TreeCode, node: "Node") -> Splice:
    start, end = code.span(node)
    at = code.line_start(start)
    if code.text[at:start].strip() or code.text[end : end + 1] not in ("\n", ""):
        raise FixError("what has to go shares its line with something else")
    return Splice(at, end + 1, "")


def closed_cookie_by_name(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A flag of a cookie that is assigned, or held by a name, is on; so are the last two of gin's SetCookie."""
    if code.language != "go" or cwe not in ("CWE-1004", "CWE-614", "CWE-311"):
        return
    splices = list[Splice]()
    for node in code.on(first, last):
        if node.type == "assignment_statement":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if re.search(r"\.(?:HttpOnly|Secure)$", code.source(left)) and right is not None:
                splices += _turned_on(code, right)
        elif node.type == "keyed_element" and len(node.named_children) == 2:
            if code.source(node.named_children[0]) in ("HttpOnly", "Secure"):
                splices += _turned_on(code, node.named_children[1])
        elif (call := code.call(node)) is not None and call.name.endswith(".SetCookie") and len(call.args) == 7:
            splices += [one for arg in call.args[5:] for one in _turned_on(code, arg)]
    if splices:
        told = "The cookie is sent over TLS only, and scripts cannot read it."
        yield Proposal("cookie-flags", blocks_of(code.text, [*dict.fromkeys(splices)]), told)


def _turned_on(code: TreeCode, node: "Node") -> list[Splice]:
    """`false`, or the one place that gives it to a name that is used for nothing else."""
    while node.type in ("expression_list", "literal_element") and len(node.named_children) == 1:
        node = node.named_children[0]
    if code.source(node) == "false":
        return [code.put(node, "true")]
    given = given_to(code, node) if node.type == "identifier" else None
    return [code.put(given, "true")] if given is not None and code.source(given) == "false" else []


_NUMBERED = ("short_var_declaration", "assignment_statement", "var_spec", "const_spec")


def longer_key_by_name(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """The size of an RSA key that a name holds is 2048 bits where it gets its value."""
    if code.language != "go" or cwe != "CWE-326":
        return
    for call in code.calls(first, last):
        if not re.search(r"\bGenerate(?:MultiPrime)?Key$", call.name) or call.args[-1].type != "identifier":
            continue
        name = code.source(call.args[-1])
        for each in code.within(code.tree.root_node, *_NUMBERED):
            left = each.child_by_field_name("left") or each.child_by_field_name("name")
            right = each.child_by_field_name("right") or each.child_by_field_name("value")
            near = code.scope(each).id in (code.scope(call.node).id, code.tree.root_node.id)
            if (
                code.source(left) == name
                and right is not None
                and near
                and re.fullmatch(r"\d{3,4}", code.source(right))
            ) and int(code.source(right)) < 2048:
                told = "NIST SP 800-131A asks for 2048 bits."
                yield Proposal("longer-key", blocks_of(code.text, [code.put(right, "2048")]), told)


def made_temporary(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """os.Create of a name in /tmp becomes os.CreateTemp, whose name nobody can take first."""
    if code.language != "go" or cwe not in ("CWE-377", "CWE-378", "CWE-379"):
        return
    for call in code.calls(first, last):
        text = code.source(call.args[0]).strip('"`') if call.args and call.args[0].type in STRINGS else ""
        found = re.fullmatch(r"/(?:usr/|var/)?tmp/([\w.-]{1,80})", text)
        if call.name == "os.Create" and found and len(call.args) == 1:
            told = "The file is made with a name that nobody can guess or take first; ask the file for it with Name()."
            new = f'os.CreateTemp("", "{found[1]}-*")'
            yield Proposal("made-temporary-file", blocks_of(code.text, [code.put(call.node, new)]), told)


_TYPED = {"HTML": "HTMLEscapeString", "JS": "JSEscapeString", "JSStr": "JSEscapeString", "URL": "URLQueryEscaper"}


def escaped_type(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """template.HTML and its like tell the template that a text is safe; it is made so."""
    if code.language != "go" or cwe not in ("CWE-79", "CWE-80"):
        return
    for call in code.calls(first, last):
        module, _, kind = call.name.rpartition(".")
        if module.endswith("template") and kind in _TYPED and len(call.args) == 1:
            text = text_of(code, call.args[0])
            if text.node is not call.args[0] or any(isinstance(p, str) and "<" in p for p in text.pieces):
                raise FixError(
                    "markup and values are joined here; write the markup in the template and escape the values"
                )
            new = f"{module}.{_TYPED[kind]}({code.source(call.args[0])})"
            told = "The text is escaped before the template is told that it is safe."
            yield Proposal("escaped-type", blocks_of(code.text, [code.put(call.args[0], new)]), told)


REWRITES = (drawn, closed_cookie_by_name, longer_key_by_name, made_temporary, escaped_type)
"""In the order in which they are tried."""
