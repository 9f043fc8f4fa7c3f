"""Formats that are filled, and the values of `a or b`: what is known of the outcome."""

import re
from dataclasses import replace

from secassist.detectors import _flow_fold as fold
from secassist.detectors._flow_value import UNKNOWN, Value, constant, join, text


def logical(sign: str, values: list[Value]) -> Value:
    """The value of `a || b` and `a && b`, not only its truth."""
    stops = sign in {"||", "or", "??"}
    said = [fold.truth(value.const) for value in values]
    if any(one is stops for one in said) and sign != "??":
        first = next(place for place, one in enumerate(said) if one is stops)
        if first == 0 or all(one is not None for one in said[:first]):
            return values[first]
        return join(values[: first + 1]) if stops else constant(False)
    if all(one is not None for one in said):
        return values[-1]
    return join(values) if stops else values[-1]


def formatted(form: Value, given: list[Value]) -> Value:
    """A format filled with values: what stands before its first place stays in front."""
    if not isinstance(form.const, str):
        return replace(text([form, *given]), built=form.built or bool(form.level and given))
    start = re.split(r"%(?!%)|\{(?!\{)", form.const, maxsplit=1)[0]
    numbers = re.findall(r"%[-+ 0#]*\d*(?:\.\d+)?l{0,2}([a-zA-Z])", form.const)
    if numbers and all(one in "dfiuxXoeEgGc" for one in numbers):
        given = [value.cleaned("all") if not value.known else value for value in given]
    values = [value.whole for value in given]
    if all(value.known for value in values) and len(values) == 1 and form.const.count("%s") == 1:
        return constant(form.const.replace("%s", str(values[0].const)))
    made = text([constant(start), *values, constant(" ")])
    return replace(made, const=UNKNOWN, before=made.before if start or not made.known else start, level=made.level)
