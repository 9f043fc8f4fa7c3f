"""Rewrites of Python code that reads XML or writes HTML: parsers without entities, values escaped."""

import ast
import re
from collections.abc import Iterator

import libcst

from secassist.fixing._draft import Draft
from secassist.fixing._python.calls import keyword, set_keyword
from secassist.fixing._python.text import Part, dynamic, joined, literal, parts_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.markup import escaping_helps
from secassist.fixing.python_code import PythonCode

_XML = {
    "xml.etree.ElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser", "XMLTreeBuilder"),
    "xml.etree.cElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser", "XMLTreeBuilder"),
    "xml.dom.minidom": ("parse", "parseString"),
    "xml.dom.pulldom": ("parse", "parseString"),
    "xml.dom.expatbuilder": ("parse", "parseString"),
    "xml.dom.expatreader": ("create_parser",),
    "xml.sax": ("parse", "parseString", "make_parser"),
    "xml.sax.expatreader": ("create_parser",),
}


_DEFUSED = {
    "xml.etree.cElementTree": "defusedxml.ElementTree",
    "xml.etree.ElementTree": "defusedxml.ElementTree",
    "xml.dom.minidom": "defusedxml.minidom",
    "xml.dom.pulldom": "defusedxml.pulldom",
    "xml.dom.expatbuilder": "defusedxml.expatbuilder",
    "xml.dom.expatreader": "defusedxml.expatreader",
    "xml.sax": "defusedxml.sax",
    "xml.sax.expatreader": "defusedxml.expatreader",
}
_DEFUSED_TOLD = (
    "defusedxml refuses entities, so a document can neither read files nor grow without end; install the package."
)


