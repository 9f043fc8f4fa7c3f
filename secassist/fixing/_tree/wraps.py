"""Values in texts that other programs read: each is escaped, or held to harmless characters, where it is put in."""
# ruff: noqa: E501 - a row is easier to check in one piece

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secassist.fixing._tree.text import GIVEN, Value, open_quote, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of, together
from secassist.fixing.markup import escaping_helps
from secassist.fixing.tree_code import CALLS, MADE, STRINGS, TreeCode, go_imports

if TYPE_CHECKING:
    from tree_sitter import Node

Form = Callable[[TreeCode, Value], str]
"""How a value is written from now on, with {} for it; "" where it is harmless; raises FixError where nothing helps."""
_DEEPEST = 4
_JS = frozenset({"javascript", "typescript"})
_NUMBERS = frozenset(
    {"integer", "float", "number", "cast_expression", "decimal_integer_literal", "int_literal", "true"}
)


@dataclass(frozen=True)
class Wrap:
    """For calls of this name (or nodes of this type) in these languages: the arguments at `places`, all if none is named."""

    name: str
    languages: frozenset[str]
    cwes: frozenset[str]
    called: re.Pattern[str]
    form: Form
    told: str
    places: frozenset[int] = frozenset()
    needs: str = ""
    """An import that Go needs."""
    nested: bool = False
    """Whether the arguments of calls in the arguments are looked at, too."""
    assigned: re.Pattern[str] | None = None
    """Left sides of assignments that count like the call."""


def wrapped(code: TreeCode, cwe: str, first: int, last: int) -> Iterator[Proposal]:
    """A proposal per sink on these lines."""
    for wrap in WRAPS:
        if code.language not in wrap.languages or cwe not in wrap.cwes:
            continue
        found = list[list[Splice]]()
        for given in _given(code, wrap, first, last):
            try:
                splices = [s for node in given for s in _splices(code, wrap, node)]
                if splices:
                    found.append([*dict.fromkeys(splices)])
            except FixError as error:
                yield Proposal(wrap.name, (), str(error))
        more = list(go_imports(code, wrap.needs)) if wrap.needs and found else []
        for splices in together(found):
            try:
                yield Proposal(wrap.name, blocks_of(code.text, [*splices, *more]), wrap.told)
            except FixError as error:
                yield Proposal(wrap.name, (), str(error))


def _given(code: TreeCode, wrap: Wrap, first: int, last: int) -> Iterator[list["Node"]]:
    """What is handed to each sink on the lines; a text that is built there is followed to where it is used."""
    for node in code.on(first, last):
        call = code.call(node)
        if call is not None and wrap.called.search(call.name):
            chosen = [arg for at, arg in enumerate(call.args) if not wrap.places or at in wrap.places]
            if chosen:
                yield chosen
        elif call is None and wrap.called.search(node.type) and node.named_children:
            yield list(node.named_children)
        elif wrap.assigned is not None and node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and wrap.assigned.search(code.source(left)):
                yield [right]
        elif wrap.assigned is not None and node.type == "pair":
            key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            if (
                key is not None
                and value is not None
                and wrap.assigned.search("." + code.source(key).strip("\"'").lower())
            ):
                yield [value]
        elif node.type in GIVEN and (used := _used(code, wrap, node)):
            yield [used]


def _used(code: TreeCode, wrap: Wrap, node: "Node") -> "Node | None":
    """Where a text that is built on the lines is handed to a sink by name."""
    left = node.child_by_field_name("left") or node.child_by_field_name("name") or node.named_children[0]
    name = code.source(left)
    for each in code.within(code.scope(node), *CALLS, *MADE):
        call = code.call(each)
        if call is not None and each.start_byte > node.start_byte and wrap.called.search(call.name):
            found = next(
                (
                    arg
                    for at, arg in enumerate(call.args)
                    if code.source(arg) == name and (not wrap.places or at in wrap.places)
                ),
                None,
            )
            if found is not None:
                return found
    return None


def _splices(code: TreeCode, wrap: Wrap, node: "Node", depth: int = 0) -> Iterator[Splice]:
    if node.type in STRINGS and node.type not in ("encapsed_string", "template_string"):
        return
    if node.type in ("function_expression", "arrow_function", "anonymous_function", "object", "array"):
        return
    text = text_of(code, node)
    for value in text.values:
        if value.node.type in _NUMBERS or value.node.type in STRINGS:
            continue
        held = code.call(value.node) if not value.before and not value.after and depth < _DEEPEST else None
        if held is not None and wrap.nested and (wrap.form is not _base_js or _JOINS.search(held.name)):
            for arg in held.args:
                yield from _splices(code, wrap, arg, depth + 1)
            continue
        form = wrap.form(code, value)
        name = form.partition("(")[0].rpartition("/")[2].strip("\"'. ")
        if form and not (name and code.source(value.node).startswith(f"{name}(")):
            yield value.put(code, form)


