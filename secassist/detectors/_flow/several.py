"""What stands in several places at once: results of one call, parts of a list, what is added to a list."""

import re
from collections.abc import Iterator
from typing import Final

from secassist.detectors._flow.value import GUESSED, UNKNOWN, Value, constant, join, replace
from secassist.parsing.forms import Form

_ERROR: Final = re.compile(r"(?i)^(?:_|err|error|ok|found|exists|known|present|n|\w{1,30}(?:err|error|ok))$")
"""What the last of several results is called where it says whether the call went well."""


def each(form: Form, value: Value, language: str) -> Iterator[Value]:
    """What each target of an assignment gets; a call of Go that stands alone on the right side gives all of them."""
    base = form.base
    if len(form.parts) == 1:
        failed = language == "go" and base is not None and base.kind == "call" and _ERROR.match(form.parts[0].text)
        yield value.cleaned("log", "guess") if failed else value
        return
    alone = base is not None and base.kind == "list" and len(base.parts) == 1 and base.parts[0].kind == "call"
    one = value.member("0") if alone and value.members else value
    if alone and one.kind == "list" and one.members and len(one.members) == len(form.parts):
        yield from one.members.values()
        return
    for place, target in enumerate(form.parts):
        if not alone:
            yield value.member(str(place)) if value.members else replace(value, const=UNKNOWN)
        elif place and (place == len(form.parts) - 1 and _ERROR.match(target.text)):
            yield GUESSED
        else:
            yield one if not place else replace(one, const=UNKNOWN)


def sliced(value: Value, start: Value, end: Value | None) -> Value:
    """`value[start:end]`: of a list the places move, of a constant text a part is left."""
    first, last = start.const, end.const if end is not None else None
    known = isinstance(first, int) and first >= 0 and (last is None or (isinstance(last, int) and last >= 0))
    if isinstance(value.const, str):
        return constant(value.const[first:last]) if known else replace(value, const=UNKNOWN)
    members = value.members
    if members and known and "*" not in members and all(key.isdigit() for key in members):
        return _listed(list(members.values())[first:last])
    return (
        replace(value, const=UNKNOWN, members={"*": join(members.values())})
        if members
        else value.less("self").less("unslashed")
    )


def extended(value: Value, added: list[Value], keys: tuple[str, ...]) -> Value:
    """`append(value, added...)`; a list that is spread adds its parts."""
    rest = value.members or {}
    placed = value.members is not None or value.known or not value.level
    found = list(rest.values())
    for one, key in zip(added, keys, strict=True):
        if key == "*" and one.members is not None and "*" not in one.members:
            found += one.members.values()
        else:
            placed = placed and key != "*"
            found.append(one)
    if placed and "*" not in rest and all(key.isdigit() for key in rest):
        return _listed(found)
    worst = join([value, *found])
    return replace(worst, members={"*": replace(worst, members=None, kind="")}, kind="list", const=UNKNOWN)


def is_slice_type(form: Form) -> bool:
    """`[]byte`"""
    return form.kind == "other" and len(form.parts) == 1 and form.parts[0].path in {"byte", "rune", "uint8"}


def _listed(values: list[Value]) -> Value:
    worst = join(values)
    members = {str(place): one for place, one in enumerate(values[:64])}
    return replace(worst, const=UNKNOWN, built=False, members=members, kind="list", function=None)
