"""Output formats for people, with the look of the place they go to and the names of techniques."""

from dataclasses import is_dataclass, replace
from typing import Any

from secassist.formats.base import Look
from secassist.knowledge import attack


def styled(made: Any, look: Look) -> Any:
    """The format, with this look and with names of techniques if it is one for people."""
    if not is_dataclass(made) or isinstance(made, type):
        return made
    return replace(made, look=replace(look, names={id_: attack.name(id_) for id_ in attack.techniques()}))
