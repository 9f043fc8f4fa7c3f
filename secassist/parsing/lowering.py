"""Turns a text of any language into the one form of `forms`: the statements; its expressions are read in `_values`."""

import re
from typing import Final

from tree_sitter import Node

from secassist.parsing._macros import macros
from secassist.parsing._sharp import Sharp
from secassist.parsing._tables import Row
from secassist.parsing.forms import Form, Program
from secassist.parsing.names import imports_of
from secassist.parsing.tree import decorators, parse, words

_DECLARATORS: Final = frozenset(
    [
        "pointer_declarator",
        "array_declarator",
        "function_declarator",
        "reference_declarator",
        "parenthesized_declarator",
        "init_declarator",
        "attributed_declarator",
        "abstract_pointer_declarator",
        "structured_binding_declarator",
    ]
)
_PARAMETERS: Final = frozenset(
    ["formal_parameters", "parameters", "parameter_list", "method_parameters", "block_parameters"]
)
_DEEPEST_DECLARATOR: Final = 12


def lower(text: str, language: str) -> Program:
    """The program of a text, with whatever could be read of it; raises KeyError for an unknown language."""
    root = parse(text, language).root_node
    lowering = _Lowering(language, macros(text) if language in {"c", "cpp"} else {})
    program = Program(language, lowering.block(root, 0), imports_of(root, language))
    program.cut, program.broken = lowering.left <= 0, root.has_error
    program.definitions = tuple(lowering.functions)
    for function in lowering.functions:
        for name in (function.path, function.text):
            if name:
                program.functions.setdefault(name, function)
    return program