def _always(form: str) -> Form:
    return lambda _code, _value: form


def _html(form: str, strict: str = "") -> Form:
    """Escaped where the page reads text, `strict` where it reads a name, a style or code, which escaping does not make safe."""

    def chosen(code: TreeCode, value: Value) -> str:
        read = code.call(value.node)
        if read is not None and len(read.args) == 1 and read.name.rpartition(".")[2] in ("readFile", "readFileSync"):
            raise FixError("bytes of a file are sent, which escaping would spoil; set their type and nosniff instead")
        before = _page(code, value)
        if escaping_helps(before):
            return form
        if not strict or (
            re.search(r"(?i)<script[^>]{0,200}>[^<]{0,2000}$", before) and not open_quote(before.rpartition(">")[2])
        ):
            raise FixError("a value stands where the page reads code or an address; escaping does not make that safe")
        return strict

    return chosen


def _page(code: TreeCode, value: Value) -> str:
    """What the page holds before the value: in PHP also what stands outside of the tags."""
    if code.language != "php":
        called = next((call for n in _around(value.node) if (call := code.call(n)) is not None), None)
        whole = called is None or not re.search(r"write(?:ln)?$|append$", called.name)
        return f"<p>{value.before}" if whole and "<" not in value.before else value.before
    start = code.text[: code.span(value.node)[0]][-20_000:]
    outside = re.sub(r"<\?(?:php|=)?(?:(?!\?>).)*(?:\?>|\Z)", "", start, flags=re.DOTALL)
    return outside + value.before


def _quoted_sql(code: TreeCode, value: Value) -> str:
    """Within quotes escaped by the driver, as a number where the column is one; refused where it is a name or a piece of SQL."""
    if open_quote(value.before):
        if re.search(r"(?i)\b(?:from|into|update|table|join|order\s+by|group\s+by)\s+['\"`]\s*$", value.before):
            raise FixError("a value stands for a table or a column; only a list of known names makes that safe")
        if "mysqli_" in code.text or "new mysqli" in code.text:
            link = re.search(r"(\$\w+)\s*=\s*(?:mysqli_connect\s*\(|new\s+mysqli\b)", code.text)
            if link is None:
                raise FixError("the connection that would have to quote the value does not show here")
            return f"mysqli_real_escape_string({link[1]}, {{}})"
        if "mysql_" in code.text:
            return "mysql_real_escape_string({})"
        if "pg_" in code.text:
            return "pg_escape_string({})"
        raise FixError("which database it is does not show here")
    if re.search(
        r"(?i)(?:\b\w*(?:id|num|number|count|age|year|page|limit|offset|size|price)\s*(?:=|<|>|<=|>=|!=)|\blimit|\boffset)\s*$",
        value.before,
    ):
        return "(int) ({})"
    raise FixError("whether the value is a number does not show; quote and bind it, or cast it, by hand")


def _header(code: TreeCode, value: Value) -> str:
    """Part of an address is encoded; a whole address stays on this site."""
    called = code.call(next((n for n in _around(value.node) if code.call(n) is not None), value.node))
    if not re.search(r"(?i)location:", value.before) and called is not None and called.name == "header":
        return ""
    alone = re.search(r"(?i)^(?:['\"]?location:)?\s*['\"]?$", value.before) and not value.after.strip("'\" \r\n")
    return "'/' . ltrim({}, \"/\\\\ \\t\\r\\n\")" if alone else "rawurlencode({})"


def _around(node: "Node") -> Iterator["Node"]:
    while node.parent is not None:
        node = node.parent
        yield node


def _page_file(_code: TreeCode, value: Value) -> str:
    return "basename({})" if value.before or value.after else "__DIR__ . '/' . basename({})"


def _ldap_java(code: TreeCode, value: Value) -> str:
    """By the library that the file imports already."""
    dn = "(" not in value.before
    if not value.before and not value.after:
        return ""
    for mark, of_filter, of_name in _LDAP:
        if mark in code.text:
            return of_name if dn else of_filter
    raise FixError("no library of this file escapes for LDAP; add one (Spring LDAP, ESAPI, UnboundID) and its encoder")


_LDAP = (
    (
        "org.owasp.esapi",
        "org.owasp.esapi.ESAPI.encoder().encodeForLDAP({})",
        "org.owasp.esapi.ESAPI.encoder().encodeForDN({})",
    ),
    (
        "org.springframework.ldap",
        "org.springframework.ldap.support.LdapEncoder.filterEncode({})",
        "org.springframework.ldap.support.LdapEncoder.nameEncode({})",
    ),
    (
        "com.unboundid.ldap",
        "com.unboundid.ldap.sdk.Filter.encodeValue({})",
        "com.unboundid.ldap.sdk.Filter.encodeValue({})",
    ),
)