def defused_xml(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Parsers of the standard library give way to those of defusedxml; those of lxml get a strict one."""
    for call in code.calls(first, last):
        module, _, name = code.name(call.func).rpartition(".")
        if name in _XML.get(module, ()):
            draft = Draft(code, "defused-xml", _DEFUSED_TOLD)
            draft.replace(call.func, f"{draft.module(_DEFUSED[module])}.{name}")
            draft.no_longer(call.func)
            yield draft.proposal()
        elif module == "lxml.etree" and name in ("parse", "fromstring", "XML") and len(call.args) == 1:
            draft = Draft(code, "no-entities", "The parser neither resolves entities nor uses the network.")
            inner = code.source(call.func).rpartition(".")[0]
            if inner and not keyword(call, "parser"):
                set_keyword(draft, call, "parser", f"{inner}.XMLParser(resolve_entities=False, no_network=True)")
                yield draft.proposal()
        elif name == "setFeature" and len(call.args) == 2 and _is_true(call.args[1]):
            draft = Draft(code, "no-entities", "The parser does not fetch external entities.")
            draft.replace(call.args[1], "False")
            yield draft.proposal()


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


_SAFE_CLASSES = re.compile(r"(?:^|\.)(?:mark_safe|Markup|SafeText|SafeString|SafeUnicode)$")
_ANSWERS = re.compile(r"(?:HttpResponse|make_response|Response)$")
_WITH_MARKUPSAFE = frozenset({"flask", "jinja2", "markupsafe", "quart", "werkzeug", "mako", "flask_restful"})
_TOLD = "What comes from elsewhere is escaped for HTML before it is shown."


def escaped_markup(code: PythonCode, first: int, last: int) -> Iterator[Proposal]:
    """Values in HTML that a function returns, or that are declared safe, are escaped."""
    library = _escaping_library(code)
    for call in code.calls(first, last):
        if _SAFE_CLASSES.search(code.name(call.func)) and len(call.args) == 1 and not call.keywords:
            yield from _declared(code, call, library if library != "html" else "markupsafe")
    for node in code.on(first, last):
        if isinstance(node, ast.Return) and node.value is not None:
            yield from _escaping(code, "escaped-output", _body_of_answer(code, node.value), library)


def _escaping_library(code: PythonCode) -> str:
    """Where `escape` is taken from: what the framework brings along, else the standard library."""
    tops = {full.partition(".")[0] for full in code.imports.values()}
    if "django" in tops:
        return "django.utils.html"
    return "markupsafe" if tops & _WITH_MARKUPSAFE else "html"


def _declared(code: PythonCode, call: ast.Call, library: str) -> Iterator[Proposal]:
    """What is declared safe: only the written text is, and the values put into it are escaped by its own `format`."""
    given = call.args[0]
    parts = parts_of(given)
    if isinstance(given, ast.Constant):
        return
    _refuse_code(parts)
    draft = Draft(code, "escaped-markup", _TOLD)
    if parts is None:
        draft.replace(call, f"{draft.member(library, 'escape')}({code.source(given)})")
        draft.no_longer(call.func)
    elif dynamic(parts):
        pieces = joined(parts)
        text = "".join(p.replace("{", "{{").replace("}", "}}") if isinstance(p, str) else "{}" for p in pieces)
        values = ", ".join(code.source(p) for p in pieces if not isinstance(p, str))
        shown = literal(text, code.source(given))
        if library == "markupsafe":
            draft.replace(call, f"{code.source(call.func)}({shown}).format({values})")
        else:
            draft.replace(call, f"{draft.member(library, 'format_html')}({shown}, {values})")
            draft.no_longer(call.func)
    if draft.splices:
        yield draft.proposal()


def _refuse_code(parts: list[Part] | None) -> None:
    """Raises FixError where a value would stand in a script, a style, an address or a bare attribute."""
    before = ""
    for part in joined(parts or []):
        if not isinstance(part, str) and not escaping_helps(before):
            raise FixError("a value stands where the page reads code or an address; escaping does not make that safe")
        before += part if isinstance(part, str) else "x"


def _body_of_answer(code: PythonCode, node: ast.expr) -> ast.expr:
    answers = isinstance(node, ast.Call) and bool(node.args) and bool(_ANSWERS.search(code.name(node.func)))
    return node.args[0] if answers and isinstance(node, ast.Call) else node


def _escaping(code: PythonCode, name: str, node: ast.expr, library: str) -> Iterator[Proposal]:
    """One proposal that escapes each value of a built string, or the whole where it is one value of the request."""
    parts = parts_of(node)
    one = isinstance(node, ast.Name) or "request" in code.source(node)
    if not dynamic(parts) and not (parts is None and one):
        return
    _refuse_code(parts)
    draft = Draft(code, name, _TOLD)
    escape = draft.member(library, "escape")
    opened, closed = (f"{escape}(str(", "))") if library == "html" else (f"{escape}(", ")")
    if isinstance(node, ast.JoinedStr):
        tree = libcst.parse_expression(code.source(node))
        escaped = tree.visit(_Wrapping(opened, closed))
        if isinstance(escaped, libcst.BaseExpression):
            draft.replace(node, libcst.Module(body=[]).code_for_node(escaped))
    else:
        for value in [part for part in parts or [node] if not isinstance(part, str)]:
            draft.replace(value, f"{opened}{code.source(value)}{closed}")
    if draft.splices:
        yield draft.proposal()


class _Wrapping(libcst.CSTTransformer):
    """Puts every value of an f-string between two texts; the rest of it stays as it is written."""

    def __init__(self, opened: str, closed: str) -> None:
        super().__init__()
        self.opened, self.closed = opened, closed

    def leave_FormattedStringExpression(  # noqa: N802 - the library's name
        self,
        original_node: libcst.FormattedStringExpression,  # noqa: ARG002 - the library's signature
        updated_node: libcst.FormattedStringExpression,
    ) -> libcst.FormattedStringExpression:
        """The value, wrapped."""
        value = libcst.Module(body=[]).code_for_node(updated_node.expression)
        return updated_node.with_changes(expression=libcst.parse_expression(f"{self.opened}{value}{self.closed}"))
