"""What names say: calls that end a function, types that are numbers, variables that something in a file can set."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.detectors._flow.value import Value
from secassist.parsing.forms import Form, Program

ENDS: Final = frozenset({
    "exit", "die", "abort", "sys.exit", "os.exit", "os.Exit", "process.exit", "System.exit", "log.Fatal", "panic", "quit",
    "flask.abort", "_exit",
})  # fmt: skip
"""Calls that do not come back."""
WAITS: Final = frozenset({"sleep", "Sleep", "usleep"})
"""Calls that only wait for as long as they are told."""
NUMERIC_TYPES: Final = frozenset({
    "int", "integer", "float", "double", "bool", "boolean", "long", "short", "uint", "uint32", "uint64", "int64", "int32",
    "decimal", "real", "guid",
})  # fmt: skip
SHELL: Final = re.compile(r"(?:^|[/\\])(?:sh|bash|cmd(?:\.exe)?|powershell(?:\.exe)?|zsh)$")
"""Programs that read what they are given as commands."""
OWNED: Final = re.compile(
    r"^(?:DateTime(?:Offset)?|Environment|Guid|String|CultureInfo|App(?:Context|Domain))$|"
    r"(?:Settings|Config|Configuration|Options|Constants|Defaults|Resources)$"
)
"""Classes of C# whose members the program decides."""
ADDRESS: Final = re.compile(r"\b(?:URL|RequestURI|Host)(?:\.(?:Path|Host|String|EscapedPath|RequestURI))?$")
"""How code in Go calls the address under which a request came."""
ADDRESS_KEPT: Final = frozenset({
    "String", "EscapedPath", "RequestURI", "Clean", "Join", "Sprintf", "Sprint", "TrimSuffix", "TrimRight", "ToLower",
})  # fmt: skip
"""Calls that leave an address an address of the same site."""
ADDRESS_HEADS: Final = frozenset({"split", "substring", "substr", "slice"})
"""Calls that leave the head of an address, where they begin at its first character."""
ADDRESS_PARTS: Final = frozenset(
    {"RawQuery", "Fragment", "RawFragment", "Opaque", "User", "ForceQuery", "hash", "search"}
)
OWN_ADDRESS: Final = re.compile(r"(?:^|\.)location(?:\.(?:href|pathname))?$|\bdocument\.(?:URL|documentURI)$")
"""How a script calls the address of the page that it runs in."""
OWN_PART: Final = re.compile(r"self\.(?:path|headers|rfile)\b")
"""What a request handler of Python's library holds of a request, and any other object of its own."""
_HIDDEN: Final = frozenset(
    {
        "include",
        "include_once",
        "require",
        "require_once",
        "extract",
        "parse_str",
        "mb_parse_str",
        "import_request_variables",
    }
)
"""Calls that make variables whose names are not written in the file."""


def names_given(program: Program) -> frozenset[str]:
    """Names that something may set, by assignment, by reference or as parameter; "*" where any name may be set."""
    found: set[str] = set()
    for form in every(program.body):
        if form.kind in {"assign", "loop"}:
            found |= {name for part in form.parts for name in _names(part)}
        elif form.kind == "param":
            found.add(form.text)
        elif form.kind == "call":
            found |= {"*"} if form.path in _HIDDEN else {name for part in form.parts for name in _names(part)}
        elif form.kind == "other":  # global, static, references, unset and what else names a variable without a value
            found |= {name for part in form.parts for name in _names(part)}
    return frozenset(found)


def told(value: Value) -> str:
    """What is said by a constant in lower case, by the constant that a function gives back, and by a text around its gaps."""
    if value.function is not None:
        only = value.function.body[0] if len(value.function.body) == 1 else value.function
        return only.base.text if only.kind == "return" and only.base is not None and only.base.kind == "const" else ""
    return str(value.const).lower() if value.known else f"{value.before} {value.after}".lower()


def serves(program: Program) -> bool:
    """Whether a file of Python holds a handler of its library's HTTP server."""
    modules = any(
        full.startswith(("http.server", "BaseHTTPServer", "SimpleHTTPServer")) for full in program.imports.values()
    )
    return modules or any(name.startswith("do_") and name[3:].isupper() for name in program.functions)


def names_changed(program: Program) -> frozenset[str]:
    """Names that functions assign to; a variable of the file that is called so may hold something else later."""
    assigned = (form for function in program.definitions for form in every(function.body) if form.kind == "assign")
    return frozenset(name for form in assigned for part in form.parts for name in _names(part))


def every(forms: tuple[Form, ...]) -> Iterator[Form]:
    """These forms and all that stand in them, in no order."""
    waiting = list(forms)
    while waiting:
        form = waiting.pop()
        yield form
        waiting += [*form.parts, *form.body, *form.orelse]
        if form.base is not None:
            waiting.append(form.base)


def _names(form: Form) -> Iterator[str]:
    """The variable that is written by setting this: itself, or what it is a part of."""
    inner = form
    while inner.kind in {"attr", "index"} and inner.base is not None:
        inner = inner.base
    if inner.kind == "name":
        yield inner.text
    for part in inner.parts if inner.kind in {"pattern", "list", "map", "pair"} else ():
        yield from _names(part)
