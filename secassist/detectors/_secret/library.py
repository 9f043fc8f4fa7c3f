"""Asks some plug-ins of detect-secrets about the lines that look made for them, without its global settings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas import Severity
from secassist.detectors._secret.checks import is_digest, is_identifier, is_reference_id, safe_hint
from secassist.detectors._secret.hit import Hit

LONGEST_LINE = 2_000
"""Characters of a line that a plug-in is shown, around what singled it out."""
MOST_LINES = 300
"""Lines of one subject that a plug-in is shown; it takes some 30 microseconds for one."""


@dataclass(frozen=True)
class Plugin:
    """One plug-in: its class, the expression (for Python and for RE2) that singles out the lines it is asked about."""

    name: str
    lines: str

    @property
    def key(self) -> str:
        """Under which the presence of such lines is known."""
        return f"library:{self.name}"


PLUGINS = (
    Plugin("ArtifactoryDetector", r"A(?:P[0-9A-F]|KC)[A-Za-z0-9]{8}"),
    Plugin("CloudantDetector", r"(?i:cloudant|\bcl[_-]?(?:pass|pwd|pw|api|key|token|secret))"),
    Plugin("SoftlayerDetector", r"(?i:softlayer|\bsl[_-]?(?:pass|pwd|pw|api|key|token|secret))"),
    Plugin("SquareOAuthDetector", r"sq0csp"),
    Plugin("TwilioKeyDetector", r"SK[a-z0-9]{32}"),
)
"""Those that find what our rules miss on development data. Its entropy plug-ins add more noise than secrets beside ours, its
keyword plug-in reads assignments as ours do but without offsets, public addresses are no secrets."""


@cache
def _asked(name: str) -> tuple[Any, re.Pattern[str]]:
    """The plug-in, and the compiled expression for its lines."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    classes: Any = get_mapping_from_secret_type_to_class().values()
    lines = next(plugin.lines for plugin in PLUGINS if plugin.name == name)
    return next(cls() for cls in classes if cls.__name__ == name), re.compile(lines)


def library_hits(text: str, present: Callable[[str], bool]) -> Iterator[Hit]:
    """What the plug-ins find, at the offset of the first occurrence in the line."""
    for plugin in PLUGINS:
        if present(plugin.key):
            asked, lines = _asked(plugin.name)
            for start, end in _lines(text, lines):
                yield from _line_hits(asked, text[start:end], start)


def _lines(text: str, singled_out: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Places of lines, or of parts of long ones, in which the expression matches; none twice."""
    match = singled_out.search(text)
    for _ in range(MOST_LINES):
        if not match:
            return
        start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - LONGEST_LINE // 2)
        end = text.find("\n", match.start(), start + LONGEST_LINE)
        end = end if end >= 0 else min(len(text), start + LONGEST_LINE)
        yield start, end
        match = singled_out.search(text, max(end, match.end()))


def _line_hits(plugin: Any, line: str, offset: int) -> Iterator[Hit]:
    for secret in plugin.analyze_line(filename="", line=line, line_number=1):
        value = secret.secret_value or ""
        at = line.find(value)
        whole = not (line[at - 1 : at] + line[at + len(value) : at + len(value) + 1]).isalnum()
        if at >= 0 and whole and _worth(value, line[max(0, at - 40) : at].lower()):
            start = offset + at
            yield Hit(start, start + len(value), _name(secret.type), value, 4, Severity.LOW, hint=safe_hint(value))


def _worth(value: str, name: str) -> bool:
    """Whether it is long enough to open something, and no name, digest or id of a thing."""
    return len(value) >= 8 and not (is_reference_id(value) or is_identifier(value) or is_digest(value, name))


def _name(title: str) -> str:
    return "-".join(title.lower().replace("(", "").replace(")", "").split())
