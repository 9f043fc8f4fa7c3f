"""Multipart forms held against what browsers send: boundaries, the headers of parts, names of fields and files."""

import re
from collections.abc import Iterator

from schemas import Severity

_LINES = 2_000
_BOUNDARY = re.compile(r"(?i)\bboundary\s{0,3}=")
_GOOD_BOUNDARY = re.compile(r"(?i)\bboundary\s{0,3}=\s{0,3}\"?[\w'()+,./:=?-]{1,70}\"?(?:\s{0,3};|\s{0,3}$)")
_DISPOSITION = re.compile(r"(?i)\s{0,9}content-disposition\s{0,9}:")
_NAME = re.compile(r"(?i)[;\s]name\*?\s{0,3}=\s{0,3}(\"(?:[^\"\\\n]|\\.){0,1000}\"?|[^;\n]{0,1000})")
_FILE = re.compile(r"(?i)[;\s]filename(\*?)\s{0,3}=\s{0,3}(\"(?:[^\"\\\n]|\\.){0,1000}\"?|[^;\n]{0,1000})")
_ODD_FILE = re.compile(r"^'|[\x00-\x1f;/\\\"]|\.\.|%(?:00|2[ef])|['\"]\s{0,3}[;=]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,10}\d{0,2});")
"""What browsers write for a letter that the form's character set lacks."""
_PART_HEADER = re.compile(r"(?i)\s{0,9}([\w!#$%&'*+.^`|~-]{1,60})\s{0,9}:(.{0,1000})")
_KNOWN = frozenset({"content-disposition", "content-type", "content-length"})
_BAD_CHARSET = re.compile(
    r"(?i)charset\s{0,3}=\s{0,3}[\"']?(?:utf-?7|ibm|cp\d|x-|ebcdic|utf-?32)"
    r"|;[^;]{0,60}charset[^;]{0,60};[^;]{0,60}charset"
)
_TITLE_PART = "A part of a form that no browser writes so"

Found = tuple[str, str, Severity, int, str, str]
"""Rule, title, severity, line, the text that shows it, CWE."""


def oddities(content_type: str, body: str, first: int) -> Iterator[Found]:
    """What is odd about a multipart body whose first line is line `first` of the request; nothing for other bodies."""
    if "multipart/" not in content_type.lower():
        return
    marks = len(_BOUNDARY.findall(content_type))
    if marks != 1 or not _GOOD_BOUNDARY.search(content_type):
        title = "A multipart form whose boundary is missing, doubled or malformed"
        yield "multipart", title, Severity.MEDIUM, max(1, first - 1), content_type[:200], "CWE-436"
    head = False
    for at, line in enumerate(body.split("\n")[:_LINES]):
        if line.startswith("--"):
            head = True
        elif not line.strip():
            head = False
        elif head:
            wrong = _wrong(line)
            if wrong:
                yield "multipart", wrong, Severity.MEDIUM, first + at, line[:200], "CWE-436"
                return


def _wrong(line: str) -> str:
    """Why a header line of a part is odd, or ""."""
    header = _PART_HEADER.fullmatch(line.rstrip("\r"))
    if header is None:
        return "" if line[:1].isspace() and "=" in line else _TITLE_PART
    name = header.group(1).lower()
    if name not in _KNOWN:
        return _TITLE_PART
    if _BAD_CHARSET.search(line):
        return "A part of a form in a character set that hides text from filters"
    if not _DISPOSITION.match(line):
        return ""
    if "_charset_" in line.lower():
        return "A field of a form that sets the character set of the others"
    files = _FILE.findall(line)
    names = _NAME.findall(line)
    if len(names) > 1 or len(files) > 1:
        return "A part of a form with two names"
    if any(mark in _ENTITY.sub("", names[0]) for mark in (";", "\\", "=") if names):
        return "The name of a field holds separators"
    if any(star or _ODD_FILE.search(_ENTITY.sub("", value.strip().strip('"'))) for star, value in files):
        return "A file name with a path or with separators in it"
    return ""
