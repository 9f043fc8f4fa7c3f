"""Messages between windows of a browser: taken from anybody, or sent to anybody."""

from collections.abc import Iterator
from typing import Final

from secassist.detectors._flow.names import every
from secassist.parsing.forms import Form, Program

_WINDOWS: Final = frozenset({"window", "globalThis", "top", "parent"})
"""What receives messages of other pages; `self` and no name at all may be a worker, whose messages come from its own page."""
_OWN: Final = frozenset({"window", "self", "globalThis", "global", "root"})
"""How a script calls its own window."""
_ASKED: Final = frozenset({"origin", "source"})


def messages(form: Form, program: Program) -> Iterator[str]:
    """The rules that an expression breaks."""
    if form.kind == "call" and form.text == "postMessage" and len(form.parts) > 1:
        own = form.base is not None and form.base.path.strip("_") in _OWN
        if form.parts[1].kind == "string" and form.parts[1].text == "*" and not own:
            yield "message-to-anybody"
    elif (handler := _handler(form, program)) is not None and _believes(handler):
        yield "message-of-anybody"


def _handler(form: Form, program: Program) -> Form | None:
    """The function that is given the messages of other windows."""
    given: Form | None = None
    if form.kind == "call" and form.text == "addEventListener" and len(form.parts) > 1:
        if _is_window(form.base) and form.parts[0].kind == "string" and form.parts[0].text == "message":
            given = form.parts[1]
    elif form.kind == "assign" and len(form.parts) == 1 and form.parts[0].text == "onmessage":
        given = form.base if form.parts[0].kind == "attr" and _is_window(form.parts[0].base) else None
    if given is not None and given.kind == "name":
        return program.functions.get(given.text)
    return given if given is not None and given.kind == "function" else None


def _is_window(form: Form | None) -> bool:
    return form is not None and form.kind == "name" and form.text in _WINDOWS


def _believes(handler: Form) -> bool:
    """Whether a handler reads what a message says and neither asks who sent it nor leaves that to another function."""
    event = handler.parts[0].text if handler.parts else ""
    inside = list(every(handler.body))
    if not event or any(one.kind in {"attr", "name", "param"} and one.text in _ASKED for one in inside):
        return False
    passed = (part for one in inside if one.kind in {"call", "new"} for part in one.parts)
    if any(part.kind == "name" and part.text == event for part in passed):
        return False
    return any(one.kind == "attr" and one.path == f"{event}.data" for one in inside)
