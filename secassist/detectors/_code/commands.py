"""Lines of Python that start a program which is named there and is no shell."""

import ast
import re
from typing import Final

from secassist.detectors._code.bindings import bindings, called, scopes

_SHELLS: Final = re.compile(
    r"(?i)(?:^|[/\\])(?:(?:a|ba|da|fi|k|tc|z|c)?sh|perl|ruby|node|python[\d.]{0,6}|php|lua|r?script)(?:\.exe)?$"
    r"|cmd(?:\.exe)?$|powershell|pwsh"
)
"""Programs that run what they are given as text."""
_RUNNERS: Final = re.compile(
    r"(?i)(?:^|[/\\])(?:env|xargs|sudo|su|doas|runuser|ssh|timeout|nohup|nice|ionice|setsid|flock|busybox|docker|podman"
    r"|kubectl|crictl|nsenter|chroot|unshare|watch|script|parallel|wsl|find|g?awk|tclsh|expect|osascript|mshta"
    r"|[wc]script|deno|bun|at|batch|systemd-run|start-stop-daemon|strace|ltrace|gdb)(?:\.exe)?$"
)
"""Programs that start others, or run text, by their arguments."""
_KEEPING: Final = frozenset({"append", "extend", "copy", "count", "index"})
"""Methods of lists after which their first member is the same."""


def plain(tree: ast.AST) -> frozenset[int]:
    """Lines of calls whose command is a list that begins with the name of a program that is no shell; 1-based.

    The list stands there, or a name does that its function binds to such lists alone and only ever adds to.
    """
    calls = {id(node): node for node in ast.walk(tree) if isinstance(node, ast.Call) and _starts(node)}
    homes = {id(node): scope for scope in scopes(tree) for node in ast.walk(scope) if id(node) in calls}
    names = {id(scope): _lists(scope) for scope in {id(scope): scope for scope in homes.values()}.values()}
    good = {call.lineno for key, call in calls.items() if _plain(call, names[id(homes[key])])}
    return frozenset(good - {call.lineno for key, call in calls.items() if not _plain(call, names[id(homes[key])])})


def _starts(call: ast.Call) -> bool:
    """Whether this looks like a call that starts a program."""
    return called(call) in {"run", "call", "check_call", "check_output", "Popen"}


def _plain(call: ast.Call, names: frozenset[str]) -> bool:
    if any(_opens_shell(keyword) for keyword in call.keywords):
        return False
    command = call.args[0] if call.args else None
    return command is not None and (_named(command) or (isinstance(command, ast.Name) and command.id in names))


def _named(command: ast.expr) -> bool:
    if not isinstance(command, ast.List | ast.Tuple) or not command.elts:
        return False
    words = [word.value if isinstance(word, ast.Constant) else None for word in command.elts]
    program = words[0]
    if not isinstance(program, str) or _RUNNERS.search(program):
        return False
    return not any(isinstance(word, str) and _SHELLS.search(word) for word in words)


def _opens_shell(keyword: ast.keyword) -> bool:
    """`shell=True`, a value that is not seen, an `executable`, arguments that are not written here."""
    if keyword.arg == "shell":
        return not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    return keyword.arg in {None, "executable"}


def _lists(scope: ast.AST) -> frozenset[str]:
    """Names that a function binds to such lists alone, and whose first member it leaves as it is."""
    bound = bindings(scope)
    good = {name for name, values in bound.values.items() if all(_named(value) for value in values)} - bound.unseen
    return frozenset(good - {name for node in ast.walk(scope) for name in _changed(node)})


def _changed(node: ast.AST) -> list[str]:
    """The name whose members a node sets, or of which it takes a method that may change them."""
    setting = isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)
    if setting or (isinstance(node, ast.Attribute) and node.attr not in _KEEPING):
        holder = getattr(node, "value", None)
        return [holder.id] if isinstance(holder, ast.Name) else []
    return []
