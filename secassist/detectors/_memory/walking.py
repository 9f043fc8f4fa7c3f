"""The expressions and statements of a C function, one after the other, and what they say of a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from secassist.parsing.forms import Form

MOST_FORMS: Final = 20_000
"""Expressions of one function that are looked at."""
MOST_INSIDE: Final = 400
"""Expressions of one condition or argument that are looked at."""
COMPARED: Final = frozenset({"<", ">", "<=", ">=", "==", "!="})
ASKING: Final = re.compile(
    r"(?i)assert|check|verify|require|ensure|likely|is_err|\bis_null|expect|fail|throw|guard|valid|overflow|safe"
)
_UPPER: Final = re.compile(r"[A-Z][A-Z0-9_]{2,80}")


def walk(function: Form) -> list[Form]:
    """The forms of a function in the order of the text, not those of functions in it."""
    waiting, found = list(reversed(function.body)), list[Form]()
    while waiting and len(found) < MOST_FORMS:
        form = waiting.pop()
        found.append(form)
        waiting += [one for one in reversed(below(form)) if one.kind != "function"]
    return found


def below(form: Form) -> list[Form]:
    """What stands directly in a form."""
    return [*([form.base] if form.base is not None else []), *form.parts, *form.body, *form.orelse]


def inside(form: Form | None) -> list[Form]:
    """The expressions in one, itself first; of statements only what they ask."""
    waiting, found = [form] if form is not None else [], list[Form]()
    while waiting and len(found) < MOST_INSIDE:
        one = waiting.pop()
        found.append(one)
        waiting += [*one.parts, *([one.base] if one.base is not None else [])]
    return found


def named(form: Form | None) -> frozenset[str]:
    """The paths of names and members in an expression."""
    return frozenset(one.path or one.text for one in inside(form) if one.kind in {"name", "attr"})


def bare(form: Form | None) -> Form | None:
    """An expression without the casts around it; `&x` and `*x` stay."""
    while form is not None and form.kind == "cast" and form.text not in {"&", "*"} and form.parts:
        form = form.parts[0]
    return form


def path_of(form: Form | None) -> str:
    """How a name or member is spelled, "" for all else."""
    inner = bare(form)
    return inner.path if inner is not None and inner.kind in {"name", "attr"} else ""


def is_nothing(form: Form | None) -> bool:
    """Whether it is written as NULL, nullptr or 0."""
    inner = bare(form)
    if inner is None:
        return False
    return inner.text in {"NULL", "nullptr", "0"} or (inner.kind == "const" and inner.text == "null")


def statements(function: Form) -> Iterator[Form]:
    """The expressions that stand for themselves as statements."""
    waiting, seen = [function], 0
    while waiting and seen < MOST_FORMS:
        one = waiting.pop()
        seen += 1
        for inner in (*one.body, *one.orelse):
            if inner.kind in {"call", "op"}:
                yield inner
            elif inner.kind in {"if", "loop", "switch", "case", "block", "try"}:
                waiting.append(inner)


@dataclass(slots=True)
class Survey:
    """One function as its rules see it: all forms, the types of its names, and what it asks about.

    `asked`: paths in a condition, a comparison, or a call that checks; `compared`: paths in `<`, `>` and the like only;
    `given`: the assignments to a path.
    """

    function: Form
    every: list[Form] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    arrays: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    given: dict[str, list[Form]] = field(default_factory=dict)


def survey(function: Form) -> Survey:
    """Goes through a function once."""
    made = Survey(function, walk(function))
    for param in function.parts:
        made.types[param.text] = param.keys[0] if param.keys else ""
    for form in made.every:
        if form.kind == "assign":
            for target in form.parts:
                made.given.setdefault(target.path, []).append(form)
        if form.kind == "assign" and form.keys and form.keys[0] and form.parts:
            made.types.setdefault(form.parts[0].text, form.keys[0])
            if form.body:
                made.arrays.add(form.parts[0].text)
        elif form.kind == "op" and form.text in COMPARED | {"!", "%", "/"}:
            made.asked |= (paths := named(form))
            if form.text in COMPARED - {"==", "!="} or form.text == "/":
                made.compared |= paths
        elif form.kind == "op" and form.text in {"&&", "||"}:
            made.asked |= {path for part in form.parts if (path := path_of(part))}
        elif form.kind in {"if", "loop", "ternary", "switch"}:
            made.asked |= named(form.base)
        elif form.kind == "call" and (ASKING.search(form.text) or _UPPER.fullmatch(form.text)):
            made.asked |= {path for part in form.parts for path in named(part)}
    return made
