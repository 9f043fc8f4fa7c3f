"""Asks bandit's rules about a parsed module in one walk over its tree, without bandit's bookkeeping at every node.

bandit copies a context, looks for `nosec` and adds up scores for each node and rule; none of that reaches an issue. The
rules, what they are told and the order in which they see the nodes are bandit's.
"""

import ast
from collections.abc import Callable
from functools import cache, cached_property
from io import BytesIO
from tokenize import detect_encoding
from typing import Any, Final

from bandit.core.config import BanditConfig
from bandit.core.context import Context
from bandit.core.test_set import BanditTestSet
from bandit.core.utils import get_call_name, linerange

Rule = Callable[..., Any]
_FILE: Final = "unit.py"
_MODULE: Final = "unit"
_LEAVES: Final = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
"""Nodes that hold nothing, and about which no rule asks."""
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f")
"""All that bandit's one rule about whole files looks for."""


def issues_of(text: str, tree: ast.AST) -> list[Any]:
    """bandit's issues in a text and the tree that was parsed from it.

    Raises SyntaxError where a comment names an encoding that the text is not in, RecursionError for a tree too deep.
    """
    data = text.encode("utf-8", "replace")
    plain = _plain(data)
    walk = _Walk(data)
    walk.into(tree if plain else ast.parse(data))
    if not plain or not _REORDERING.isdisjoint(text) or len(_rules().get("File", ())) > 1:
        walk.ask("File", {"lineno": 0, "linerange": [0, 1], "col_offset": 0})
    return [issue for issue in walk.issues if issue.filter("LOW", "LOW")]


def _plain(data: bytes) -> bool:
    """Whether the bytes are read as the text that they were made of, whatever a comment says of their encoding."""
    try:
        return detect_encoding(BytesIO(data).readline)[0] in {"utf-8", "utf8"}
    except SyntaxError:
        return False


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    """bandit's rules, configured as by default, under the kind of node that they are about."""
    return {kind: tuple(rules) for kind, rules in BanditTestSet(BanditConfig()).tests.items()}


class _Asked(Context):  # type: ignore[misc]
    """What rules are told of a node; most of them ask the same of it."""

    @cached_property
    def call_args(self) -> Any:
        """Arguments of a call without a name."""
        return super().call_args

    @cached_property
    def call_keywords(self) -> Any:
        """Arguments of a call with a name."""
        return super().call_keywords

    def is_module_imported_like(self, module: str) -> bool:
        """Whether the name of something imported holds this text."""
        imports: _Imports = self._context["imports"]
        return imports.like(module)


class _Imports(set[str]):
    """The names imported so far."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[str, int], bool] = {}

    def like(self, part: str) -> bool:
        """Whether a name holds this text; names are only ever added."""
        key = part, len(self)
        if key not in self._known:
            self._known[key] = any(part in name for name in self)
        return self._known[key]


class _Walk:
    """One module."""

    def __init__(self, data: bytes) -> None:
        self.issues: list[Any] = []
        self._data = data
        self._rules = _rules()
        self._imports = _Imports()
        self._aliases: dict[str, str] = {}
        self._scope = _MODULE
        self._reads: dict[str, Callable[[Any], None]] = {
            **dict.fromkeys(self._rules, self._other),
            "Call": self._call,
            "Constant": self._constant,
            "FunctionDef": self._function,
            "ClassDef": self._class,
            "Import": self._import,
            "ImportFrom": self._import_from,
        }

    def into(self, node: ast.AST) -> None:
        """All below a node, parents before children; one frame for each level, which is what bounds the depth."""
        reads = self._reads
        for name in node._fields:
            value = getattr(node, name, None)
            for child in value if isinstance(value, list) else (value,):
                if not isinstance(child, ast.AST) or isinstance(child, _LEAVES):
                    continue
                child._bandit_parent = node  # type: ignore[attr-defined]
                read, scope = reads.get(child.__class__.__name__), self._scope
                if read is not None:
                    read(child)
                self.into(child)
                self._scope = scope

    def ask(self, kind: str, told: dict[str, Any], holder: ast.AST | None = None) -> None:
        """Keeps what the rules of a kind find; one that fails finds nothing. `holder` is whose lines an issue covers."""
        context = _Asked(told)
        told |= {"imports": self._imports, "import_aliases": self._aliases, "filename": _FILE}
        told["file_data"] = BytesIO(self._data) if kind == "File" else None
        for rule in self._rules.get(kind, ()):
            try:
                issue = rule(context, rule._config) if hasattr(rule, "_config") else rule(context)
                if issue is not None:
                    self.issues.append(_placed(issue, rule, told, holder))
            except Exception:  # noqa: S112 - a rule may trip over any code; the others go on, as in bandit
                continue

    def _told(self, node: Any, **more: Any) -> dict[str, Any]:
        if hasattr(node, "lineno"):
            more |= {"lineno": node.lineno, "col_offset": node.col_offset}
        return {"node": node, **more}

    def _other(self, node: ast.AST) -> None:
        self.ask(node.__class__.__name__, self._told(node), node)

    def _call(self, node: ast.Call) -> None:
        full = get_call_name(node, self._aliases)
        self.ask("Call", self._told(node, call=node, qualname=full, name=full.rpartition(".")[2]), node)

    def _constant(self, node: ast.Constant) -> None:
        """Texts that are no docstrings."""
        kind = "Str" if isinstance(node.value, str) else "Bytes" if isinstance(node.value, bytes) else ""
        parent = node._bandit_parent  # type: ignore[attr-defined]
        if kind in self._rules and not isinstance(parent, ast.Expr):
            self.ask(kind, self._told(node, **{kind.lower(): node.value}), parent)

    def _function(self, node: ast.FunctionDef) -> None:
        full = f"{self._scope}.{node.name}"
        self._scope = full
        self.ask("FunctionDef", self._told(node, function=node, qualname=full, name=node.name), node)

    def _class(self, node: ast.ClassDef) -> None:
        self._scope = f"{self._scope}.{node.name}"

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            if one.asname:
                self._aliases[one.asname] = one.name
            self._imports.add(one.name)
        self.ask("Import", self._told(node, module=node.names[-1].name), node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        if node.module is None:
            self._import(node)
            return
        for one in node.names:
            self._aliases[one.asname or one.name] = f"{node.module}.{one.name}"
            self._imports.add(f"{node.module}.{one.name}")
        self.ask("ImportFrom", self._told(node, module=node.module, name=node.names[-1].name), node)


def _placed(issue: Any, rule: Any, told: dict[str, Any], holder: ast.AST | None) -> Any:
    """The issue with its rule and place, as far as the rule did not name them."""
    issue.test_id = issue.test_id or rule._test_id
    if issue.lineno is None:
        issue.lineno = told["lineno"]
    if issue.col_offset == -1:
        issue.col_offset = told["col_offset"]
    if not issue.linerange:
        issue.linerange = _lines(holder) if holder is not None else told["linerange"]
    return issue


def _lines(node: ast.AST) -> list[int]:
    """bandit works lines out anew when it is asked a second time about a node that has none; it is the second that counts."""
    linerange(node)
    found: list[int] = linerange(node)
    return found
