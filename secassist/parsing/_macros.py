"""What macros of C stand for where that is one name or one constant: `#define OPEN _open`, `#define SIZE (16)`."""

import re
from typing import Final

Macros = dict[str, tuple[str, str]]
"""Macro -> kind of form ("name", "number", "string") and its text."""
MOST_MACROS: Final = 2_000
_DEFINE: Final = re.compile(
    r"^[ \t]{0,40}#[ \t]{0,20}define[ \t]{1,20}([A-Z][A-Z0-9_]{1,60})[ \t]{1,80}"
    r"(?:\(?(-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20}))[uUlL]{0,3}\)?|L?\"([^\"\\\n]{0,200})\"|([A-Za-z_]\w{1,60}))"
    r"[ \t]{0,80}(?:/[/*][^\n]{0,200})?$",
    re.MULTILINE,
)
_NEVER: Final = frozenset({"NULL", "TRUE", "FALSE", "EOF"})
"""Macros whose names say more than what they stand for."""


def macros(text: str) -> Macros:
    """The macros of a C file that are spelled in capitals; one that means different constants in places is left out.

    Of several names, as for two systems, the one without an underscore in front is taken.
    """
    meant: dict[str, set[tuple[str, str]]] = {}
    for count, found in enumerate(_DEFINE.finditer(text)):
        name, number, spelled, other = found.groups()
        if count >= MOST_MACROS:
            break
        if name not in _NEVER:
            kind = "number" if number else "name" if other else "string"
            meant.setdefault(name, set()).add((kind, number or other or spelled))
    made: Macros = {}
    for name, values in meant.items():
        if len(values) == 1 or all(kind == "name" for kind, _ in values):
            made[name] = min(values, key=lambda value: (value[1].startswith("_"), value))
    return made
