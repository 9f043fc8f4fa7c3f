"""The short names of character classes in which the tables of formats are written."""

_CLASSES = {
    "@w": "[A-Za-z0-9]",
    "@b": "[A-Za-z0-9_-]",
    "@s": "[A-Za-z0-9+/]",
    "@h": "[0-9a-f]",
    "@H": "[0-9A-Fa-f]",
    "@a": "[a-z0-9]",
    "@B": "[A-Z0-9]",
    "@d": "[0-9]",
    "@U": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
}
"""Letters and digits, with `-` and `_`, those of base64, hex in lower and in any case, lower case, upper case, digits, UUID."""


def expanded(pattern: str) -> str:
    """The pattern with every short name replaced; the sign itself is written `[@]` where one of these letters follows."""
    for short, spelled in _CLASSES.items():
        pattern = pattern.replace(short, spelled)
    return pattern
