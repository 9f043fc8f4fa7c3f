"""HTTP requests taken apart into the values that a client controls, and the decoding of each value."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

VALUE_CHARS = 16_384
_VALUES = 200
_ROUNDS = 4
_REQUEST = re.compile(r"(?P<method>[A-Z]{3,20}) (?P<target>\S.{0,8192}?)(?: HTTP/\d(?:\.\d)?)?")
_IN_LOG = re.compile(
    r"[\"']?\b(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|SEARCH) (\S[^\"\n]{0,8192}?) HTTP/\d(?:\.\d)?\"?"
)
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.){0,1024})\"")
_PART_NAME = re.compile(r"name\*?=\"?([^\";\n]{1,1000})")
_PART_HEADER = re.compile(
    r"(?i)\s{0,9}content-(?:type|disposition|length)\s{0,3}:\s{0,3}[\w/*.+-]{1,60}(?:\s{0,3};\s{0,3}(?:charset|boundary)\s{0,3}=\s{0,3}\"?[\w-]{1,60}\"?){0,2}\s*$"
)
_U_ESCAPE = re.compile(r"(?:%u|\\u)([0-9a-fA-F]{4})")
_X_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_OVERLONG = re.compile(r"(?i)%(?:c0%ae|e0%80%ae|c0%2e)")
_OVERLONG_SLASH = re.compile(r"(?i)%(?:c0%af|c1%9c|c1%8s|e0%80%af|c0%2f|25c0%25af)")
_COMMENT = re.compile(r"/\*!?\d{0,5}[^*]{0,200}?\*/")
_SPACE = re.compile(r"[ \t\x0b\x0c\xa0]{1,1000}")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x2018: 39,
    0x2019: 39,
    0x02BC: 39,
    0x2032: 39,
    0xB4: 39,
    0x3002: 46,
}
_TEXT_HEADERS = frozenset({"user-agent", "referer", "cookie", "x-forwarded-for", "authorization", "x-api-version"})
_DULL_HEADERS = frozenset(
    {
        "host",
        "accept",
        "accept-encoding",
        "accept-language",
        "accept-charset",
        "connection",
        "content-length",
        "date",
        "keep-alive",
    }
    | {
        "cache-control",
        "content-type",
        "pragma",
        "upgrade-insecure-requests",
        "te",
        "if-none-match",
        "if-modified-since",
        "range",
    }
    | {"proxy-connection", "transfer-encoding", "dnt", "origin", "etag", "expect"}
)


_ODD = ("../", "${", "() {", "<script", "/etc/", "|http")
"""What no header of the dull kind holds."""


@dataclass(frozen=True)
class Value:
    """One value a client sent: `where` is "path", "query", "body" or "header:<name>"; `line` is its 1-based line."""

    where: str
    text: str
    line: int


def looks_like_request(text: str) -> bool:
    """Whether a text starts with an HTTP request line."""
    first = text.lstrip()[:8300].split("\n", 1)[0].strip()
    return _REQUEST.fullmatch(first) is not None and (" HTTP/" in first or first.split(" ", 2)[1].startswith("/"))


def values_of_request(text: str) -> Iterator[Value]:
    """Path, query, telling headers and body of a raw request, at most 200 values of 16 K characters."""
    lines = text.replace("\r\n", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    request = _REQUEST.fullmatch(lines[start].strip()) if lines else None
    if request is None:
        return
    yield from values_of_target(request["target"], start + 1)
    at = start + 1
    while at < len(lines) and lines[at].strip():
        name, _, value = lines[at].partition(":")
        lowered = name.strip().lower()
        telling = lowered in _TEXT_HEADERS or (lowered not in _DULL_HEADERS and not lowered.startswith("sec-"))
        telling = telling or any(mark in value for mark in _ODD)
        if telling or (lowered == "content-type" and len(value) > 120):
            yield Value(f"header:{lowered}", value.strip()[:VALUE_CHARS], at + 1)
        at += 1
    yield from _body(lines[at + 1 :], at + 2)


def values_of_target(target: str, line: int) -> Iterator[Value]:
    """Path and single query parameters of a request target or URL."""
    path, mark, query = target.partition("?")
    yield Value("path", path[:VALUE_CHARS], line)
    if mark:
        yield from _parameters("query", query, line)


def _parameters(where: str, text: str, line: int) -> Iterator[Value]:
    if "=" not in text:
        yield Value(where, text[:VALUE_CHARS], line)
    for part in text.split("&")[: _VALUES // 2]:
        name, mark, value = part.partition("=")
        if mark and value:
            yield Value(where, value[:VALUE_CHARS], line)
            if not name.replace("_", "").replace("-", "").isalnum():
                yield Value(where, name[:VALUE_CHARS], line)


def _body(lines: list[str], first: int) -> Iterator[Value]:
    body = "\n".join(lines)
    if not body.strip():
        return
    if "=" in body and "\n" not in body.strip() and not body.lstrip().startswith(("{", "[", "<")):
        yield from _parameters("body", body.strip(), first)
        return
    if body.lstrip().startswith("--"):
        yield from _multipart(lines, first)
        return
    yield Value("body", body[:VALUE_CHARS], first)
    for at, line in enumerate(lines[:_VALUES]):
        yield from (Value("body", text, first + at) for text in _leaves(line.strip()) if text != body)


def _multipart(lines: list[str], first: int) -> Iterator[Value]:
    """Names, file names and contents of the parts of a form, without the headers that every form has."""
    boundary = next((line.strip() for line in lines if line.strip()), "--")
    content: list[str] = []
    in_header, start = True, first
    for at, line in enumerate(lines):
        if line.strip().startswith(boundary):
            if content:
                yield Value("body", "\n".join(content)[:VALUE_CHARS], start)
            content, in_header = [], True
        elif not in_header:
            content.append(line)
        elif not line.strip():
            in_header, start = False, first + at + 1
        elif _PART_NAME.search(line):
            for hit in _PART_NAME.finditer(line):
                where = "form filename" if line[: hit.start()].lower().endswith("file") else "form name"
                yield Value(where, hit.group(1), first + at)
        elif not _PART_HEADER.match(line):
            yield Value("form header", line[:VALUE_CHARS], first + at)
    if content:
        yield Value("body", "\n".join(content)[:VALUE_CHARS], start)


def _leaves(line: str) -> Iterator[str]:
    """The strings inside a JSON body, or the attribute values and text of an XML one."""
    if line.startswith(("{", "[")) and len(line) <= VALUE_CHARS:
        try:
            stack = [json.loads(line)]
        except (ValueError, RecursionError):
            return
        for _ in range(_VALUES):
            if not stack:
                return
            value = stack.pop()
            if isinstance(value, dict):
                stack.extend([*value.keys(), *value.values()])
            elif isinstance(value, list):
                stack.extend(value)
            elif isinstance(value, str):
                yield value
    elif line.startswith("<"):
        yield from (hit.group(1) for hit in _QUOTED.finditer(line[:VALUE_CHARS]) if hit.group(1))


def values_of_log_line(text: str, line: int) -> Iterator[Value]:
    """Target, referrer and user agent of an access log line; nothing for a line without a request in it."""
    request = _IN_LOG.search(text[:VALUE_CHARS])
    if request is None:
        return
    yield from values_of_target(request[2], line)
    quoted = [hit.group(1) for hit in _QUOTED.finditer(text[request.end() : VALUE_CHARS])]
    for at, value in enumerate(quoted[:3]):
        yield Value("header:user-agent" if at else "header:referer", value, line)


def decode(text: str) -> str:
    """A value in lower case, letters in circles and wide letters made plain, with URL, HTML, unicode and hex escapes undone
    (at most four rounds)."""
    for _ in range(_ROUNDS):
        plain = _OVERLONG_SLASH.sub("/", _OVERLONG.sub(".", text))
        plain = _U_ESCAPE.sub(lambda hit: chr(int(hit.group(1), 16)), plain)
        plain = unquote_plus(plain, errors="replace")
        if "&" in plain and ";" in plain:
            plain = html.unescape(plain)
        if "\\x" in plain:
            plain = _X_ESCAPE.sub(lambda hit: chr(int(hit.group(1), 16)), plain)
        if plain == text:
            break
        text = plain
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).translate(_WIDE).lower()


def squeeze(text: str) -> str:
    """Decoded text with SQL comments turned into spaces and runs of spaces shortened, as a database would read it."""
    return _SPACE.sub(" ", _COMMENT.sub(" ", text)) if "/*" in text or "  " in text or "\t" in text else text
