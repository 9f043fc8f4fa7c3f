"""Functions that copy one object into another, level by level, and would copy what `__proto__` holds into every object."""

from typing import Final

from secassist.detectors._flow.names import every
from secassist.parsing.forms import Form, Program

_REFUSED: Final = frozenset({"__proto__", "constructor", "prototype"})
"""Keys by which the prototype of all objects is reached; a function that names one of them minds them."""
_OWN: Final = frozenset({"hasOwnProperty", "hasOwn"})
_LISTS: Final = frozenset({"keys", "entries", "ownKeys", "getOwnPropertyNames"})


def merges(program: Program, forms: list[Form]) -> list[int]:
    """Lines in which a function that calls itself for the parts of two objects writes the keys of one into the other.

    `forms` are those of the program.
    """
    named = {
        id(form.base): form.parts[0].text
        for form in forms
        if form.kind == "assign" and form.base is not None and form.base.kind == "function" and form.parts
    }
    return [
        line
        for function in program.definitions
        if len(function.parts) > 1
        for line in _written(function, function.text or named.get(id(function), ""))
    ]


def _written(function: Form, name: str) -> list[int]:
    """The last line that writes a key of one parameter into another, where nothing keeps `__proto__` out."""
    params = {param.text for param in function.parts if param.text}
    forms = list(every(function.body))
    if not name or any(form.text in _REFUSED for form in forms):
        return []
    items = {item for form in forms if (item := _item(form)) and item[0] in params}
    found = []
    for target, key in sorted(items):
        sources = [source for source, other in items if other == key and source != target]
        lines = [form.line for form in forms if form.kind == "assign" and (target, key) in map(_item, form.parts)]
        walked = any(_walks(form, source, key) for source in sources for form in forms)
        if lines and walked and _goes_deeper(forms, name, target, key) and not _asked(forms, target):
            found.append(max(lines))
    return found


def _item(form: Form) -> tuple[str, str] | None:
    """`a[k]`, both of them names."""
    if form.kind != "index" or form.base is None or len(form.parts) != 1:
        return None
    return (form.base.text, form.parts[0].text) if form.base.kind == form.parts[0].kind == "name" else None


def _walks(form: Form, source: str, key: str) -> bool:
    """`for (k in source)`, `for (k of Object.keys(source))`, `Object.keys(source).forEach(k => ...)`."""
    if form.kind == "loop" and form.text == "each" and form.base is not None:
        names = {name.text for part in form.parts for name in every((part,))}
        return key in names and (form.base.text == source or _lists(form.base, source))
    if form.kind != "call" or form.text != "forEach" or form.base is None or not form.parts:
        return False
    return _lists(form.base, source) and any(param.text == key for param in form.parts[0].parts)


def _lists(form: Form, source: str) -> bool:
    return form.kind == "call" and form.text in _LISTS and any(part.text == source for part in form.parts)


def _goes_deeper(forms: list[Form], name: str, target: str, key: str) -> bool:
    """Whether the function calls itself for what both objects hold under a key."""
    calls = (form for form in forms if form.kind == "call" and form.text == name and len(form.parts) > 1)
    return any((target, key) in map(_item, every(call.parts)) for call in calls)


def _asked(forms: list[Form], target: str) -> bool:
    """Whether it asks what the target itself holds, which `__proto__` is not part of."""
    calls = (form for form in forms if form.kind == "call")
    return any(
        (call.text in _OWN or ".hasOwnProperty.call" in call.path) and any(one.text == target for one in every((call,)))
        for call in calls
    )
