"""HTTP requests taken apart into the values that a client controls, and the decoding of each value."""

import base64
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
REQUEST = re.compile(r"(?P<method>[A-Z]{3,20}) (?P<target>\S.{0,8192}?)(?: HTTP/(?P<version>\d(?:\.\d)?))?")
"""A request line; a target may hold spaces that should have been escaped."""
_IN_LOG = re.compile(
    r"[\"']?\b(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|SEARCH) (\S[^\"\n]{0,8192}?) HTTP/\d(?:\.\d)?\"?"
)
_W3C = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\S{1,80} ){0,4}(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|PROPFIND|SEARCH)"
    r" (/\S{0,4096}) (\S{1,4096}) \d{1,5} \S{1,80} [0-9A-Fa-f.:]{2,45} (\S{1,1024})(?: |$)"
)
_RECORD_METHOD = re.compile(
    r"\"(?:\w{0,12}method|verb)\"\s{0,3}:\s{0,3}\"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND)\"",
    re.IGNORECASE,
)
_RECORD_VALUE = re.compile(
    r"\"(requestpath|(?:request_|http_)?(?:uri|url|path|target)|x-envoy-origin-path|originalpath|request_user-agent|(?:http_)?user[-_]?agent)\""
    r"\s{0,3}:\s{0,3}\[?\"((?:[^\"\\]|\\.){1,4096})\"",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^https?://[^/?#]{1,260}")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.){0,1024})\"")
_PART_NAME = re.compile(r"name\*?=\"?([^\";\n]{1,1000})")
_PART_HEADER = re.compile(
    r"(?i)\s{0,9}content-(?:type|disposition|length)\s{0,3}:\s{0,3}[\w/*.+-]{1,60}(?:\s{0,3};\s{0,3}(?:charset|boundary)\s{0,3}=\s{0,3}\"?[\w-]{1,60}\"?){0,2}\s*$"
)
_EQUALS = re.compile("(?i)%3d")
_TELLING_NAME = re.compile(r"[^A-Za-z0-9_-]|[A-Z0-9][a-z]{0,20}[A-Z0-9][A-Za-z0-9]{2}")
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


_TEXTS = frozenset(
    {
        "paste",
        "content",
        "body",
        "code",
        "snippet",
        "html",
        "markdown",
        "source",
        "text",
        "script",
        "message",
        "description",
        "summary",
        "diff",
        "patch",
        "readme",
    }
)
"""Fields and keys whose text people write, paste or commit: markup and code are at home there."""
_RETURNS = frozenset(
    {
        "service",
        "redirect",
        "redirect_uri",
        "redirecturl",
        "redirect_url",
        "return",
        "returnurl",
        "return_url",
        "returnto",
        "return_to",
        "next",
        "goto",
        "continue",
        "callback",
        "relaystate",
        "target",
        "from",
        "backurl",
        "gotourl",
    }
)
"""Parameters of a sign-in that say where the browser goes afterwards: an address there is followed by no server."""
_SIGN_IN = re.compile(
    r"(?i)/(?:cas|sso|oauth2?|oidc|saml2?|log(?:in|out)|sign-?(?:in|out)|authorize|auth|passport|connect)\b"
)
_STATEMENTS = frozenset(
    {"sql", "rawsql", "querysql", "sqltext", "statement", "sqlstr", "rawquery", "sqlquery", "datasetsql"}
)
"""Keys under which report systems send a whole statement."""
_OPENS = re.compile(r"(?i)<(?:p|h[1-6]|pre|li|td|blockquote)[\s>]")
_CLOSES = re.compile(r"(?i)</(?:p|h[1-6]|pre|li|td|blockquote)>")
"""Text as an editor of pages sends it."""
_TEXT_FILE = re.compile(
    r"(?i)\.(?:py|md|rst|txt|js|ts|jsx|tsx|css|c|h|cpp|cs|go|rs|rb|java|kt|sql"
    r"|sh|ps1|html?|xml|ya?ml|toml|json|csv|tex|ipynb|patch|diff)$"
)
_DEEP = 4
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
    return REQUEST.fullmatch(first) is not None and (" HTTP/" in first or first.split(" ", 2)[1].startswith("/"))


def values_of_request(text: str) -> Iterator[Value]:
    """Path, query, telling headers and body of a raw request, at most 200 values of 16 K characters."""
    lines = text.replace("\r\n", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    request = REQUEST.fullmatch(lines[start].strip()) if lines else None
    if request is None:
        return
    yield from values_of_target(request["target"], start + 1)
    yield from _after(lines, start + 1)


def values_of_headers(text: str) -> Iterator[Value]:
    """Telling headers of a request without its first line, and its body if one follows."""
    yield from _after(text.replace("\r\n", "\n").split("\n"), 0)


def values_of_body(text: str) -> Iterator[Value]:
    """The values in the body of a request: parameters, parts of a form, strings of a document."""
    yield from _body(text.replace("\r\n", "\n").split("\n"), 1)


def _after(lines: list[str], at: int) -> Iterator[Value]:
    """Headers from this line on, and the body behind them."""
    while at < len(lines) and lines[at].strip():
        name, _, value = lines[at].partition(":")
        lowered = name.strip().lower()
        telling = lowered in _TEXT_HEADERS or (lowered not in _DULL_HEADERS and not lowered.startswith("sec-"))
        telling = telling or any(mark in value for mark in _ODD)
        if lowered == "authorization" and value.strip().lower().startswith("basic "):
            yield Value("header:authorization", _credentials(value.strip()[6:]), at + 1)
        if telling or (lowered == "content-type" and len(value) > 120):
            yield Value(f"header:{lowered}", value.strip()[:VALUE_CHARS], at + 1)
        at += 1
    yield from _body(lines[at + 1 :], at + 2)


def _credentials(coded: str) -> str:
    """The name and password of basic authentication in plain; "" when they are not base64."""
    try:
        return base64.b64decode(coded[:VALUE_CHARS].strip(), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def values_of_target(target: str, line: int) -> Iterator[Value]:
    """Path and single query parameters of a request target or URL."""
    path, mark, query = target.partition("?")
    yield Value("path", path[:VALUE_CHARS], line)
    if mark:
        yield from _parameters("query", query, line, returns=bool(_SIGN_IN.search(path)))


def _parameters(
    where: str, text: str, line: int, texts: frozenset[str] = frozenset(), returns: bool = False
) -> Iterator[Value]:
    if "=" not in text:
        yield Value(where, text[:VALUE_CHARS], line)
        inner = _EQUALS.split(text, maxsplit=1)[1:]
        yield from (Value(where, value[:VALUE_CHARS], line) for value in inner)
    for part in text.split("&")[: _VALUES // 2]:
        name, mark, value = part.partition("=")
        if not mark and "=" in text and "%" in part:
            yield Value(where, part[:VALUE_CHARS], line)
        if mark and value:
            kind = " text" if name.lower() in texts else " return" if returns and name.lower() in _RETURNS else ""
            yield Value(f"{where}{kind}", value[:VALUE_CHARS], line)
            if _TELLING_NAME.search(name):
                yield Value(where, name[:VALUE_CHARS], line)


def _body(lines: list[str], first: int) -> Iterator[Value]:
    body = "\n".join(lines)
    if not body.strip():
        return
    if "=" in body and "\n" not in body.strip() and not body.lstrip().startswith(("{", "[", "<")):
        yield from _parameters("body", body.strip(), first, _TEXTS)
        return
    if body.lstrip().startswith("--"):
        yield from _multipart(lines, first)
        return
    document = list(_leaves("", body.strip())) if body.lstrip()[:1] in "{[" else []
    if document:
        for name, text in document:
            at = next((at for at, line in enumerate(lines) if text[:40] in line), 0)
            yield Value(_written(name, text), text[:VALUE_CHARS], first + at)
        return
    yield Value("body", body[:VALUE_CHARS], first)
    for at, line in enumerate(lines[:_VALUES]):
        yield from (Value("body", text, first + at) for _, text in _leaves("", line.strip()) if text != body)


def _written(name: str, text: str) -> str:
    """Where a string of a document stands, by its key and by what it is."""
    if name in _TEXTS:
        return "body text"
    if _OPENS.search(text[:VALUE_CHARS]) and _CLOSES.search(text[:VALUE_CHARS]):
        return "body article"
    return "body statement" if name in _STATEMENTS else "body"


def _multipart(lines: list[str], first: int) -> Iterator[Value]:
    """Names, file names and contents of the parts of a form, without the headers that every form has."""
    boundary = next((line.strip() for line in lines if line.strip()), "--")
    content: list[str] = []
    in_header, start, kind = True, first, "body"
    for at, line in enumerate(lines):
        if line.strip().startswith(boundary):
            if content:
                yield Value(kind, "\n".join(content)[:VALUE_CHARS], start)
            content, in_header, kind = [], True, "body"
        elif not in_header:
            content.append(line)
        elif not line.strip():
            in_header, start = False, first + at + 1
        elif _PART_NAME.search(line):
            for hit in _PART_NAME.finditer(line):
                where = "form filename" if line[: hit.start()].lower().endswith("file") else "form name"
                yield Value(where, hit.group(1), first + at)
                kind = "body text" if _is_text(where, hit.group(1)) else kind
        elif not _PART_HEADER.match(line):
            yield Value("form header", line[:VALUE_CHARS], first + at)
    if content:
        yield Value(kind, "\n".join(content)[:VALUE_CHARS], start)


def _is_text(where: str, name: str) -> bool:
    return _TEXT_FILE.search(name) is not None if where == "form filename" else name.lower() in _TEXTS


def _leaves(name: str, line: str) -> Iterator[tuple[str, str]]:
    """The strings inside a JSON body, keys as paths, or the attribute values of an XML one; each with its lower-case key."""
    if line.startswith(("{", "[")) and len(line) <= VALUE_CHARS:
        try:
            stack = [(name, "", json.loads(line))]
        except (ValueError, RecursionError):
            return
        for _ in range(_VALUES):
            if not stack:
                return
            key, above, value = stack.pop()
            if isinstance(value, dict):
                paths = [(one, f"{above}.{one}"[-200:].lstrip("."), child) for one, child in value.items()]
                stack.extend((one.lower(), path, child) for one, path, child in paths)
                yield from (("", one) for one, path, _ in paths if one != path or path.count(".") >= _DEEP)
                yield from (("", path) for _, path, _ in paths if path.count(".") < _DEEP)
            elif isinstance(value, list):
                stack.extend((key, above, child) for child in value)
            elif isinstance(value, str):
                yield key, value
    elif line.startswith("<"):
        yield from (("", hit.group(1)) for hit in _QUOTED.finditer(line[:VALUE_CHARS]) if hit.group(1))


def values_of_log_line(text: str, line: int) -> Iterator[Value]:
    """Target, referrer and user agent of an access log line; nothing for a line without a request in it."""
    request = _IN_LOG.search(text[:VALUE_CHARS])
    if request is None:
        yield from _values_of_record(text[:VALUE_CHARS], line)
        return
    yield from values_of_target(request[2], line)
    quoted = [hit.group(1) for hit in _QUOTED.finditer(text[request.end() : VALUE_CHARS])]
    for at, value in enumerate(quoted[:3]):
        yield Value("header:user-agent" if at else "header:referer", value, line)


def _values_of_record(text: str, line: int) -> Iterator[Value]:
    """The same of an access log line that is a JSON record, or one in the W3C form of web servers of Windows."""
    columns = _W3C.search(text)
    if columns is not None:
        yield from values_of_target(columns[1] + ("" if columns[2] == "-" else f"?{columns[2]}"), line)
        yield Value("header:user-agent", columns[3], line)
        return
    if '"' not in text or not _RECORD_METHOD.search(text):
        return
    for hit in _RECORD_VALUE.finditer(text):
        value = hit[2].replace("\\/", "/").replace('\\"', '"')
        if "agent" in hit[1].lower():
            yield Value("header:user-agent", value, line)
        else:
            yield from values_of_target(_PLACE.sub("", value, count=1) or "/", line)


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
    return (text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_WIDE))).translate(_WIDE).lower()


def squeeze(text: str) -> str:
    """Decoded text with SQL comments turned into spaces and runs of spaces shortened, as a database would read it."""
    return _SPACE.sub(" ", _COMMENT.sub(" ", text)) if "/*" in text or "  " in text or "\t" in text else text
