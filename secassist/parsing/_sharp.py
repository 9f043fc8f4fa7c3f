"""Reads what only C# has: tuples with named parts, arms of a switch, variables declared as they are filled."""

import re
from typing import Final

from tree_sitter import Node

from secassist.parsing._tables import Row
from secassist.parsing._values import Values
from secassist.parsing.forms import Form
from secassist.parsing.tree import words

_BOUND: Final = re.compile(r"\[\s{0,9}(?:BindProperty|FromQuery|FromForm|FromRoute)\b")


class Sharp(Values):
    """The rows of `_tables` that stand for C# alone."""

    def _named(self, node: Node, row: Row, depth: int) -> Form | None:
        """`out var x`"""
        return self.form(self._field(node, row[1]), depth)

    def _property(self, node: Node, row: Row, depth: int) -> Form | None:
        """A property that a request fills is set to what `BindProperty` gives; of others, what stands in them."""
        name = self.form(self._field(node, row[1]), depth)
        attributes = (words(child)[:400] for child in node.named_children if child.type == "attribute_list")
        if name is None or not any(_BOUND.match(one) for one in attributes):
            return self._other(node, depth)
        given = self._make("call", node, "BindProperty", path="BindProperty")
        return self._make("assign", node, "=", parts=(name,), base=given)

    def _argument(self, node: Node, _row: Row, depth: int) -> Form | None:
        """`x`, `name: x`, `out x`; what a text is filled with."""
        name = node.child_by_field_name("name")
        found = [child for child in node.named_children if name is None or child.id != name.id]
        return self.form(next((child for child in found if not child.type.startswith("interpolation_")), None), depth)

    def _tuple(self, node: Node, _row: Row, depth: int) -> Form:
        keys, parts = [], []
        for place, child in enumerate(node.named_children):
            named, value = child.child_by_field_name("name"), self.form(child, depth)
            if value is not None:
                keys.append(words(named) if named is not None else f"Item{place + 1}")
                parts.append(value)
        plain = all(key.startswith("Item") for key in keys)
        return self._make("list" if plain else "map", node, parts=tuple(parts), keys=tuple(keys))

    def _arms(self, node: Node, _row: Row, depth: int) -> Form:
        """One of the values behind the arrows."""
        arms = [child for child in node.named_children if child.type == "switch_expression_arm"]
        values = (self.form(arm.named_children[-1], depth) for arm in arms if arm.named_children)
        return self._make("choice", node, parts=tuple(value for value in values if value is not None))
