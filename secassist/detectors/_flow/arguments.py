"""Which arguments of a call a rule looks at, and whether its conditions on them hold."""

import re

from secassist.detectors._flow.fold import spelled_low
from secassist.detectors._flow.names import told
from secassist.detectors._flow.rules import Condition
from secassist.detectors._flow.value import FIXED, Value
from secassist.parsing.forms import Form


def chosen(places: str, form: Form, given: list[Value], receiver: Value | None) -> list[Value]:
    """The arguments at the places of a rule."""
    if places == "*":
        return given
    found = []
    for place in places.split():
        if place == "r":
            found += [receiver] if receiver is not None else []
        elif place.endswith("+"):
            found += given[int(place[:-1]) :]
        else:
            value = argument(place, form, given)
            found += [value] if value is not None else []
    return found


def argument(place: str, form: Form, given: list[Value]) -> Value | None:
    """The argument at a place ("0") or with a name ("shell"); in a map given as an argument too."""
    if place.lstrip("-").isdigit():
        number = int(place)
        keys = form.keys or ("",) * len(given)
        placed = [value for key, value in zip(keys, given, strict=False) if key in {"", "*", "&", "..."}]
        return placed[number] if -len(placed) <= number < len(placed) else None
    for key, value in zip(form.keys, given, strict=False):
        if key == place:
            return value
    for value in given:
        if value.members and place in value.members:
            return value.members[place]
    return None


def conditioned(options: str, form: Form, given: list[Value]) -> bool:
    """Whether the arguments are those that the options of a sink name."""
    for option in options.split():
        place, at, form_of = option.partition("@")
        if at:
            part = _part(place, form)
            if part is None or not re.search(form_of, part.path or part.text):
                return False
            continue
        name, sign, wanted = option.partition("=")
        if sign:
            value = argument(name, form, given)
            if value is None or spelled_low(value.const) != wanted.lower():
                return False
    return True


def holds(condition: Condition, form: Form, given: list[Value], receiver: Value | None) -> bool:
    """Whether a condition of a rule holds for a call."""
    name, how, pattern = condition
    if how == "always":
        return True
    value = receiver if name == "r" else argument(name, form, given)
    if how == "path":
        part = _part(name, form)
        return part is not None and pattern is not None and pattern.search(_written(part)) is not None
    if how == "missing":
        return value is None and not any(key in {"*", "**"} for key in form.keys) and not _set_behind(name, form)
    if value is None:
        return False
    if how == "unmarked":
        return value.kind.endswith("Cookie") and pattern is not None and pattern.pattern not in value.clean
    if how == "marked":
        return pattern is not None and pattern.pattern in value.clean
    if how == "open":
        return not value.known and not value.clean & {"all"}
    if how == "foreign":
        return value.level > FIXED and not value.clean & {"all", "code"}
    if how == "given":
        return True
    if value.function is not None:  # a handler that gives back the same always
        return pattern is not None and pattern.search(told(value)) is not None
    if value.members and all(part.known for part in value.members.values()):  # bytes that are spelled out
        return (
            pattern is not None
            and pattern.search(",".join(str(part.const) for part in value.members.values())) is not None
        )
    text = (
        "null"
        if value.known and value.const is None
        else spelled_low(value.const)
        if isinstance(value.const, bool)
        else str(value.const)
    )
    return value.known and pattern is not None and pattern.search(text) is not None


def _written(part: Form) -> str:
    """A name as it is spelled; of `A.B | A.C` and of lists each, one behind the other."""
    several = part.kind in {"op", "list"} or part.path.startswith("[]")
    return " ".join(map(_written, part.parts)) if several else part.path or part.text


def _set_behind(name: str, form: Form) -> bool:
    """`new A(b) { name = c }`"""
    return any(part.text == name for one in form.body if one.kind == "assign" for part in one.parts)


def _part(place: str, form: Form) -> Form | None:
    """The argument itself, as it is written."""
    if place.isdigit():
        return form.parts[int(place)] if int(place) < len(form.parts) else None
    return next((part for key, part in zip(form.keys, form.parts, strict=False) if key == place), None)
