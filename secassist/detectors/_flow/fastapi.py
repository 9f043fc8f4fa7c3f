"""What FastAPI gives a handler: it holds parameters to their types, fills models from the body, and answers in JSON."""

import re
from typing import Final

from secassist.parsing.forms import Form, Program

_INSTANCES: Final = frozenset(
    {"Request", "Response", "WebSocket", "HTTPConnection", "BackgroundTasks", "SecurityScopes", "Session"}
)
"""Types that the framework or the program gives itself."""
_OURS: Final = frozenset({"Depends", "Security"})
"""Defaults by which a function of the program gives the value."""
_CHECKED: Final = frozenset(
    {"int", "float", "bool", "UUID", "uuid.UUID", "Decimal", "date", "datetime", "datetime.date", "datetime.datetime"}
    | {"EmailStr", "UUID4", "PositiveInt", "NonNegativeInt", "conint", "IPvAnyAddress"}
)
"""Types to which a value is turned, or the request is refused."""
_OPTIONAL: Final = re.compile(r"^Optional\[(.{1,80})\]$|^(.{1,80}?)\s{0,2}\|\s{0,2}None$")
PAGE: Final = re.compile(r"response_class\s{0,2}=\s{0,2}[\w.]{0,60}HTMLResponse\b")
"""A decorator by which what a handler returns is sent as a page."""


def used(program: Program) -> bool:
    """Whether a file imports FastAPI and nothing of Flask's kind, so that its decorators are FastAPI's."""
    names = {full.partition(".")[0] for full in program.imports.values()}
    return "fastapi" in names and not names & {"flask", "bottle", "quart", "sanic"}


def ours(param: Form) -> bool:
    """Whether the program or the framework gives this parameter, not a client."""
    by = param.base.text if param.base is not None and param.base.kind == "call" else ""
    kind = param.keys[0] if param.keys else ""
    return by in _OURS or "Depends(" in kind or kind.rpartition(".")[2] in _INSTANCES


def checked(kind: str) -> bool:
    """Whether a value of this type cannot carry anything, since others are refused."""
    either = _OPTIONAL.match(kind)
    return (next(filter(None, either.groups())) if either else kind) in _CHECKED


def fields(kind: str, program: Program) -> dict[str, str]:
    """The annotated fields, by name, of a model of this file; empty where it is none."""
    model = next((form for form in program.body if form.kind == "class" and form.text == kind), None)
    rows = [one for one in model.body if one.kind == "assign" and one.keys and one.parts] if model is not None else []
    return {one.parts[0].text: one.keys[0] for one in rows if one.parts[0].kind == "name"}
