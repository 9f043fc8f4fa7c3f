"""Commands that stay commands: each value in one is asked whether it is a plain word before the program is started."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from secassist.fixing._tree.guards import guarded
from secassist.fixing._tree.text import Value, given_to, text_of
from secassist.fixing.base import FixError, Proposal
from secassist.fixing.tree_code import STRINGS, Call, TreeCode

if TYPE_CHECKING:
    from tree_sitter import Node

ARGUMENT = r"[\p{L}\p{N}_./:@%+=, ][\p{L}\p{N}_./:@%+=, -]*"
"""One argument of a program: it is not empty and no option."""
WORD = r"[A-Za-z0-9_./:@+=,][A-Za-z0-9_./:@+=,-]*"
"""What a POSIX shell, and whoever splits a command at its spaces, reads as one plain word, and no option."""
_TOLD = "A value that is an option, or holds characters beyond those of names, paths and addresses, is refused."
_LAUNCHERS = re.compile(r"^(?:sudo|doas|su|env|xargs|nohup|time|nice|ssh|chroot|watch|timeout|eval|busybox)$")
_SHELLS = re.compile(r"^(?:(?:ba|da|k|z|c)?sh|cmd|powershell|pwsh)(?:\.exe)?$")
_OPEN_PROGRAM = "the program itself is not fixed; only a list of known programs makes that safe"
_LAUNCHED = "what is started is chosen by the arguments; only a list of known commands makes that safe"
_ELSEWHERE = "the arguments are a list that is made elsewhere; check each value where it is put in"
_WHOLE = "the whole command comes from elsewhere; start the program itself, with a list of arguments"
_STARTS = {
    "go": re.compile(r"^exec\.Command(?:Context)?$"),
    "java": re.compile(r"(?i)runtime(?:\(\))?\.exec$|^(?:rt|r)\.exec$|^(?:java\.lang\.)?ProcessBuilder$"),
    "csharp": re.compile(r"(?:^|\.)(?:Process\.Start|ProcessStartInfo)$"),
    "javascript": re.compile(r"(?:^|\.)exec(?:Sync)?$"),
    "typescript": re.compile(r"(?:^|\.)exec(?:Sync)?$"),
}
_LISTS = ("array_creation_expression", "array_initializer", "implicit_array_creation_expression")


def plain_words(code: TreeCode, first: int, last: int, cwe: str) -> Iterator[Proposal]:
    """What a fixed program is given is asked for its characters before it is started."""
    if code.language not in _STARTS or cwe not in ("CWE-77", "CWE-78", "CWE-88"):
        return
    for call in code.calls(first, last):
        if not _STARTS[code.language].search(call.name) or not call.args:
            continue
        if code.language.endswith("script") and "child_process" not in code.text and not call.name.startswith("cp."):
            continue
        args = list(call.args[1:] if call.name.endswith("Context") else call.args)
        if code.language == "go" or call.name.endswith("ProcessBuilder") or _listed(code, args[0]) is not None:
            values, pattern = _of_list(code, call, _listed(code, args[0]) or args)
        else:
            values, pattern = _of_text(code, args[:2] if code.language == "csharp" else args[:1])
        if values:
            yield guarded(code, values, pattern, "plain-arguments", _TOLD)


def _listed(code: TreeCode, node: "Node") -> "list[Node] | None":
    """The members of an array that is written there, or is all that a name was given."""
    if node.type == "identifier" and (given := given_to(code, node)) is not None:
        node = given
    if node.type not in _LISTS:
        return None
    inner = next(code.within(node, "array_initializer", "initializer_expression"), node)
    return [child for child in inner.named_children if "comment" not in child.type]


def _of_list(code: TreeCode, call: Call, args: "list[Node]") -> tuple[list[Value], str]:
    if args[0].type not in STRINGS:
        text = text_of(code, args[0])
        if len(args) == 1 and text.built:
            return _of_text(code, args)
        raise FixError(_OPEN_PROGRAM)
    program = re.split(r"[/\\\\]", code.source(args[0]).strip('"`'))[-1]
    if _LAUNCHERS.match(program):
        raise FixError(_LAUNCHED)
    if "..." in code.source(call.node)[-8:]:
        raise FixError(_ELSEWHERE)
    texts = [text_of(code, arg) for arg in args[1:] if arg.type not in STRINGS]
    shell = _SHELLS.match(program) is not None
    if shell and not all(text.built for text in texts):
        raise FixError(_WHOLE)
    return [value for text in texts for value in text.values], WORD if shell else ARGUMENT


def _of_text(code: TreeCode, args: "list[Node]") -> tuple[list[Value], str]:
    """A command in one text, or a program and the text of its arguments."""
    texts = [text_of(code, arg) for arg in args]
    head = texts[0].pieces[0] if texts and texts[0].pieces else ""
    split = len(texts) > 1
    form = r"\s*([\w./:\\\\-]+)\s*" if split else r"\s*([\w./:\\\\-]+)\s"
    found = re.match(form, head) if isinstance(head, str) else None
    if found is None:
        raise FixError(_OPEN_PROGRAM if texts and texts[0].built else _WHOLE)
    if _LAUNCHERS.match(re.split(r"[/\\\\]", found[1])[-1]):
        raise FixError(_LAUNCHED)
    return [value for text in texts for value in text.values], WORD


REWRITES = (plain_words,)
"""In the order in which they are tried."""
