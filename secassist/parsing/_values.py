"""Reads expressions of any language into the one form of `forms`, by the rows of `_tables`; bounded in depth and nodes."""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from secassist.parsing._literals import number_text, pattern_flags, string_parts
from secassist.parsing._macros import Macros
from secassist.parsing._tables import Row, table
from secassist.parsing.forms import Form
from secassist.parsing.tree import MOST_NODES, walk, words

DEEPEST: Final = 60
"""Levels of nesting that keep their structure; what is nested deeper is read as a bag of names."""
_CHAINS: Final = frozenset({"+", ".", "&&", "||", "and", "or", "<<", "??"})
_QUALIFIED: Final = re.compile(r"(?:->|::|\?\.|\?->|\\)")
_ARGUMENTS: Final = frozenset({"argument_list", "arguments", "bracketed_argument_list", "annotation_argument_list"})
_SPREAD: Final = frozenset({"spread_element", "variadic_argument"})
_BODIES: Final = frozenset(
    {
        "switch_body",
        "switch_block",
        "body_statement",
        "do_block",
        "block",
        "then",
        "preproc_else",
        "subscript_argument_list",
    }
)
_INTRINSICS: Final = {
    "echo_statement": "echo", "print_intrinsic": "print", "exit_statement": "exit", "include_expression": "include",
    "include_once_expression": "include", "require_expression": "include", "require_once_expression": "include",
    "shell_command_expression": "shell_exec", "subshell": "system", "delete_expression": "delete",
}  # fmt: skip
_FLAT: Final = frozenset({"identifier", "name", "variable_name", "string_content", "string_fragment"})