def _ldap_php(_code: TreeCode, value: Value) -> str:
    if not value.before and not value.after:
        raise FixError("the whole filter comes from elsewhere")
    return "ldap_escape({}, '', LDAP_ESCAPE_FILTER)"


_JOINS = re.compile(r"^\w*[pP]ath\w*\.(?:join|resolve|normalize)$")


def _base_js(code: TreeCode, value: Value) -> str:
    """The last part of a name; the folder to which it is joined stays, and options and handlers are no names."""
    called = next((call for n in _around(value.node) if (call := code.call(n)) is not None), None)
    if called is None or not called.args:
        return ""
    joined = _JOINS.search(called.name)
    first = value.node.start_byte < called.args[0].end_byte
    if not joined and not first:
        return ""
    if joined and first and not value.before and any(arg.type not in STRINGS for arg in called.args[1:]):
        return ""
    if value.after and not value.before and "\0" in value.after:
        return ""
    if re.search(r"\bpath\s*=\s*require\s*\(|\bimport\s+(?:\*\s+as\s+)?path\b", code.text):
        return "path.basename(String({}))"
    if re.search(r"(?m)^import\s", code.text):
        raise FixError("the module path is not imported here; import it and take path.basename of the name")
    return 'require("path").basename(String({}))'


def _code_php(_code: TreeCode, value: Value) -> str:
    if not open_quote(value.before):
        raise FixError("a value is run as code; only reading the few forms that are needed makes that safe")
    return _PHP_STRICT


def _redirect_go(code: TreeCode, value: Value) -> str:
    """The address alone: the writer and the request are no text."""
    called = next((call for n in _around(value.node) if (call := code.call(n)) is not None), None)
    at = (
        next((i for i, a in enumerate(called.args) if a.start_byte <= value.node.start_byte < a.end_byte), 0)
        if called
        else 0
    )
    if (
        called is None
        or (called.name == "http.Redirect" and at != 2)
        or (called.name != "http.Redirect" and len(called.args) < at)
    ):
        return ""
    if value.before:
        return ""
    return '"/"+strings.TrimLeft({}, "/\\\\ \\t\\r\\n")'


def _redirect_java(_code: TreeCode, value: Value) -> str:
    return '"/" + ({}).replaceAll("^[/\\\\\\\\\\\\s]+", "")' if not value.before else ""


def _redirect_csharp(_code: TreeCode, value: Value) -> str:
    return (
        "\"/\" + ({}).TrimStart('/', '\\\\', ' ', '\\t', '\\r', '\\n')"
        if not value.before
        else "System.Uri.EscapeDataString({})"
    )


def _name_only(code: TreeCode, value: Value) -> str:
    """The last part of a name that is joined to a folder; the folder itself stays."""
    called = next((call for n in _around(value.node) if (call := code.call(n)) is not None), None)
    if called is None or not called.args or value.node.start_byte < called.args[0].end_byte:
        return ""
    return {
        "csharp": "System.IO.Path.GetFileName({})",
        "java": "java.nio.file.Paths.get({}).getFileName().toString()",
        "go": "filepath.Base({})",
    }[code.language]


def _redirect_js(_code: TreeCode, value: Value) -> str:
    if value.before.startswith(("/", "http", "?", "#")) and not value.before.startswith("//"):
        return "encodeURIComponent({})"
    return '"/" + String({}).replace(/^[\\\\/\\s]+/, "")' if not value.before else "encodeURIComponent({})"


def _rule(name: str, languages: str, cwes: str, called: str, form: Form, told: str, **more: object) -> Wrap:
    numbers = frozenset(f"CWE-{number}" for number in cwes.split())
    return Wrap(name, frozenset(languages.split()), numbers, re.compile(called), form, told, **more)  # type: ignore[arg-type]


