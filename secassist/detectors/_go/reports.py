"""All that is wrong with one Go function: numbers that are cut, places beyond the end, contexts nobody ends, headers."""

from secassist.detectors._go.contexts import contexts
from secassist.detectors._go.headers import headers
from secassist.detectors._go.numbers import Numbers
from secassist.detectors._memory.state import Number
from secassist.detectors._memory.walking import below
from secassist.parsing.forms import Program

MOST_FORMS = 100_000


def wrong(program: Program) -> list[tuple[str, int]]:
    """(rule, line) of all functions, each once."""
    fixed = _constants(program)
    shared = frozenset(part.text for form in program.body if form.kind == "assign" for part in form.parts)
    found: set[tuple[str, int]] = set()
    for function in program.definitions:
        found |= {*Numbers(fixed).run(function), *contexts(function, shared), *headers(function)}
    return sorted(found, key=lambda one: (one[1], one[0]))


def _constants(program: Program) -> dict[str, Number]:
    """Numbers that the file gives a name outside of functions, where nothing else sets it."""
    sets: dict[str, int] = {}
    waiting, seen = [*program.body, *program.definitions], 0
    while waiting and seen < MOST_FORMS:
        form = waiting.pop()
        seen += 1
        for part in form.parts if form.kind in {"assign", "param"} else ():
            sets[part.text] = sets.get(part.text, 0) + 1
        if form.kind == "cast" and form.text == "&" and form.parts:
            sets[form.parts[0].text] = 2
        waiting += [one for one in below(form) if one.kind != "function"]
    engine = Numbers({})
    for form in program.body:
        if form.kind == "assign" and len(form.parts) == 1 and form.base is not None:
            name, value = form.parts[0].text, engine.value(form.base)
            if isinstance(value, Number) and value.exact and sets.get(name) == 1:
                engine.fixed[name] = value
    return engine.fixed
