"""Rewrites of one call, constant or option in JavaScript, Java, Go, PHP, C, C++ and C#, where they are safe and local."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing.blocks import Splice
from secassist.fixing.markup import escaping_helps
from secassist.fixing.tree_code import STRINGS, Call, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

Splices = list[Splice]
JS = frozenset({"javascript", "typescript"})
C = frozenset({"c", "cpp"})
HASH = frozenset({"CWE-327", "CWE-328", "CWE-916"})
RANDOM = frozenset({"CWE-330", "CWE-331", "CWE-335", "CWE-338"})
TLS = frozenset({"CWE-295", "CWE-297", "CWE-327"})
BUFFER = frozenset({"CWE-119", "CWE-120", "CWE-121", "CWE-122", "CWE-242", "CWE-676", "CWE-787"})
COOKIE = frozenset({"CWE-614", "CWE-1004", "CWE-311"})


@dataclass(frozen=True)
class CallRule:
    """For calls of this name in these languages: `make` gives the edits, empty where it cannot."""

    name: str
    languages: frozenset[str]
    cwes: frozenset[str]
    called: re.Pattern[str]
    make: Callable[[TreeCode, Call], Splices]
    told: str


def whole(template: str) -> Callable[[TreeCode, Call], Splices]:
    """The call becomes the template with {0}, {1} for its arguments and {all} for all of them."""

    def make(code: TreeCode, call: Call) -> Splices:
        args = [code.source(arg) for arg in call.args]
        needed = [int(number) for number in re.findall(r"\{(\d)\}", template)]
        if needed and max(needed) >= len(args):
            return []
        new = re.sub(r"\{(\d|all)\}", lambda m: ", ".join(args) if m[1] == "all" else args[int(m[1])], template)
        return [code.put(call.node, new)]

    return make


def string_to(old: str, new: str) -> Callable[[TreeCode, Call], Splices]:
    """A string argument that matches becomes another, in the same quotes."""
    pattern = re.compile(old, re.IGNORECASE)

    def make(code: TreeCode, call: Call) -> Splices:
        found = []
        for arg in call.args:
            text = code.source(arg)
            if arg.type in STRINGS and pattern.fullmatch(text[1:-1]):
                found.append(code.put(arg, f"{text[0]}{new}{text[-1]}"))
        return found

    return make


def number_to(most: int, new: str) -> Callable[[TreeCode, Call], Splices]:
    """A decimal number below `most` becomes `new`."""

    def make(code: TreeCode, call: Call) -> Splices:
        numbers = [arg for arg in call.args if re.fullmatch(r"\d{2,5}", code.source(arg))]
        return [code.put(arg, new) for arg in numbers if int(code.source(arg)) < most]

    return make


def owner_mode(code: TreeCode, call: Call) -> Splices:
    """Rights for everybody become rights for the owner."""
    new = "0700" if "dir" in call.name.lower() else "0600"
    return [code.put(arg, new) for arg in call.args if re.fullmatch(r"0o?[0-7]{3,4}", code.source(arg))]


def go_hash(code: TreeCode, call: Call) -> Splices:
    old, _, function = call.name.partition(".")
    new = {"Sum": "sha256.Sum256", "New": "sha256.New"}.get(function)
    return [code.put(call.callee, new), *go_imports(code, "crypto/sha256", f"crypto/{old}")] if new else []


def go_escaped(code: TreeCode, call: Call) -> Splices:
    """Texts that are written into a page go through html.EscapeString."""
    values, before = list["Node"](), ""
    if call.name.endswith(".Write") and len(call.args) == 1 and code.source(call.args[0]).startswith("[]byte("):
        values = [call.args[0].named_children[-1]]
    elif call.name in ("fmt.Fprintf", "fmt.Fprint", "io.WriteString", "fmt.Fprintln") and len(call.args) > 1:
        verbs = re.findall(r"%[^%]", code.source(call.args[1])) if call.name == "fmt.Fprintf" else []
        formed = call.name == "fmt.Fprintf" and call.args[1].type in STRINGS
        if formed and len(verbs) == len(call.args) - 2 and set(verbs) <= {"%s", "%v"}:
            values = list(call.args[2:])
            before = re.split(r"%[sv]", code.source(call.args[1]))[0]
        elif not formed:
            values = [arg for arg in call.args[1:] if arg.type not in STRINGS]
    values = [inner for v in values for inner in (v.named_children if v.type == "argument_list" else [v])]
    if (
        not values
        or not escaping_helps(before)
        or any(v.type in STRINGS or "EscapeString" in code.source(v) for v in values)
    ):
        return []
    if call.name.endswith(".Write"):
        new = f"io.WriteString({call.name.removesuffix('.Write')}, html.EscapeString({code.source(values[0])}))"
        return [code.put(call.node, new), *go_imports(code, "html", more="io")]
    return [*(code.put(v, f"html.EscapeString({code.source(v)})") for v in values), *go_imports(code, "html")]


def _array_size(code: TreeCode, node: "Node", element: str = "char") -> int | None:
    """The size of a local array of these elements ("" for any), if it is declared by a number here; 0 for another constant."""
    name = code.source(node)
    for declared in code.within(code.scope(node), "array_declarator"):
        inner = declared.child_by_field_name("declarator")
        above = declared.parent
        kind = code.source(above.child_by_field_name("type")) if above is not None else ""
        if code.source(inner) == name and above is not None and above.type in ("declaration", "init_declarator"):
            holder = above if above.type == "declaration" else above.parent
            kind = code.source(holder.child_by_field_name("type")) if holder is not None else kind
            size = code.source(declared.child_by_field_name("size"))
            if kind.split()[-1:] == [element] or not element:
                return int(size) if size.isdigit() else 0
    return None


def bounded(template: str, element: str = "char") -> Callable[[TreeCode, Call], Splices]:
    """As `whole`, where the first argument is a local array, whose size the compiler knows."""

    def make(code: TreeCode, call: Call) -> Splices:
        if not call.args or call.args[0].type != "identifier" or _array_size(code, call.args[0], element) is None:
            return []
        rest = ", ".join(code.source(arg) for arg in call.args[1:])
        return whole(
            template.replace("{name}", call.name).replace("{rest}", rest.replace("{", "{{") if "{" in rest else rest)
        )(code, call)

    return make


WIDE_COPY = 'swprintf({0}, sizeof({0}) / sizeof({0}[0]), L"%ls", {1})'
WIDE_JOIN = "wcsncat({0}, {1}, sizeof({0}) / sizeof({0}[0]) - wcslen({0}) - 1)"


def format_first(position: int, form: str = '"%s"') -> Callable[[TreeCode, Call], Splices]:
    """A format that is not written there is printed as text."""

    def make(code: TreeCode, call: Call) -> Splices:
        if len(call.args) != position + 1 or call.args[position].type in (*STRINGS, "concatenated_string"):
            return []
        start = code.span(call.args[position])[0]
        return [Splice(start, start, f"{form}, ")]

    return make


def scanned(code: TreeCode, call: Call) -> Splices:
    """scanf of a word into a local array reads no more than fits."""
    text = code.source(call.args[0]) if len(call.args) == 2 else ""
    size = _array_size(code, call.args[1]) if text == '"%s"' and call.args[1].type == "identifier" else None
    return [code.put(call.args[0], f'"%{size - 1}s"')] if size and size > 1 else []


def csharp_hash(code: TreeCode, call: Call) -> Splices:
    """Construction or Create(); a declared type goes along."""
    space = re.match(r"(?:\w+\.)*(?=(?:MD5|SHA1))", call.name)
    found = [code.put(call.node, f"{space[0] if space else ''}SHA256.Create()")]
    above = call.node.parent
    while above is not None and above.type not in ("variable_declaration", "block", "declaration_list"):
        above = above.parent
    kind = above.child_by_field_name("type") if above is not None and above.type == "variable_declaration" else None
    if kind is not None and re.fullmatch(r"(?:MD5|SHA1)\w*|HashAlgorithm", code.source(kind)):
        found += [] if code.source(kind) == "HashAlgorithm" else [code.put(kind, "SHA256")]
    return found


def java_hash(code: TreeCode, call: Call) -> Splices:
    """Guava's and Commons' functions by the name of the stronger one."""
    name = call.name.rpartition(".")[2]
    new = re.sub(r"(?i)md5|sha1?(?!\d)", lambda m: "Sha256" if m[0][0].isupper() else "sha256", name)
    end = code.span(call.callee)[1]
    return [Splice(end - len(name), end, new)]


def newer_protocols(code: TreeCode, call: Call) -> Splices:
    """Old protocol versions among the strings of a call become TLS 1.2."""
    texts = [n for arg in call.args for n in ([arg] if arg.type in STRINGS else code.within(arg, "string_literal"))]
    return [
        code.put(n, '"TLSv1.2"')
        for n in texts
        if re.fullmatch(r'"(?:SSL|SSLv[23]|TLSv1|TLSv1\.1|TLS)"', code.source(n))
    ]


def php_random(code: TreeCode, call: Call) -> Splices:
    """With the same bounds; without them those of rand."""
    args = ", ".join(code.source(arg) for arg in call.args) or "0, getrandmax()"
    return [code.put(call.node, f"random_int({args})")]


def flag_on(code: TreeCode, call: Call) -> Splices:
    """false becomes true."""
    return [code.put(arg, "true") for arg in call.args if code.source(arg) == "false"]


def as_text(code: TreeCode, call: Call) -> Splices:
    """jQuery's html(x) becomes text(x), unless x is markup."""
    if any("<" in code.source(arg) for arg in call.args):
        return []
    end = code.span(call.callee)[1]
    return [Splice(end - len("html"), end, "text")] if len(call.args) == 1 else []