_JS_HTML = 'String({}).replace(/[&<>"\']/g, (c) => "&#" + c.charCodeAt(0) + ";")'
_PHP_STRICT = "preg_replace('/[^A-Za-z0-9_-]/', '', {})"
_NAME_TOLD = (
    "Only the last part of a name is used, so it cannot lead out of the folder; names of folders in it are cut off."
)
_TOLD_HTML = "What comes from elsewhere is escaped for HTML before it is shown."
_TOLD_STRICT = (
    "What comes from elsewhere is escaped for HTML; where the page reads a name, a style or code, only letters, digits, "
    "_ and - of it are kept."
)
WRAPS: tuple[Wrap, ...] = (
    _rule("escaped-statement", "php", "89", r"(?i)^(?:mysqli?_(?:query|db_query|unbuffered_query)|pg_query|.*(?:->|\.)query)$", _quoted_sql,
          "Each value is quoted for the database, or made a number where the column is one; parameters are better still."),
    _rule("escaped-filter", "php", "90", r"^ldap_(?:search|list|read)$", _ldap_php, "Each value is escaped for an LDAP filter.", places=frozenset({1, 2})),
    _rule("escaped-filter", "java", "90", r"(?i)\.(?:search|lookup|setFilter|list|authenticate|searchAll|find\w*)$|^SearchRequest$|Filter\.create$|HardcodedFilter|LdapName$|LdapQuery|\bDn$|filter$|\.setBase", _ldap_java,
          "Each value is escaped for an LDAP filter or name.", nested=True),
    _rule("escaped-filter", "go", "90", r"NewSearchRequest$|\.Search$", _always("ldap.EscapeFilter({})"), "Each value is escaped for an LDAP filter."),
    _rule("page-by-name", "php", "98 22 829 73", r"^(?:include|require)(?:_once)?_expression$", _page_file,
          "Only the last part of a name is used, so no other folder and no address can be included."),
    _rule("local-redirect", "php", "601 113", r"^(?:header|http_redirect|wp_redirect)$", _header,
          "What is put in is encoded as part of the address, or the address begins with one slash: it stays on this site."),
    _rule("escaped-output", "php", "79", r"^(?:echo_statement|print_intrinsic|print_r|printf|vprintf|die|exit_statement|sequence_expression)$", _html("htmlspecialchars({}, ENT_QUOTES)", _PHP_STRICT), _TOLD_STRICT),
    _rule("escaped-output", "javascript typescript", "79 116",
          r"(?:^|\.)(?:send|end|write|writeln|html|append|prepend|after|before|insertAdjacentHTML|createContextualFragment|\$|jQuery|replaceWith|wrap|appendTo|parseHTML|setInnerHTML)$|^\$$",
          _html(_JS_HTML), _TOLD_HTML, assigned=re.compile(r"\.(?:innerHTML|outerHTML|body|__html)$")),
    _rule("local-redirect", "javascript typescript", "601", r"\.(?:redirect|replace|assign|open|navigate)$", _redirect_js,
          "The address begins with one slash, so it stays on this site.", assigned=re.compile(r"(?:^|\.)(?:location|href|src|action)$")),
    _rule("escaped-output", "csharp", "79", r"(?:\.Write|\.WriteLine|\.Raw|HtmlString|\.AppendLine)$", _html("System.Net.WebUtility.HtmlEncode({})"), _TOLD_HTML,
          assigned=re.compile(r"\.(?:Text|InnerHtml|InnerText)$")),
    _rule("name-in-folder", "javascript typescript", "22 23 36 73",
          r"^fs\.(?:promises\.)?\w+$|(?:^|\.)(?:readFile|readFileSync|writeFile|writeFileSync|createReadStream|createWriteStream|unlink|unlinkSync|sendFile|sendfile|download|open|openSync|readdir|readdirSync|stat|statSync|existsSync|exists|access|appendFile|appendFileSync|rename|copyFile|mkdir|rmdir)$|^\w*[pP]ath\w*\.(?:join|resolve)$",
          _base_js, _NAME_TOLD, nested=True),
    _rule("harmless-characters", "php", "94 95", r"^(?:eval|assert|create_function)$", _code_php,
          "Of what comes from elsewhere only letters, digits, _ and - are kept, which are no code within a quoted text."),
    _rule("local-redirect", "go", "601", r"^http\.Redirect$|\.Redirect$", _redirect_go,
          "The address begins with one slash, so it stays on this site.", places=frozenset({0, 1, 2}), needs="strings"),
    _rule("local-redirect", "java", "601", r"\.sendRedirect$|^RedirectView$", _redirect_java,
          "The address begins with one slash, so it stays on this site.", places=frozenset({0})),
    _rule("local-redirect", "csharp", "601", r"(?:^|\.)Redirect(?:Permanent)?$", _redirect_csharp,
          "The address begins with one slash, so it stays on this site.", places=frozenset({0})),
    _rule("name-in-folder", "csharp java go", "22 23 36 73", r"(?:^|\.)(?:Path\.Combine|filepath\.Join|path\.Join|Paths\.get)$", _name_only,
          _NAME_TOLD),
    _rule("escaped-output", "java", "79", r"\.(?:println|print|write|format|printf|append)$", _html("org.springframework.web.util.HtmlUtils.htmlEscape({})"), _TOLD_HTML),
)  # fmt: skip