class _Lowering(Sharp):
    """Statements."""

    def _block(self, node: Node, _row: Row, depth: int) -> Form:
        return self._make("block", node, body=tuple(self._children(node, depth)))

    def assigned(self, node: Node, target: Node | None, value: Form | None, operator: str, depth: int) -> Form:
        """An assignment; several targets stand side by side."""
        parts: tuple[Form, ...] = ()
        if target is not None:
            inner = target.named_children if target.type in _SEVERAL else [target]
            listed = target.type == "list_literal" and len(target.children) > 2
            found = iter([self._listed(target, depth)]) if listed else (self.form(one, depth) for one in inner)
            parts = tuple(one.base or one if one.kind == "pair" else one for one in found if one is not None)
        if value is not None and value.kind == "list" and len(value.parts) == 1 == len(parts) and self.language == "go":
            value = value.parts[0]
        return self._make("assign", node, operator, parts=parts, base=value)

    def _assign(self, node: Node, row: Row, depth: int) -> Form | None:
        right = self._field(node, row[2])
        value = self.form(right, depth)
        operator = self._operator(node)
        operator = operator if operator.endswith("=") and operator not in {":=", "=="} else "="
        kind = node.child_by_field_name("type")
        made = self.assigned(node, self._field(node, row[1]), value, operator, depth)
        made.keys = (words(kind)[:80],) if kind is not None else ()
        if value is None and kind is None:
            return None
        return made

    def _declare(self, node: Node, row: Row, depth: int) -> Form | None:
        kind = node.child_by_field_name(row[3]) or (node.parent and node.parent.child_by_field_name("type"))
        target = self._field(node, row[1])
        right = node.child_by_field_name(row[2])
        if right is None and node.named_child_count > 1 and target is not None:
            right = node.named_children[-1] if node.named_children[-1].id != target.id else None
        return self._declared(node, target, right, words(kind)[:80] if kind else "", depth)

    def _declared(self, node: Node, target: Node | None, right: Node | None, kind: str, depth: int) -> Form | None:
        name, size, stars = _declarator(target)
        if name is not None and name.type == "function_declarator":
            return None
        made = self.assigned(node, name, self.form(right, depth), "=", depth)
        made.keys = (kind + "*" * stars,)
        found = self.form(size, depth)
        made.body = (found,) if found else ()
        return made if made.parts else None

    def _declarations(self, node: Node, _row: Row, depth: int) -> Form:
        """`int a = 1, *b;` and the like: one assignment for each name."""
        kind = node.child_by_field_name("type")
        type_text = words(kind)[:80] if kind else ""
        if any(child.type == "storage_class_specifier" and words(child) == "static" for child in node.named_children):
            type_text = f"static {type_text}"
        made = []
        for child in node.children_by_field_name("declarator"):
            if child.type in {"init_declarator", "variable_declarator"}:
                inner = child.child_by_field_name("declarator") or child.child_by_field_name("name")
                found = self._declared(child, inner, child.child_by_field_name("value"), type_text, depth)
            else:
                found = self._declared(node, child, None, type_text, depth)
            if found:
                made.append(found)
        return self._make("block", node, body=tuple(made))

    def _function(self, node: Node, row: Row, depth: int) -> Form | None:
        name, given, body = self._field(node, row[1]), self._field(node, row[2]), node.child_by_field_name(row[3])
        if name is not None and name.type in _DECLARATORS:
            name, given = _function_declarator(name)
        if body is None:
            body = next(
                (c for c in node.named_children if c.type in {"block", "compound_statement", "body_statement"}), None
            )
        text = re.sub(r"^.*(?:::|\.)", "", words(name)[:200]) if name is not None else ""
        made = self._make("function", node, text)
        made.parts = self.params(given, depth)
        made.keys = tuple(decorators(node))
        made.path = ".".join([*self.classes[-1:], text]) if text else ""
        self.functions.append(made)
        made.body = self._body(body, depth)
        return made

    def _body(self, body: Node | None, depth: int) -> tuple[Form, ...]:
        """Of a function; an expression that is a body is returned."""
        if body is None:
            return ()
        found = self.block(body, depth)
        is_block = self.rows.get(body.type, ("",))[0] == "block"
        if not is_block and len(found) == 1 and found[0].kind not in {"return", "block", "if"}:
            return (self._make("return", body, base=found[0]),)
        if self.language == "ruby" and found and found[-1].kind not in _STATEMENTS:
            return (*found[:-1], self._make("return", body, base=found[-1]))
        return found

    def params(self, node: Node | None, depth: int) -> tuple[Form, ...]:
        """One form per parameter."""
        if node is None:
            return ()
        inner = node.named_children if node.type in _PARAMETERS or node.type == "lambda_parameters" else [node]
        return tuple(found for one in inner[:100] if (found := self._param(one, depth)) is not None)

    def _param(self, node: Node, depth: int) -> Form | None:
        kind = node.child_by_field_name("type")
        target = self._field(node, "name|pattern|declarator") or (
            node if not node.named_children else node.named_children[-1 if node.type == "spread_parameter" else 0]
        )
        if node.type in {"object_pattern", "array_pattern", "assignment_pattern"}:
            target = node.child_by_field_name("left") or node
        stars = 0
        if target.type in _DECLARATORS:
            stars = int(target.type == "array_declarator")
            name, _, more = _declarator(target)
            target, stars = name or target, stars + more
        keys = ((words(kind)[:120] if kind else "") + "*" * stars, *decorators(node))
        base = self.form(node.child_by_field_name("value") or node.child_by_field_name("default_value"), depth)
        if target.type in {"object_pattern", "array_pattern"}:
            inner = self.form(target, depth)
            return self._make("param", node, "", keys=keys, base=base, parts=(inner,) if inner else ())
        return self._make("param", node, words(target)[:80].lstrip("*&."), keys=keys, base=base)

    def _listed(self, node: Node, depth: int) -> Form:
        """`[, $a]`, `list($a, $b)` and `["k" => $a]` of PHP; places may be left out."""
        parts, keys = list[Form](), list[str]()
        place, key = 0, ""
        for child in node.children:
            if child.type == ",":
                place, key = place + 1, ""
            elif child.is_named:
                found = self._listed(child, depth) if child.type == "list_literal" else self.form(child, depth)
                if child.next_sibling is not None and child.next_sibling.type == "=>":
                    key = found.text if found is not None else ""
                elif found is not None:
                    parts.append(found)
                    keys.append(key or str(place))
        return self._make("pattern", node, parts=tuple(parts), keys=tuple(keys))

    def _pattern(self, node: Node, _row: Row, depth: int) -> Form:
        parts, keys = [], []
        for child in node.named_children:
            place = sum(one.type == "," and one.start_byte < child.start_byte for one in node.children)
            key = child.child_by_field_name("key") or child.child_by_field_name("left")
            target = child.child_by_field_name("value") if child.type == "pair_pattern" else key or child
            found = self.form(target, depth)
            if found is None:
                continue
            if found.kind == "other" and found.parts:
                found = found.parts[0]
            if found.kind not in {"name", "pattern", "attr"}:
                text = words(target)[:80] if target is not None else ""
                found = self._make("name", child, text, path=text)
            parts.append(found)
            by_place = node.type != "object_pattern"
            keys.append(str(place) if by_place else words(key)[:80] if key is not None else found.text)
        return self._make("pattern", node, parts=tuple(parts), keys=tuple(keys))

    def _class(self, node: Node, row: Row, depth: int) -> Form:
        name = node.child_by_field_name(row[1])
        text = words(name)[:200] if name is not None else ""
        self.classes.append(text)
        body = self.block(node.child_by_field_name(row[2]), depth)
        self.classes.pop()
        held = self.params(node.child_by_field_name("parameters"), depth) if node.type == "record_declaration" else ()
        return self._make("class", node, text, parts=held, body=body, keys=tuple(decorators(node)))

    def _decorated(self, node: Node, row: Row, depth: int) -> Form | None:
        made = self.form(node.child_by_field_name(row[1]), depth)
        if made is not None and made.kind in {"function", "class"}:
            made.keys = (
                *made.keys,
                *(words(child)[:300] for child in node.named_children if child.type == "decorator"),
            )
        return made

    def _if(self, node: Node, row: Row, depth: int) -> Form:
        condition = self.form(node.child_by_field_name(row[1]), depth)
        start = self.form(node.child_by_field_name("initializer"), depth)
        body = self.block(self._field(node, row[2]), depth)
        orelse: tuple[Form, ...] = ()
        for other in reversed(node.children_by_field_name(row[3])):
            if other.type in {"elif_clause", "else_if_clause", "elsif"}:
                made = self.form(other, depth)
                if made is not None:
                    made.orelse = made.orelse or orelse
                    orelse = (made,)
            else:
                orelse = self.block(other, depth)
        if node.type.startswith("unless"):
            body, orelse = orelse, body
        made_if = self._make("if", node, base=condition, body=body, orelse=orelse)
        return self._make("block", node, body=(start, made_if)) if start else made_if

    def _loop(
        self, node: Node, text: str, target: Node | None, walked: Form | None, body: Node | None, depth: int
    ) -> Form:
        parts: tuple[Form, ...] = ()
        if target is not None:
            parts = self.assigned(node, target, None, "=", depth).parts
        return self._make("loop", node, text, parts=parts, base=walked, body=self.block(body, depth))

    def _each(self, node: Node, row: Row, depth: int) -> Form:
        walked = self.form(self._field(node, row[2]), depth)
        target = self._field(node, row[1])
        if target is not None and target.type in _DECLARATORS:
            target = _declarator(target)[0]
        return self._loop(node, "each", target, walked, node.child_by_field_name("body"), depth)

    def _phpeach(self, node: Node, row: Row, depth: int) -> Form:
        inner = [child for child in node.named_children if child.type != "comment"]
        body = node.child_by_field_name(row[1])
        walked = self.form(inner[0], depth) if inner else None
        return self._loop(node, "each", inner[1] if len(inner) > 1 else None, walked, body, depth)

    def _while(self, node: Node, row: Row, depth: int) -> Form:
        condition = self.form(node.child_by_field_name(row[1]), depth)
        text = "do" if node.type == "do_statement" else "while"
        return self._loop(node, text, None, condition, node.child_by_field_name(row[2]), depth)

    def _for(self, node: Node, row: Row, depth: int) -> Form:
        clause = next((c for c in node.named_children if c.type in {"range_clause", "for_clause"}), node)
        if clause.type == "range_clause":
            walked = self.form(clause.child_by_field_name("right"), depth)
            return self._loop(
                node, "each", clause.child_by_field_name("left"), walked, node.child_by_field_name("body"), depth
            )
        start = [self.form(one, depth) for one in _fields(clause, row[1])]
        condition = self.form(clause.child_by_field_name(row[2]), depth)
        body = self.block(node.child_by_field_name(row[4]), depth)
        step = [self.form(one, depth) for one in _fields(clause, row[3])]
        loop = self._make("loop", node, "while", base=condition, body=(*body, *(s for s in step if s)))
        return self._make("block", node, body=(*(s for s in start if s), loop))

    def _switch(self, node: Node, row: Row, depth: int) -> Form | None:
        value = self.form(self._field(node, row[1]), depth)
        holder = node.child_by_field_name(row[2]) or node
        cases = []
        for child in holder.named_children:
            if self.rows.get(child.type, ("",))[0] == "case":
                cases.append(
                    self._case(child, ("case", "value|pattern|conditional_expressions", "body|consequence"), depth)
                )
            elif child.type in {"else", "else_clause"}:
                cases.append(self._make("case", child, body=self.block(child, depth)))
        if not cases:
            return self._other(node, depth)
        return self._make("switch", node, base=value, body=tuple(cases))

    def _case(self, node: Node, row: Row, depth: int) -> Form:
        """Labels are what stands in the fields of values, or in nodes that are labels by their type."""
        given = [one for name in row[1].split("|") for one in node.children_by_field_name(name)]
        given += [
            c for c in node.named_children if c.type in {"switch_label", "constant_pattern", "case_pattern", "pattern"}
        ]
        labels: list[Form] = []
        for one in dict.fromkeys(given):
            inner = self.form(one, depth) if one.type != "switch_label" or one.named_child_count else None
            if inner is not None:
                labels += inner.parts if inner.kind in {"list", "other"} else (inner,)
        labels = [label for label in labels if label.text != "_"]
        known = {one.id for one in given}
        body: list[Form] = []
        for child in node.named_children:
            if child.id not in known:
                body += self.block(child, depth)
        return self._make("case", node, parts=tuple(labels), body=tuple(body))

    def _try(self, node: Node, row: Row, depth: int) -> Form:
        resources = node.child_by_field_name("resources")
        start = [self.form(child, depth) for child in resources.named_children] if resources is not None else []
        handlers, last = [], list[Form]()
        for child in node.named_children:
            kind = self.rows.get(child.type, ("",))[0]
            if kind == "handler":
                handlers.append(self._make("block", child, body=tuple(self._children(child, depth))))
            elif child.type in {"finally_clause", "else_clause", "ensure"}:
                last += self.block(child, depth)
        body = (*(s for s in start if s), *self.block(node.child_by_field_name(row[1]), depth))
        made = self._make("try", node, body=body, orelse=tuple(handlers))
        return self._make("block", node, body=(made, *last)) if last else made

    def _handler(self, node: Node, _row: Row, depth: int) -> Form:
        return self._make("block", node, body=tuple(self._children(node, depth)))

    def _with(self, node: Node, row: Row, depth: int) -> Form:
        body = node.child_by_field_name(row[1])
        start = tuple(self._children(node, depth, skip=body))
        return self._make("block", node, body=(*start, *self.block(body, depth)))

    def _alias(self, node: Node, _row: Row, depth: int) -> Form | None:
        inner = node.named_children
        if len(inner) < 2:
            return self._other(node, depth)
        target = inner[-1].named_children[0] if inner[-1].named_children else inner[-1]
        return self.assigned(node, target, self.form(inner[0], depth), "=", depth)

    def _return(self, node: Node, _row: Row, depth: int) -> Form:
        parts = tuple(self._children(node, depth))
        base = parts[0] if len(parts) == 1 else self._make("list", node, parts=parts) if parts else None
        if base is not None and base.kind == "list" and len(base.parts) == 1 and self.language in {"go", "ruby"}:
            base = base.parts[0]
        return self._make("return", node, base=base)

    def _raise(self, node: Node, _row: Row, depth: int) -> Form:
        parts = tuple(self._children(node, depth))
        return self._make("raise", node, base=parts[0] if parts else None)

    def _break(self, node: Node, _row: Row, _depth: int) -> Form:
        return self._make("break", node)

    def _continue(self, node: Node, _row: Row, _depth: int) -> Form:
        return self._make("continue", node)


