"""Formats that are filled, and the values of `a or b`: what is known of the outcome."""

import re
from typing import Final

from secassist.detectors._flow import fold
from secassist.detectors._flow.value import LONGEST_AFTER, UNKNOWN, Value, constant, join, replace, text

_PLACE: Final = re.compile(
    r"(%(?!%)(?:\(\w{1,40}\))?[-+ 0#]{0,5}\d{0,6}(?:\$)?(?:\.\d{1,6})?l{0,2}[a-zA-Z]?|\{(?!\{)[^{}]{0,80}\}?)"
)
_NUMBERS: Final = frozenset("dfiuxXoeEgGc")
"""Letters of places that are filled with numbers."""


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
        return _behind(form, given)
    pieces = [piece.replace("\0", "%") for piece in _PLACE.split(form.const.replace("%%", "\0"))]
    start, places = pieces[0], pieces[1::2]
    values = [value.whole for value in given]
    if len(places) == len(values):
        values = [_placed(value, place) for value, place in zip(values, places, strict=True)]
    elif places and all(place[-1] in _NUMBERS for place in places):
        values = [value.cleaned("all") if not value.known else value for value in values]
    if all(value.known for value in values) and len(values) == 1 and form.const.count("%s") == 1:
        return constant(form.const.replace("%s", str(values[0].const)))
    between = (
        [constant(piece) for piece in pieces[2::2]] if len(places) == len(values) else [constant(" ")] * len(values)
    )
    made = text([constant(start), *(one for pair in zip(values, between, strict=True) for one in pair), constant(" ")])
    return replace(made, const=UNKNOWN, before=made.before if start or not made.known else start, level=made.level)


def _behind(form: Value, given: list[Value]) -> Value:
    """A format that is known behind its last part that is no constant only; the places are filled where all are there."""
    pieces = _PLACE.split(form.after)
    places, between = pieces[1::2], [constant(piece) for piece in pieces[2::2]]
    if not places or len(places) != len(given) or len(form.after) >= LONGEST_AFTER or _PLACE.search(form.before):
        return replace(text([form, *given]), built=form.built or bool(form.level and given))
    values = [_placed(value.whole, place) for value, place in zip(given, places, strict=True)]
    rest = (one for pair in zip(values, between, strict=True) for one in pair)
    return text([replace(form, after=pieces[0]), *rest])


def _placed(value: Value, place: str) -> Value:
    """A value where a number is written, which cannot carry anything else."""
    if place == "%q":  # of Go: quoted and escaped
        return value.cleaned("log", "header")
    return value.cleaned("all") if place[0] == "%" and place[-1] in _NUMBERS and not value.known else value
