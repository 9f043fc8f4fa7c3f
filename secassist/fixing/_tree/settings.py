"""Settings around a sink in Java and C#: parsers without document types, tokens asked for, secrets from the environment."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import STRINGS, Call, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

_DOCTYPE = 'setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);'
_NO_ACCESS = 'setAttribute(javax.xml.XMLConstants.ACCESS_EXTERNAL_DTD, "");'
_HARDENED: tuple[tuple[str, str], ...] = (
    (
        r"DocumentBuilderFactory|SAXParserFactory|SAXBuilder|SAXReader|XMLReader|XMLReaderFactory|SAXParser|Digester",
        _DOCTYPE,
    ),
    (r"XMLInputFactory", "setProperty(javax.xml.stream.XMLInputFactory.SUPPORT_DTD, false);"),
    (r"TransformerFactory|SAXTransformerFactory", _NO_ACCESS),
    (r"SchemaFactory|Validator|SchemaFactoryLoader", _NO_ACCESS.replace("setAttribute", "setProperty")),
)
_XML = frozenset({"CWE-611", "CWE-776", "CWE-827"})
_XML_TOLD = "The parser refuses document types, so no document can name entities that it would fetch or multiply."
_DEEPEST = 6


def strict_parser(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Java: the factory of the parser that is used on these lines refuses document types, right where it is made."""
    if code.language != "java" or cwe not in _XML:
        return
    names = [(c.node, c.name.rpartition(".")[0]) for c in code.calls(first, last) if not c.made and "." in c.name]
    names += [
        (n, code.source(n.child_by_field_name("name"))) for n in code.on(first, last) if n.type == "variable_declarator"
    ]
    for node, called in names:
        made = _made_at(code, node, called)
        if made is None:
            continue
        name, statement, row = made
        start, end = code.span(statement)
        lead = code.lead(start)
        first_char, last_char = code.span(code.scope(statement))
        off = re.compile(
            rf"\b{re.escape(name)}\.setFeature\(\s*\"[^\"]*disallow-doctype-decl\"\s*,\s*(false)\s*\)"
        ).search(code.text, first_char, last_char)
        if off:
            splices = [Splice(off.start(1), off.end(1), "true")]
        elif lead.strip():
            raise FixError("the parser is not made on a line of its own")
        else:
            splices = [Splice(end, end, f"\n{lead}{name}.{row}")]
        yield Proposal("no-document-types", blocks_of(code.text, splices), _XML_TOLD)
        return


def _made_at(code: TreeCode, node: "Node", name: str) -> "tuple[str, Node, str] | None":
    """Name, statement and hardening of the factory from which a parser comes, through the names that lead to it."""
    for _ in range(_DEEPEST):
        given = _declared(code, node, name)
        if given is None:
            return None
        kind, value, statement = given
        for pattern, row in _HARDENED:
            if re.search(rf"\b(?:{pattern})\b", f"{kind} {value.partition('(')[0]}") and not re.match(
                r"\w+\.(?:new|get)\w*\(", value
            ):
                return name, statement, row
        for pattern, row in _HARDENED:
            if re.search(rf"\b(?:{pattern})\b", kind):
                inner = re.match(r"(\w+)\.(?:new|get|create)\w*\(", value)
                if inner and inner[1][:1].islower():
                    name = inner[1]
                    break
                return name, statement, row
        else:
            inner = re.match(r"(\w+)\.(?:new|get|create)\w*\(", value)
            if not inner or not inner[1][:1].islower():
                return None
            name = inner[1]
    return None


def _declared(code: TreeCode, node: "Node", name: str) -> "tuple[str, str, Node] | None":
    """Type, value and statement of the declaration of a local name."""
    for each in code.within(code.scope(node), "local_variable_declaration"):
        for inner in code.within(each, "variable_declarator"):
            value = inner.child_by_field_name("value")
            if code.source(inner.child_by_field_name("name")) == name and value is not None:
                return code.source(each.child_by_field_name("type")), code.source(value), each
    return None


