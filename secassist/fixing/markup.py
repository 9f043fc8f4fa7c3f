"""Where in a page a value would stand: only in text and in quoted plain attributes does escaping for HTML make it harmless."""

import re

_OPEN_ATTRIBUTE = re.compile(
    r"<[A-Za-z][\w:-]{0,60}(?:\s[^<>]{0,2000})?\s([A-Za-z][\w:-]{0,60})\s*=\s*([\"'])[^\"'<>]{0,2000}$"
)
_READ_AS_MORE = re.compile(
    r"(?i)^(?:on\w+|style|href|src|srcset|srcdoc|action|formaction|data|background|poster|xlink:href|code|codebase)$"
)
"""Attributes whose value is code, a style or an address: escaping keeps it inside the quotes, and no more."""
_NO_TEXT = ("script", "style", "textarea", "title", "noscript", "iframe", "xmp")
_LONGEST = 20_000


def escaping_helps(before: str) -> bool:
    """Whether a value right behind this part of a page is text, or stands in a quoted attribute that is no code."""
    page = before[-_LONGEST:].lower()
    if any(page.rfind(f"<{name}") > page.rfind(f"</{name}") for name in _NO_TEXT):
        return False
    if page.rfind("<!--") > page.rfind("-->"):
        return False
    if page.rfind("<") > page.rfind(">"):
        match = _OPEN_ATTRIBUTE.search(before[-_LONGEST:])
        return match is not None and not _READ_AS_MORE.match(match[1])
    return not re.search(r"[({=:]\s*[\\]?[\"']?\s*$", page) or "<" in page
