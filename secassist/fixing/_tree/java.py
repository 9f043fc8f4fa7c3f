"""Java: engines that run expressions get a sandbox, documents a safe constructor, random texts the system's source."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.text import given_to
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.blocks import Splice, blocks_of
from secassist.fixing.tree_code import Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 4
_SANDBOX = ".sandbox(new org.apache.commons.jexl3.introspection.JexlSandbox(false))"
_SANDBOX_TOLD = (
    "Expressions may calculate and read the context, but reach no class; allow those that yours need in the sandbox."
)


def sandboxed(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """JEXL 3: the engine that runs an expression on these lines is built with a sandbox that allows nothing."""
    if code.language != "java" or cwe not in ("CWE-94", "CWE-95", "CWE-917"):
        return
    for call in code.calls(first, last):
        builder = _builder(code, call)
        if builder is not None and ".sandbox(" not in code.source(builder.parent):
            end = code.span(builder)[1]
            yield Proposal("sandbox", blocks_of(code.text, [Splice(end, end, _SANDBOX)]), _SANDBOX_TOLD)
            return


def _builder(code: TreeCode, call: Call) -> "Node | None":
    """`new JexlBuilder()` from which the engine of a call comes, through the names that lead to it."""
    node = call.node
    for _ in range(_DEEPEST):
        owner = node.child_by_field_name("object")
        while owner is not None and owner.type == "method_invocation":
            owner = owner.child_by_field_name("object")
        given = given_to(code, owner) if owner is not None and owner.type == "identifier" else owner
        if given is None:
            return None
        if given.type == "method_invocation" and (made := next(_made(code, given), None)) is not None:
            return made
        node = given
    return None


def _made(code: TreeCode, node: "Node") -> "Iterator[Node]":
    for each in code.within(node, "object_creation_expression"):
        if code.source(each.child_by_field_name("type")).endswith("JexlBuilder"):
            yield each


_SAFE_YAML = "new org.yaml.snakeyaml.constructor.SafeConstructor(new org.yaml.snakeyaml.LoaderOptions())"


def safe_yaml(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """SnakeYAML: a loader without a constructor of its own builds plain values only."""
    if code.language != "java" or cwe not in ("CWE-502", "CWE-20"):
        return
    names = {call.name.rpartition(".")[0] for call in code.calls(first, last)}
    for call in code.calls(1, code.text.count("\n") + 1):
        if not call.made or call.name not in ("Yaml", "org.yaml.snakeyaml.Yaml"):
            continue
        holder = call.node.parent
        name = code.source(holder.child_by_field_name("name")) if holder is not None else ""
        on = first <= call.node.start_point[0] + 1 <= last
        scope = code.source(code.scope(call.node))
        if not on and name not in names:
            continue
        if name and re.search(rf"\b{re.escape(name)}\.loadAs\(", scope):
            raise FixError(
                "loadAs builds objects of a class: give the loader a Constructor for that class and a tag inspector"
            )
        made = r"Constructor\((?:\w+\.class)?\)$"
        if not call.args or (len(call.args) == 1 and re.search(made, code.source(call.args[0]))):
            start, end = code.span(call.node)
            new = f"new {call.name}({_SAFE_YAML})"
            told = "Plain values are built, never objects of a class that the document names."
            yield Proposal("safe-constructor", blocks_of(code.text, [Splice(start, end, new)]), told)


_TEXTS = {
    "randomAlphanumeric": "true, true",
    "randomAlphabetic": "true, false",
    "randomNumeric": "false, true",
    "random": "false, false",
}


def system_random(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """RandomStringUtils, RandomUtils and ThreadLocalRandom by SecureRandom."""
    if code.language != "java" or cwe not in ("CWE-330", "CWE-331", "CWE-335", "CWE-338"):
        return
    for call in code.calls(first, last):
        owner, _, name = call.name.rpartition(".")
        args = [code.source(arg) for arg in call.args]
        new = ""
        if owner.endswith("RandomStringUtils") and name in _TEXTS and len(args) == 1:
            new = f"{owner}.random({args[0]}, 0, 0, {_TEXTS[name]}, null, new java.security.SecureRandom())"
        elif owner.endswith("RandomStringUtils") and name == "random" and len(args) == 3:
            new = f"{owner}.random({args[0]}, 0, 0, {args[1]}, {args[2]}, null, new java.security.SecureRandom())"
        elif owner.endswith("ThreadLocalRandom") and name == "current":
            new = "new java.security.SecureRandom()"
        if new:
            told = "The numbers come from the system's source and cannot be foretold."
            yield Proposal("system-random", blocks_of(code.text, [code.put(call.node, new)]), told)


_OLD = re.compile(r'"(?:SSL|SSLv[23]|TLSv1|TLSv1\.[01])"')


def only_new_protocols(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """Of a list of protocols those that still hold; TLS 1.2 where none is left."""
    if code.language != "java" or cwe not in ("CWE-327", "CWE-326"):
        return
    for node in code.on(first, last):
        if node.type not in ("argument_list", "array_initializer"):
            continue
        texts = [child for child in node.named_children if child.type == "string_literal"]
        old = [child for child in texts if _OLD.fullmatch(code.source(child))]
        if not old:
            continue
        kept = any(re.fullmatch(r'"TLSv1\.[23]"', code.source(child)) for child in texts)
        splices = [] if kept else [code.put(old[0], '"TLSv1.2"')]
        splices += [_without(code, node, child) for child in (old if kept else old[1:])]
        told = "TLS 1.2 is the oldest version that still holds."
        yield Proposal("newer-protocol", blocks_of(code.text, splices), told)


def _without(code: TreeCode, node: "Node", child: "Node") -> Splice:
    """The literal with the comma behind it, or before it where it is the last."""
    start, end = code.span(child)
    after = re.compile(r"\s*,\s*").match(code.text, end)
    if after:
        return Splice(start, after.end(), "")
    before = re.compile(r",\s*$").search(code.text[code.span(node)[0] : start])
    return Splice(start - (len(before[0]) if before else 0), end, "")


REWRITES = (sandboxed, safe_yaml, system_random, only_new_protocols)
"""In the order in which they are tried."""
