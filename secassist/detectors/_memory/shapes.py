"""Expressions and calls of C and C++ that cannot mean what they say, or do more than seems: operators, the stack, files."""

from collections.abc import Iterator
from typing import Final

from secassist.detectors._memory.walking import COMPARED, Survey, bare, below, inside
from secassist.parsing.forms import Form

_TRUTH: Final = COMPARED | {"!", "&&", "||"}
"""Operators whose result is yes or no."""
_ON_STACK: Final = frozenset({"alloca", "_alloca", "__builtin_alloca", "_malloca"})
_LEAVES: Final = frozenset({"return", "break", "raise"})
FEW_ROUNDS: Final = 64
"""Rounds of a loop that do no harm to a stack."""
MOST_FORMS: Final = 4_000


def shapes(seen: Survey) -> Iterator[tuple[str, int]]:
    """(rule, line) of what one function holds."""
    calls = {form.text for form in seen.every if form.kind == "call"}
    for form in seen.every:
        if form.kind == "op" and form.text in {"&", "|"} and _mixed(form):
            yield "operator-mistaken", form.line
        elif form.kind == "op" and form.text == ">>" and (target := _read_into(form, seen)):
            yield "unbounded-read", target
        elif form.kind == "loop" and not _ends_soon(form, seen):
            yield from (("stack-in-loop", line) for line in _taken(form))
        elif (
            form.kind == "call" and form.text in {"open", "open64"} and len(form.parts) == 2 and _creates(form.parts[1])
        ):
            yield "mode-missing", form.line
        elif form.kind == "call" and form.text == "chroot" and not calls & {"chdir", "fchdir"}:
            yield "folder-kept", form.line


def _mixed(form: Form) -> bool:
    """`a & !b`: yes or no is put together bit by bit with a number."""
    parts = [bare(part) for part in form.parts]
    if len(parts) != 2 or any(part is None for part in parts):
        return False
    turned = [part is not None and part.kind == "op" and part.text == "!" for part in parts]
    twice = [part is not None and part.kind == "op" and part.text == "!" and _is_turned(part) for part in parts]
    truth = [part is not None and part.kind == "op" and part.text in _TRUTH for part in parts]
    return any(turned) and not all(truth) and not any(twice) and not any(_says(part) for part in parts)


def _is_turned(form: Form) -> bool:
    """`!!x`"""
    inner = bare(form.parts[0]) if form.parts else None
    return inner is not None and inner.kind == "op" and inner.text == "!"


def _says(form: Form | None) -> bool:
    """Whether an operand may be yes or no itself, whatever its name: a call, a choice, a constant true or false."""
    return form is not None and (form.kind in {"call", "ternary", "const", "assign"} or form.text.startswith("is"))


def _read_into(form: Form, seen: Survey) -> int:
    """The line of `std::cin >> buffer` without a width, 0 elsewhere."""
    target = form.parts[-1] if len(form.parts) == 2 else None
    if target is None or target.kind != "name" or target.text not in seen.arrays:
        return 0
    names = {one.path or one.text for one in inside(form.parts[0])}
    if any(one.kind == "call" and one.text == "width" for one in seen.every):
        return 0
    if "char" not in seen.types.get(target.text, "") or not names & {"cin", "std.cin"}:
        return 0
    return 0 if any(name.rpartition(".")[2] == "setw" for name in names) else form.line


def _taken(loop: Form) -> Iterator[int]:
    """Lines of a loop on which memory is taken from the stack, which only the end of the function gives back."""
    waiting, count = list(loop.body), 0
    while waiting and count < MOST_FORMS:
        one = waiting.pop()
        count += 1
        if one.kind == "call" and one.text in _ON_STACK:
            yield one.line
        waiting += [part for part in below(one) if part.kind not in {"function", "loop"}]


def _ends_soon(loop: Form, seen: Survey) -> bool:
    """Whether a loop runs once, or is asked for nothing but small numbers and flags."""
    if any(form.kind in _LEAVES for form in loop.body):
        return True
    if loop.base is None or loop.text == "each":
        return False
    return all(_is_small(one, seen) for one in _asked(loop.base))


def _asked(form: Form) -> list[Form]:
    """The single questions of a condition."""
    inner = bare(form)
    if inner is None:
        return []
    if inner.kind == "op" and inner.text in {"&&", "||", "!"}:
        return [one for part in inner.parts for one in _asked(part)]
    return [inner]


def _is_small(form: Form, seen: Survey) -> bool:
    """`i < 4`, `stop`, `0`, and no pointer, call or other bound."""
    if form.kind == "op" and form.text in COMPARED:
        numbers = [one for one in map(bare, form.parts) if one is not None and one.kind in {"number", "const"}]
        return any(not one.text.isdigit() or int(one.text) <= FEW_ROUNDS for one in numbers)
    if form.kind == "number":
        return form.text == "0"
    return form.kind in {"name", "attr", "const"} and form.text != "true" and "*" not in seen.types.get(form.path, "*")


def _creates(flags: Form) -> bool:
    """Whether flags of `open` make a file, whose rights are then whatever stood on the stack."""
    return any(one.kind == "name" and one.text in {"O_CREAT", "O_TMPFILE"} for one in inside(flags))
