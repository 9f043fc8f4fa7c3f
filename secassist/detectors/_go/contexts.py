"""Contexts of Go: what ends one is thrown away, and loops that never ask whether theirs has ended."""

from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.walking import below, walk
from secassist.parsing.forms import Form

_MADE: Final = frozenset(
    ["WithCancel", "WithTimeout", "WithDeadline", "WithCancelCause", "WithTimeoutCause", "WithDeadlineCause"]
)
_LEAVES: Final = frozenset({"return", "break", "raise"})
_ENDS: Final = frozenset({"panic", "Exit", "Fatal", "Fatalf", "Fatalln", "Goexit"})
MOST_FORMS: Final = 4_000


def contexts(function: Form, shared: frozenset[str]) -> Iterator[tuple[str, int]]:
    """(rule, line) of contexts in a function that nobody ends or asks. `shared`: names that all functions know."""
    every = walk(function)
    for form in every:
        if form.kind == "assign" and (name := _ender(form)):
            blank = {one.base for one in every if one.kind == "assign" and _is_blank(one)}
            known = name in shared or any(
                one.kind in {"name", "call"} and one.text == name and one not in form.parts and one not in blank
                for one in _inside(function)
            )
            if name == "_" or not known:
                yield "context-never-ended", form.line
    asked = [param.text for param in function.parts if param.keys and param.keys[0] == "context.Context"]
    for form in every:
        if asked and form.kind == "loop" and form.text == "while" and form.base is None and _endless(form, asked):
            yield "loop-never-ended", form.line


def _ender(form: Form) -> str:
    """What the function is called that ends a context made here, "" where none is made."""
    made = form.base
    if made is not None and made.kind == "list" and len(made.parts) == 1:
        made = made.parts[0]
    if made is None or made.kind != "call" or made.text not in _MADE or made.path.partition(".")[0] != "context":
        return ""
    return form.parts[-1].text if len(form.parts) == 2 and form.parts[-1].kind == "name" else ""


def _is_blank(form: Form) -> bool:
    """`_ = x`"""
    return bool(form.parts) and all(part.text == "_" for part in form.parts)


def _endless(form: Form, asked: list[str]) -> bool:
    """Whether a loop calls something again and again, leaves by no way and speaks of none of these contexts' ends."""
    calls = False
    for one in _inside(form):
        if one.kind in _LEAVES or (one.kind == "op" and one.text == "<-") or (one.kind == "call" and one.text in _ENDS):
            return False
        if one.kind == "call" and one.text in {"Done", "Err"} and one.base is not None and one.base.text in asked:
            return False
        calls = calls or one.kind == "call"
    return calls


def _inside(form: Form) -> list[Form]:
    """The forms in one, also those of functions in it."""
    waiting, found = list(below(form)), list[Form]()
    while waiting and len(found) < MOST_FORMS:
        one = waiting.pop()
        found.append(one)
        waiting += below(one)
    return found