class Values:
    """One pass over one tree; what statements are is told by the subclass in `lowering`."""

    def __init__(self, language: str, macros: Macros) -> None:
        self.language, self.macros = language, macros
        self.rows = table(language)
        self.left = MOST_NODES
        self.classes: list[str] = []
        self.functions: list[Form] = []

    def form(self, node: Node | None, depth: int) -> Form | None:
        """One node; None for what holds no value (comments, punctuation) and for what is beyond the budget."""
        if node is None or self.left <= 0:
            return None
        self.left -= 1
        row = self.rows.get(node.type)
        if row is None:
            return self._other(node, depth + 1) if depth < DEEPEST else self._flat(node)
        if row[0] == "skip":
            return None
        if depth >= DEEPEST:
            return self._flat(node)
        read = getattr(self, f"_{row[0]}")
        found: Form | None = read(node, row, depth + 1)
        return found

    def block(self, node: Node | None, depth: int) -> tuple[Form, ...]:
        """The statements below a node (or the node itself where it is no block)."""
        if node is None:
            return ()
        if self.rows.get(node.type, ("",))[0] == "block" or node.type in _BODIES:
            return tuple(self._children(node, depth))
        found = self.form(node, depth)
        return (found,) if found else ()

    def _children(self, node: Node, depth: int, skip: Node | None = None) -> Iterator[Form]:
        for child in node.named_children:
            if skip is not None and child.id == skip.id:
                continue
            found = self.form(child, depth)
            if found is None:
                continue
            if found.kind == "block":
                yield from found.body
            else:
                yield found

    def _make(self, kind: str, node: Node, text: str = "", **rest: object) -> Form:
        made = Form(kind, node.start_point[0] + 1, node.end_point[0] + 1, text)
        for name, value in rest.items():
            setattr(made, name, value)
        return made

    def _field(self, node: Node, names: str) -> Node | None:
        for name in names.split("|"):
            if name and (found := node.child_by_field_name(name)) is not None:
                return found
        return None

    def _flat(self, node: Node) -> Form:
        """A bag of the names below a node."""
        parts = []
        for inner in walk(node, min(self.left, 2_000)):
            self.left -= 1
            if inner.type in _FLAT:
                parts.append(self._make("name", inner, text := words(inner), path=text))
        return self._make("other", node, parts=tuple(parts))

    def _other(self, node: Node, depth: int) -> Form | None:
        parts = tuple(self._children(node, depth))
        if len(parts) == 1 and parts[0].kind not in {"name", "string"}:
            return parts[0]
        return self._make("other", node, parts=parts) if parts else None

    def params(self, node: Node | None, depth: int) -> tuple[Form, ...]:
        """The parameters of a function."""
        raise NotImplementedError

    def assigned(self, node: Node, target: Node | None, value: Form | None, operator: str, depth: int) -> Form:
        """An assignment to a target that may be a pattern."""
        raise NotImplementedError

    # values

    def _name(self, node: Node, _row: Row, _depth: int) -> Form:
        name = _QUALIFIED.sub(".", words(node)[:200])
        kind, text = self.macros.get(name, ("name", name))
        return self._make(kind, node, text, path=text if kind == "name" else "")

    def _string(self, node: Node, _row: Row, depth: int) -> Form:
        parts: list[Form] = []
        for piece in string_parts(node):
            if isinstance(piece, str):
                parts.append(self._make("string", node, piece, keys=pattern_flags(node)))
            elif (inner := self.form(piece, depth)) is not None:
                parts.append(inner)
        if len(parts) == 1 and parts[0].kind == "string":
            return parts[0]
        return self._make("join", node, parts=tuple(parts)) if parts else self._make("string", node)

    def _number(self, node: Node, _row: Row, _depth: int) -> Form:
        return self._make("number", node, number_text(words(node)))

    def _char(self, node: Node, _row: Row, _depth: int) -> Form:  # of C, which is a number
        text = next((piece for piece in string_parts(node) if isinstance(piece, str)), "")
        return self._make("number", node, str(ord(text[0])) if text else "0")

    def _const(self, node: Node, _row: Row, _depth: int) -> Form:
        text = words(node).lower()
        return self._make("const", node, "null" if text in {"none", "nil", "undefined"} else text)

    def _single(self, node: Node, _row: Row, depth: int) -> Form | None:
        field = node.child_by_field_name("value") or node.child_by_field_name("expression")
        found = [field] if field else node.named_children
        if len(found) == 1:
            return self.form(found[0], depth)
        return self._other(node, depth)

    def _attr(self, node: Node, row: Row, depth: int) -> Form | None:
        base, name = self.form(self._field(node, row[1]), depth), self._field(node, row[2])
        text = words(name) if name else ""
        if base is None:
            return self._make("name", node, text, path=text) if text else self._other(node, depth)
        return self._make("attr", node, text, base=base, path=f"{base.path or '?'}.{text}"[-300:])

    def _index(self, node: Node, row: Row, depth: int) -> Form | None:
        value = self._field(node, row[1]) or (node.named_children[0] if node.named_children else None)
        key = self._field(node, row[2])
        if key is None and node.named_child_count > 1:
            key = node.named_children[-1]
        base = self.form(value, depth)
        inner = self.form(key, depth)
        if base is None:
            return self._other(node, depth)
        if inner is not None and inner.kind == "list" and len(inner.parts) == 1:
            inner = inner.parts[0]
        name = inner.text[:60] if inner is not None and inner.kind in {"string", "number", "name"} else ""
        path = f"{base.path or '?'}[{name}]"[-300:]
        return self._make("index", node, base=base, parts=(inner,) if inner else (), path=path)

    def _slice(self, node: Node, row: Row, depth: int) -> Form | None:
        base = self.form(self._field(node, row[1]), depth)
        start = self.form(self._field(node, row[2]), depth) or self._make("number", node, "0")
        end = self.form(self._field(node, row[3]), depth)
        return base and self._make("slice", node, base=base, parts=(start, end) if end else (start,))

    def _send(self, node: Node, row: Row, depth: int) -> Form | None:
        """`ch <- x`, read as putting it into a list."""
        base, value = (self.form(self._field(node, name), depth) for name in row[1:3])
        if base is None or value is None:
            return self._other(node, depth)
        return self._make("call", node, "append", base=base, path=f"{base.path}.append", parts=(value,), keys=("",))

    def _arguments(self, node: Node | None, depth: int) -> tuple[tuple[Form, ...], tuple[str, ...]]:
        if node is None:
            return (), ()
        if node.type == "template_string":  # a tag is given the texts and the values apart
            pieces = ((whole := self.form(node, depth)) and (whole.parts if whole.kind == "join" else (whole,))) or ()
            return pieces, ("",) * len(pieces)
        parts, keys = [], []
        inner = node.named_children if node.type in _ARGUMENTS else [node]
        for child in inner:
            named = child.child_by_field_name("name") if child.type in {"argument", "attribute_argument"} else None
            found = self.form(child, depth)
            if found is None:
                continue
            key = words(named) if named else "*" if "splat" in child.type or child.type in _SPREAD else ""
            if found.kind == "pair":
                key, found = found.text, found.base
            if found is not None:
                parts.append(found)
                keys.append(key)
        return tuple(parts), tuple(keys)

    def _call(self, node: Node, row: Row, depth: int) -> Form:
        callee = self.form(node.child_by_field_name("function") or node.child_by_field_name(row[1]), depth)
        parts, keys = self._arguments(node.child_by_field_name(row[2]), depth)
        made = self._make("call", node, callee.text if callee else "", parts=parts, keys=keys)
        made.path = callee.path if callee else ""
        made.base = (
            callee.base if callee and callee.kind == "attr" else callee if callee and callee.kind != "name" else None
        )
        return made

    def _method(self, node: Node, row: Row, depth: int) -> Form:
        base, name = self.form(self._field(node, row[1]), depth), self._field(node, row[2])
        parts, keys = self._arguments(self._field(node, row[3]), depth)
        text = words(name) if name else ""
        path = f"{base.path or '?'}.{text}"[-300:] if base else text
        return self._make("call", node, text, base=base, path=path, parts=parts, keys=keys)

    def _rubycall(self, node: Node, row: Row, depth: int) -> Form:
        made = self._method(node, row, depth)
        if (block := node.child_by_field_name("block")) is not None:
            body = self.block(block.child_by_field_name("body") or block, depth)
            given = block.child_by_field_name("parameters")
            params = self.params(given, depth)
            made.parts += (self._make("function", block, parts=params, body=body),)
            made.keys += ("&",)
        return made

    def _new(self, node: Node, row: Row, depth: int) -> Form:
        kind = self._field(node, row[1]) or next(iter(node.named_children), None)
        name = re.sub(r"<.*|[\s&*]", "", _QUALIFIED.sub(".", words(kind)[:200]), flags=re.DOTALL) if kind else ""
        given = self._field(node, row[2]) or next((c for c in node.named_children if c.type in _ARGUMENTS), None)
        if given is not None and kind is not None and given.id == kind.id:
            given = None
        body: tuple[Form, ...] = ()
        if given is not None and given.type == "literal_value":
            parts, keys = self._pairs(given, depth)
        else:
            parts, keys = self._arguments(given, depth)
        shape = node.child_by_field_name("declarator")
        if shape is not None and (length := self.form(shape.child_by_field_name("length"), depth)) is not None:
            return self._make("new", node, name, path=name, parts=(length,), keys=("[]",))
        if (inner := node.child_by_field_name("initializer")) is not None:
            body = tuple(self._children(inner, depth))
        for child in node.named_children:
            if child.type in {"class_body", "declaration_list"}:
                self._nested(child, name, depth)
        return self._make("new", node, name, path=name, parts=parts, keys=keys, body=body)

    def _nested(self, node: Node, name: str, depth: int) -> None:
        self.classes.append(name)
        self.block(node, depth)
        self.classes.pop()

    def _op(self, node: Node, row: Row, depth: int) -> Form | None:
        operator = self._operator(node)
        parts: list[Form | None] = []
        left, right = node.child_by_field_name(row[1]), node.child_by_field_name(row[2])
        if left is None or right is None:
            parts = list(self._children(node, depth))
            return self._make("op", node, operator, parts=tuple(p or self._make("other", node) for p in parts))
        while operator in _CHAINS and left.type == node.type and self._operator(left) == operator and self.left > 0:
            inner_left, inner_right = left.child_by_field_name(row[1]), left.child_by_field_name(row[2])
            if inner_left is None or inner_right is None:
                break
            parts.append(self.form(right, depth))
            left, right = inner_left, inner_right
        parts += [self.form(right, depth), self.form(left, depth)]
        return self._make("op", node, operator, parts=tuple(p or self._make("other", node) for p in reversed(parts)))

    def _operator(self, node: Node) -> str:
        found = node.child_by_field_name("operator") or node.child_by_field_name("operators")
        if found is not None:
            return words(found)
        tokens = [words(child) for child in node.children if not child.is_named]
        return " ".join(tokens[:2])[:20]

    def _unary(self, node: Node, row: Row, depth: int) -> Form | None:
        inner = self._field(node, row[1]) or (node.named_children[-1] if node.named_children else None)
        operator = words(node.children[0])[:10] if node.children else ""
        value = self.form(inner, depth)
        if value is None or operator in {"&", "*", "@", "+"}:
            if value is not None and operator in {"&", "*"}:
                return self._make("cast", node, operator, parts=(value,), path=value.path)
            return value
        return self._make("op", node, operator, parts=(value,))

    def _update(self, node: Node, row: Row, depth: int) -> Form | None:
        inner = self.form(self._field(node, row[1]) or next(iter(node.named_children), None), depth)
        if inner is None:
            return None
        one = self._make("number", node, "1")
        sign = "-=" if "--" in words(node) else "+="
        return self._make("assign", node, sign, parts=(inner,), base=one)

    def _ternary(self, node: Node, row: Row, depth: int) -> Form:
        condition = self.form(node.child_by_field_name(row[1]), depth)
        first = self.form(self._field(node, row[2]), depth)
        second = self.form(node.child_by_field_name(row[3]), depth)
        if first is None:  # the short form a ?: b
            first = condition
        return self._make("ternary", node, base=condition, parts=tuple(p for p in (first, second) if p))

    def _pyternary(self, node: Node, _row: Row, depth: int) -> Form | None:
        parts = [self.form(child, depth) for child in node.named_children if child.type != "comment"]
        if len(parts) != 3 or not all(parts):
            return self._other(node, depth)
        return self._make("ternary", node, base=parts[1], parts=(parts[0], parts[2]))

    def _list(self, node: Node, _row: Row, depth: int) -> Form:
        parts, keys = [], []
        for child in self._children(node, depth):
            parts.append(child.base if child.kind == "pair" and child.base else child)
            keys.append(child.text if child.kind == "pair" else "")
        if any(keys):
            return self._make("map", node, parts=tuple(parts), keys=tuple(keys))
        return self._make("list", node, parts=tuple(parts))

    def _map(self, node: Node, _row: Row, depth: int) -> Form:
        parts, keys = self._pairs(node, depth)
        return self._make("map", node, parts=parts, keys=keys)

    def _pairs(self, node: Node, depth: int) -> tuple[tuple[Form, ...], tuple[str, ...]]:
        parts, keys = [], []
        for child in self._children(node, depth):
            parts.append(child.base if child.kind == "pair" and child.base else child)
            keys.append(child.text if child.kind in {"pair", "name"} else "")
        return tuple(parts), tuple(keys)

    def _pair(self, node: Node, row: Row, depth: int) -> Form:
        inner = node.named_children
        key = self._field(node, row[1]) or (inner[0] if inner else None)
        value = self._field(node, row[2]) or (inner[-1] if inner else None)
        return self._make("pair", node, _key(self.form(key, depth)), base=self.form(value, depth))

    def _element(self, node: Node, row: Row, depth: int) -> Form | None:
        return (
            self._pair(node, ("pair", "", ""), depth) if node.named_child_count > 1 else self._single(node, row, depth)
        )

    def _jsx(self, node: Node, _row: Row, depth: int) -> Form | None:
        inner = node.named_children
        value = self.form(inner[-1], depth) if len(inner) > 1 else None
        name = words(inner[0]) if inner else ""
        target = self._make("attr", node, name, path=f"jsx.{name}")
        return self._make("assign", node, "=", parts=(target,), base=value) if value else None

    def _cast(self, node: Node, row: Row, depth: int) -> Form | None:
        kind, value = node.child_by_field_name(row[1]), self.form(self._field(node, row[2]), depth)
        if value is None:
            return self._other(node, depth)
        return self._make("cast", node, words(kind)[:80] if kind else "", parts=(value,), path=value.path)

    def _sizeof(self, node: Node, row: Row, depth: int) -> Form:
        value, kind = node.child_by_field_name(row[1]), node.child_by_field_name(row[2])
        inner = self.form(value, depth)
        return self._make("sizeof", node, words(kind)[:80] if kind else "", base=inner)

    def _comprehension(self, node: Node, _row: Row, depth: int) -> Form:
        parts, loops = [], []
        for child in node.named_children:
            if child.type == "for_in_clause":
                target, walked = child.child_by_field_name("left"), child.child_by_field_name("right")
                loops.append(self.assigned(child, target, self.form(walked, depth), "each", depth))
            elif (found := self.form(child, depth)) is not None:
                parts.append(found)
        return self._make("comprehension", node, parts=tuple(parts), body=tuple(loops))

    def _intrinsic(self, node: Node, _row: Row, depth: int) -> Form:
        name = _INTRINSICS.get(node.type, node.type)
        if node.type in {"shell_command_expression", "subshell"}:
            made = self._string(node, (), depth)
            parts: tuple[Form, ...] = (made,)
        else:
            parts = tuple(self._children(node, depth))
        name = "delete[]" if name == "delete" and "[" in words(node)[:12] else name
        return self._make("call", node, name, path=name, parts=parts, keys=("",) * len(parts))

    def _page(self, node: Node, _row: Row, _depth: int) -> Form:
        return self._make("page", node, words(node)[-2_000:])


def _key(form: Form | None) -> str:
    """What a key of a map is called."""
    if form is None:
        return ""
    return form.text if form.kind in {"string", "name", "number", "const"} else ""
