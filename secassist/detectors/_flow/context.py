"""Whether a value may go to a sink of a kind: what it was cleaned for, and where in a text or page it stands."""

import re
from typing import Final

from secassist.detectors._flow.value import OPEN, REQUEST, Value, replace

_HOST: Final = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]{1,20}:)?//[^/?#\s]+[/?#]")
_LOCAL: Final = re.compile(r"^\s*(?:/[^/\\]|\?|#|[\w.-]+[/?])")
_HEADER: Final = re.compile(r"(?i)^['\"\s]{0,3}(?:location|refresh|redirect)\s{0,3}:\s{0,3}['\"]?")
_QUOTE: Final = re.compile(r"['\"`]\s*%?$")
_SCRIPT: Final = re.compile(r"(?is)<(?:script|style)\b[^>]*>(?:(?!</(?:script|style)).)*$")
_OPENED: Final = re.compile(r"(?:^|[^\\])([\"'])[^\"']*$")
_COMMENT: Final = re.compile(r"(?s)<!--(?:(?!-->).)*$")
_IN_TAG: Final = re.compile(r"<[^<>]*$")
_ATTRIBUTE: Final = re.compile(r"=\s*(\"[^\"]*|'[^']*)$")
_ADDRESS: Final = re.compile(r"(?i)(?:href|src|action|formaction|data)\s*=\s*[\"']?\s*$")
_SHOWN: Final = 600


def harmless(value: Value, kind: str, page: str = "") -> bool:
    """Whether code sees a reason why this value does no harm in this kind of sink."""
    if value.known or "all" in value.clean:
        return True
    if kind == "html":
        return _in_page(value, page)
    if kind in value.clean:
        return kind != "shell" or not _QUOTE.search(value.before)  # quotes around a quoted word end its quoting
    if kind in {"sql", "xpath", "ldap"} and f"{kind}q" in value.clean:
        return bool(_QUOTE.search(value.before)) or not value.built
    if kind == "url":
        before = _HEADER.sub("", value.before)
        return bool(_HOST.match(before)) or (value.built and bool(_LOCAL.match(before)))
    return False


def _in_page(value: Value, page: str) -> bool:
    """Escaped text is harmless between tags and in quoted attributes; nowhere in scripts, comments and names."""
    before = (page + value.before)[-_SHOWN:]
    if _SCRIPT.search(before):
        opened = _OPENED.search(before.rpartition("\n")[2])
        return opened is not None and (
            bool(value.clean & {"sqlq", "htmlq", "js"}) or ("html" in value.clean and opened[1] == '"')
        )
    if not value.clean & {"html", "htmlq"} or _COMMENT.search(before):
        return False
    inside = _IN_TAG.search(before)
    if not inside:
        return True
    quoted = _ATTRIBUTE.search(inside[0])
    if not quoted or (_ADDRESS.search(inside[0]) and "url" not in value.clean):
        return False
    return quoted[1][0] == '"' or "htmlq" in value.clean


def without_harmless_part(value: Value, kind: str, page: str) -> Value:
    """A value of which an outsider's part does no harm here is as good as the rest of it, of which nobody knows."""
    parts = {one[:-1] for one in value.clean if one[-1] == "?"}
    if value.level < REQUEST or not parts or not harmless(replace(value, clean=value.clean | parts), kind, page):
        return value
    return replace(value, level=OPEN)


def counts(value: Value, options: str) -> bool:
    """Whether a value of this level is reported at a sink with these options."""
    if value.level == REQUEST:
        return True
    if value.level != OPEN:
        return False
    ours = value.built and "ours" in value.clean
    return not ours and ("open" in options or ("built" in options and value.built))
