"""What a file imports and calls, by name."""

import re
from typing import Final

from tree_sitter import Node

from secassist.parsing.languages import language_of
from secassist.parsing.tree import MOST_NODES, parse, walk, words

_IMPORTS: Final = frozenset(
    [
        "import_statement",
        "import_from_statement",
        "import_declaration",
        "using_directive",
        "namespace_use_declaration",
        "preproc_include",
    ]
)
_CALLS: Final = frozenset(
    [
        "call",
        "call_expression",
        "method_invocation",
        "invocation_expression",
        "function_call_expression",
        "member_call_expression",
        "scoped_call_expression",
        "object_creation_expression",
        "new_expression",
        "nullsafe_member_call_expression",
    ]
)
_PY_FROM: Final = re.compile(r"from\s+([\w.]+)\s+import\s+\(?([^)]*)", re.DOTALL)
_PY_INNER: Final = re.compile(r"^[ \t]+((?:from[ \t]+[\w.]+[ \t]+)?import[ \t][^\n#]*)", re.MULTILINE)
_JS_NAMED: Final = re.compile(r"\{([^}]*)\}")
_JS_WHOLE: Final = re.compile(r"import\s+(?:type\s+)?(?:\*\s+as\s+)?([\w$]+)")
_JS_MODULE: Final = re.compile(r"from\s*['\"]([^'\"\n]+)['\"]")
_REQUIRE: Final = re.compile(
    r"(?:(?:const|let|var)\s+|,\s*)(?:([\w$]+)|\{([^}]{0,400})\})\s*=\s*require\(\s*['\"]([^'\"\n]{1,200})['\"]\s*\)(\.[\w$]+)?"
)
_GO_SPEC: Final = re.compile(r"(?:([\w.]+)\s+)?\"([^\"\n]+)\"")
_DOTTED: Final = re.compile(r"[\w.\\]+")


def imports(text: str, language: str = "", path: str = "") -> dict[str, str]:
    """Local name -> full dotted name; empty for a language that cannot be parsed."""
    known = language_of(path, text[:256], language)
    return imports_of(parse(text, known).root_node, known) if known else {}


def imports_of(root: Node, language: str) -> dict[str, str]:
    """The same for a tree. Imports are looked for on the top level and one level below it, in Python in functions too."""
    found: dict[str, str] = {}
    for node in _upper(root):
        if node.type in _IMPORTS:
            found |= _read(words(node)[:4_000], language)
    if language == "python":
        for line in _PY_INNER.findall(words(root)):
            found = _read(line[:1_000], language) | found
    if language in {"javascript", "typescript", "tsx"}:
        for name, names, module, member in _REQUIRE.findall(words(root)):
            full = module.removeprefix("node:") + member
            found |= {name: full} if name else _listed(names, full, ":")
    return found


def _upper(root: Node) -> list[Node]:
    """The top level, and what is just below it (conditional imports)."""
    top = root.named_children[:20_000]
    below = [inner for node in top if node.named_child_count < 40 for inner in node.named_children]
    return [*top, *below]


def _listed(text: str, module: str, mark: str) -> dict[str, str]:
    """ "a, b as c" -> a, c; `mark` is what stands between a name and its new one."""
    found = {}
    for part in text.split(","):
        name, _, new = (word.strip() for word in part.partition(mark))
        if name:
            found[new or name] = f"{module}.{name}"
    return found


def _read(text: str, language: str) -> dict[str, str]:
    if language == "python":
        return _python(text)
    if language in {"javascript", "typescript", "tsx"}:
        module = _JS_MODULE.search(text)
        if not module:
            return {}
        full, named, whole = module[1].removeprefix("node:"), _JS_NAMED.search(text), _JS_WHOLE.match(text)
        found = _listed(named[1], full, " as ") if named else {}
        return found | ({whole[1]: full} if whole else {})
    if language == "go":
        return {alias or path.rpartition("/")[2]: path for alias, path in _GO_SPEC.findall(text)}
    words_ = [word.replace("\\", ".").strip(".") for word in _DOTTED.findall(text)]
    names = [word for word in words_ if "." in word and word not in {"import", "static", "using", "use"}]
    return {name.rpartition(".")[2]: name for name in names}


def _python(text: str) -> dict[str, str]:
    whole = re.sub(r"#[^\n]*|\\\n", "", text)
    if named := _PY_FROM.match(whole):
        return _listed(named[2].strip().rstrip(",)"), named[1], " as ")
    found = {}
    for part in whole.removeprefix("import").split(","):
        name, _, new = (word.strip() for word in part.partition(" as "))
        if new:
            found[new] = name
        elif name:
            found[name.partition(".")[0]] = name.partition(".")[0]
    return found


def calls(text: str, language: str = "", path: str = "") -> tuple[tuple[str, int], ...]:
    """Dotted names of what is called, with the 1-based line, in the order of the text."""
    known = language_of(path, text[:256], language)
    return calls_of(parse(text, known).root_node) if known else ()


def calls_of(root: Node) -> tuple[tuple[str, int], ...]:
    """The same for a tree."""
    found = []
    for node in walk(root, MOST_NODES):
        if node.type in _CALLS and (name := _callee(node)):
            found.append((name, node.start_point[0] + 1))
    return tuple(found)


def _callee(node: Node) -> str:
    for field in ("function", "constructor", "method", "type"):
        if (named := node.child_by_field_name(field)) is not None:
            break
    else:
        named = node.child_by_field_name("name")
        if named is None:
            named = next(iter(node.named_children), None)
    base = (
        node.child_by_field_name("object") or node.child_by_field_name("scope") or node.child_by_field_name("receiver")
    )
    texts = [words(part)[:120] for part in (base, named) if part is not None]
    name = re.sub(r"->|::|\?\.", ".", ".".join(texts))
    return name if len(name) <= 200 and re.fullmatch(r"[\w$@.()\[\]'\"]+", name) else name.rpartition(".")[2][:80]