_READERS = re.compile(
    r"^(?:XmlDocument|XmlTextReader|XmlReaderSettings|XmlDataDocument)$|\.(?:XmlDocument|XmlTextReader)$"
)


def strict_reader(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """C#: readers of XML are made without a resolver, or with document types refused."""
    if code.language != "csharp" or cwe not in _XML:
        return
    for call in code.calls(first, last):
        if not call.made or not _READERS.search(call.name):
            continue
        if call.name.endswith("XmlTextReader"):
            yield _created_reader(code, call)
            continue
        wanted = ["XmlResolver = null"] + ["DtdProcessing = DtdProcessing.Prohibit"] * ("Document" not in call.name)
        held = next((child for child in call.node.children if child.type == "initializer_expression"), None)
        end = code.span(call.node)[1]
        if held is not None:
            wanted = [each for each in wanted if each.split()[0] not in code.source(held)]
            if not wanted:
                continue
            at = code.span(held)[0] + 1
            splice = Splice(at, at, f" {', '.join(wanted)},")
        else:
            start = end - 2 if not call.args and code.text[end - 2 : end] == "()" else end
            splice = Splice(start, end, f" {{ {', '.join(wanted)} }}")
        yield Proposal("no-entities", blocks_of(code.text, [splice]), "The reader fetches no external entities.")


_ONLY_TEXT_READER = re.compile(
    r"\.(?:WhitespaceHandling|Normalization|Namespaces|ResetState|GetRemainder|Line(?:Number|Position)|EntityHandling|Encoding)\b"
)


def _created_reader(code: TreeCode, call: Call) -> Proposal:
    """XmlTextReader, which .NET keeps for old code only, by XmlReader.Create with settings that refuse document types."""
    if len(call.args) != 1 or _ONLY_TEXT_READER.search(code.source(code.scope(call.node))):
        raise FixError(
            "the reader is used in ways that only XmlTextReader has; set DtdProcessing and XmlResolver by hand"
        )
    space = call.name.removesuffix("XmlTextReader")
    settings = f"new {space}XmlReaderSettings {{ DtdProcessing = {space}DtdProcessing.Prohibit, XmlResolver = null }}"
    splices = [code.put(call.node, f"{space}XmlReader.Create({code.source(call.args[0])}, {settings})")]
    above = call.node.parent
    while above is not None and above.type not in ("variable_declaration", "block", "declaration_list"):
        above = above.parent
    kind = above.child_by_field_name("type") if above is not None and above.type == "variable_declaration" else None
    if kind is not None and code.source(kind).endswith("XmlTextReader"):
        splices.append(code.put(kind, code.source(kind).replace("XmlTextReader", "XmlReader")))
    return Proposal("created-reader", blocks_of(code.text, splices), _XML_TOLD)


def asked_token(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """C#: an action that changes something asks for the token that only pages of this site have."""
    if code.language != "csharp" or cwe != "CWE-352":
        return
    lines = code.text.split("\n")
    for number in range(first, min(last, len(lines)) + 1):
        found = re.match(r"\s*\[Http(?:Post|Put|Delete|Patch)\b(?:\([^\]]*\))?(?=\]\s*$)", lines[number - 1])
        if found:
            at = sum(len(line) + 1 for line in lines[: number - 1]) + found.end()
            told = (
                "The action answers only to forms that carry the site's own token; pages need @Html.AntiForgeryToken()."
            )
            yield Proposal("asked-token", blocks_of(code.text, [Splice(at, at, ", ValidateAntiForgeryToken")]), told)
            return


def closed_cookie(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Go: a cookie that is made on these lines goes over TLS only, out of scripts' reach."""
    if code.language != "go" or cwe not in ("CWE-1004", "CWE-614", "CWE-311"):
        return
    for node in code.on(first, last):
        body = node.child_by_field_name("body")
        if (
            node.type != "composite_literal"
            or body is None
            or code.source(node.child_by_field_name("type")) != "http.Cookie"
        ):
            continue
        text, start = code.source(body), code.span(body)[0]
        off = [m for name in ("HttpOnly", "Secure") for m in re.finditer(rf"\b{name}:\s*(false)\b", text)]
        splices = [Splice(start + m.start(1), start + m.end(1), "true") for m in off]
        missing = [f"{name}: true" for name in ("HttpOnly", "Secure") if f"{name}:" not in text]
        if missing:
            splices.append(
                Splice(
                    start + 1,
                    start + 1,
                    ", ".join(missing) + ("," if text[1:2] == "\n" else ", " if text != "{}" else ""),
                )
            )
        if splices:
            yield Proposal(
                "cookie-flags",
                blocks_of(code.text, splices),
                "The cookie is sent over TLS only, and scripts cannot read it.",
            )
            return


_SECRET = frozenset({"CWE-798", "CWE-259", "CWE-321", "CWE-547"})
_TELLING = re.compile(
    r"(?i)passw|pwd|secret|token|api_?key|apikey|auth|credential|private|access|passphrase|key$|_key|pass$|salt"
)
_ENVIRONMENT = {
    "go": 'os.Getenv("{}")',
    "java": 'System.getenv("{}")',
    "javascript": "process.env.{}",
    "typescript": "process.env.{}",
    "php": "getenv('{}')",
    "csharp": 'System.Environment.GetEnvironmentVariable("{}")',
}
_FROM_OUTSIDE = (
    "The value is read from the environment. The one that stood here is known to everybody with the code: change it."
)
_PAIRS = {
    "assignment_expression": ("left", "right"),
    "assignment_statement": ("left", "right"),
    "variable_declarator": ("name", "value"),
    "short_var_declaration": ("left", "right"),
    "var_spec": ("name", "value"),
    "pair": ("key", "value"),
    "keyed_element": ("", ""),
    "property_element": ("", ""),
    "array_element_initializer": ("", ""),
    "init_declarator": ("declarator", "value"),
}


def from_environment(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """A secret that is given to a telling name is read from the environment of the process instead."""
    form = _ENVIRONMENT.get(code.language)
    if form is None or cwe not in _SECRET:
        return
    splices = list[Splice]()
    for node in code.on(first, last):
        pair = _pair(code, node)
        if pair is None:
            continue
        name, value = pair
        variable = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).strip("_").upper()
        if _TELLING.search(name) and re.fullmatch(r"[A-Z_][A-Z0-9_]{0,60}", variable):
            above = node.parent
            if above is not None and above.type == "const_spec":
                raise FixError("a constant cannot be read from the environment; make it a variable")
            splices.append(code.put(value, form.format(variable)))
    if splices:
        more = list(go_imports(code, "os")) if code.language == "go" else []
        yield Proposal("from-environment", blocks_of(code.text, [*dict.fromkeys(splices), *more]), _FROM_OUTSIDE)


_WRAPPERS = frozenset({"expression_list", "equals_value_clause", "literal_element"})


def _pair(code: TreeCode, node: "Node") -> "tuple[str, Node] | None":
    """The name and the literal that it is given, where the node gives one."""
    if node.type not in _PAIRS:
        return None
    left, right = (node.child_by_field_name(side) if side else None for side in _PAIRS[node.type])
    if left is None and len(node.named_children) >= 2:
        left, right = node.named_children[0], node.named_children[-1]
    while (
        right is not None
        and right.type in ("expression_list", "equals_value_clause", "literal_element")
        and right.named_children
    ):
        right = right.named_children[-1]
    if left is None or right is None or right.type not in STRINGS or len(code.source(right)) < 4:
        return None
    return re.split(r"[.>:\[]", code.source(left).strip("\"'[]$ "))[-1].strip("\"'$ "), right


REWRITES = (strict_parser, strict_reader, asked_token, closed_cookie, from_environment)
"""In the order in which they are tried."""