_SEVERAL: Final = frozenset(
    ["pattern_list", "tuple_pattern", "expression_list", "left_assignment_list", "list_literal", "variable_declaration"]
)
_STATEMENTS: Final = frozenset(
    ["return", "raise", "if", "loop", "switch", "try", "assign", "break", "continue", "function", "class"]
)


def _fields(node: Node, names: str) -> list[Node]:
    return [one for name in names.split("|") for one in node.children_by_field_name(name) if one.is_named]


def _declarator(node: Node | None) -> tuple[Node | None, Node | None, int]:
    """The name in a C declarator, the size if it is an array, and how many pointers."""
    size, stars = None, 0
    for _ in range(_DEEPEST_DECLARATOR):
        if node is None or node.type not in _DECLARATORS or node.type == "function_declarator":
            break
        stars += node.type == "pointer_declarator"
        size = size or node.child_by_field_name("size")
        node = node.child_by_field_name("declarator") or (node.named_children[0] if node.named_children else None)
    return node, size, stars


def _function_declarator(node: Node | None) -> tuple[Node | None, Node | None]:
    given = None
    for _ in range(_DEEPEST_DECLARATOR):
        if node is None or node.type not in _DECLARATORS:
            break
        given = node.child_by_field_name("parameters") or given
        node = node.child_by_field_name("declarator") or (node.named_children[0] if node.named_children else None)
    return node, given
