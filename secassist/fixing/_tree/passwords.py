"""Fast hashes of passwords in PHP and Node become slow ones with a salt of the installation: same input, same output."""

import re
from typing import TYPE_CHECKING

from secassist.fixing._tree.calls import Splices
from secassist.fixing.base import PASSWORDS
from secassist.fixing.tree_code import STRINGS, Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

TOLD = (
    "Passwords need a slow hash with a salt: {} and a salt of this installation in PASSWORD_SALT. A salt per user is better "
    "still ({}) and needs another comparison. Stored hashes do not match."
)
NODE_HASH = r"(?:\w*[cC]rypto|require\(['\"](?:node:)?crypto['\"]\))\.createHash"
_DRAWN = re.compile(r"(?i)uniqid|rand|\btime\(|date|now\(")
"""What makes a value that was drawn, not one that somebody chose."""
_FAST = re.compile(r"md[245]|sha-?1", re.IGNORECASE)
_SALT = "(getenv('PASSWORD_SALT') ?: throw new RuntimeException('PASSWORD_SALT is not set'))"
_ROUNDS = 600_000
"""OWASP's figure for PBKDF2 with HMAC-SHA-256."""


def php_slow(code: TreeCode, call: Call) -> Splices:
    """`md5($password)`, `sha1(...)` or `hash('md5', ...)`, as hexadecimal digits; whole bytes are left alone."""
    args = list(call.args)
    if call.name == "hash":
        if len(args) != 2 or args[0].type not in STRINGS or not _FAST.fullmatch(code.source(args[0])[1:-1]):
            return []
        args = args[1:]
    if len(args) != 1 or not _is_password(code, args[0], call):
        return []
    return [code.put(call.node, f"hash_pbkdf2('sha256', {code.source(args[0])}, {_SALT}, {_ROUNDS})")]


def node_slow(code: TreeCode, call: Call) -> Splices:
    """`crypto.createHash("md5").update(password).digest("hex")`, in one piece."""
    if not call.args or not _FAST.fullmatch(code.source(call.args[0])[1:-1]):
        return []
    updated = _chained(code, call.node, "update")
    ended = _chained(code, updated.node, "digest") if updated is not None else None
    if updated is None or ended is None or len(updated.args) != 1 or len(ended.args) > 1:
        return []
    if not _is_password(code, updated.args[0], ended):
        return []
    module = call.name.removesuffix(".createHash")
    as_text = f".toString({code.source(ended.args[0])})" if ended.args else ""
    given = code.source(updated.args[0])
    return [code.put(ended.node, f"{module}.scryptSync({given}, process.env.PASSWORD_SALT, 32){as_text}")]


def _chained(code: TreeCode, node: "Node", name: str) -> Call | None:
    """The call of this method on the result of a call."""
    member = node.parent
    above = member.parent if member is not None else None
    found = code.call(above) if above is not None else None
    if found is None or member is None or found.callee.id != member.id:
        return None
    return found if found.name.rpartition(".")[2] == name else None


def _is_password(code: TreeCode, given: "Node", call: Call) -> bool:
    return PASSWORDS.search(_about(code, call)) is not None and _DRAWN.search(code.source(given)) is None


def _about(code: TreeCode, call: Call) -> str:
    """The statement that holds the call: what its values are called."""
    node = call.node
    while node.parent is not None and not node.type.endswith(("statement", "declaration")):
        node = node.parent
    return code.source(node)[:400]
