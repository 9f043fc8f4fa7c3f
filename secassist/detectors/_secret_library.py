"""Asks the plug-ins of detect-secrets about single lines, without its global settings, so that threads do not meet."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._secret_checks import is_digest, is_identifier, is_reference_id, looks_random, safe_hint
from secassist.detectors._secret_hit import Hit

_LEFT_OUT = frozenset({"IPPublicDetector", "KeywordDetector"})
"""Public addresses are no secrets; assignments are read by our own rules, which give exact offsets."""
LONGEST_LINE = 2_000
"""Lines beyond this many characters (minified or data) are left to our own rules."""


@cache
def _plugins() -> tuple[Any, ...]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    classes: Any = get_mapping_from_secret_type_to_class().values()
    return tuple(cls() for cls in sorted(classes, key=lambda c: c.__name__) if cls.__name__ not in _LEFT_OUT)


def library_hits(text: str, starts: list[int]) -> Iterator[Hit]:
    """What its plug-ins find, line by line, at the offset of the first occurrence in the line."""
    for number, start in enumerate(starts):
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(text)
        if 8 <= end - start <= LONGEST_LINE:
            yield from _line_hits(text[start:end], start)


def _line_hits(line: str, offset: int) -> Iterator[Hit]:
    for plugin in _plugins():
        for secret in plugin.analyze_line(filename="", line=line, line_number=1):
            value = secret.secret_value or ""
            at = line.find(value)
            whole = not (line[at - 1 : at] + line[at + len(value) : at + len(value) + 1]).isalnum()
            if at >= 0 and whole and _worth(secret.type, value, line[max(0, at - 40) : at].lower()):
                start = offset + at
                yield Hit(start, start + len(value), _name(secret.type), value, 4, Severity.LOW, hint=safe_hint(value))


def _worth(title: str, value: str, name: str) -> bool:
    """Entropy alone also marks paths, hashes of names and request ids: ask for length and mixed characters too."""
    if "Entropy" not in title:
        return len(value) >= 4
    if len(value) < 20 or "\\" in value or value.count("/") > 2 or is_reference_id(value) or is_identifier(value):
        return False
    if is_digest(value, name):
        return False
    return looks_random(value)


def _name(title: str) -> str:
    return "-".join(title.lower().replace("(", "").replace(")", "").split())
