"""A raw HTTP request held against the rules of the protocol: framing, host, methods, ranges, types, header names, encodings."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas import Severity
from secassist.detectors._web import forms
from secassist.detectors._web.names import (
    CLIENT_HEADERS,
    DAV_METHODS,
    PLAIN_METHODS,
    REWRITES,
    SCANNER_HEADERS,
    VERSIONS,
)
from secassist.detectors._web.request import REQUEST

_LOW, _MEDIUM, _HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
_HEADERS = 200
_CHARS = 16_384
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUL = re.compile(r"%00|\x00")
_CONTROLS = re.compile(r"(?i)%(?:0[1-8bcef]|1[0-9a-f]|7f)|[\x01-\x08\x0b-\x1f\x7f]")
_IN_PATH = re.compile(r"(?i)^[^?]{0,8000}%0[ad]")
_SPELLED = re.compile(r"(?i)(?:\\|%5c)(?:u00[2-7][0-9a-f]|x[2-7][0-9a-f](?:\\|%5c)x)")
_BAD_ESCAPE = re.compile(r"%(?!(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}))")
_NESTED_ESCAPE = re.compile(r"(?i)%25(?:25|[2-7][0-9a-f]|%3[2-7]%(?:3\d|[46][1-6]))|%%3\d")
_OVERLONG = re.compile(r"(?i)%(?:c[01]%[89ab][0-9a-f]|e0%[89][0-9a-f]|f0%8[0-9a-f])|%c0%[2-7][0-9a-f]")
_U_ESCAPE = re.compile(r"(?i)%u(?:00[0-7]|ff[0-5])[0-9a-f]")
_NUMERIC_HOST = re.compile(
    r"(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9A-Fa-f:.%]{2,60}\]|\d{8,10}|0x[0-9a-fA-F]{6,8})(?::\d{1,5})?"
)
_HOST = re.compile(r"(?:[\w.~-]{1,253}|\[[0-9A-Fa-f:.%]{2,60}\])(?::\d{1,5})?")
_ACCEPT = re.compile(r"[\w!#$&^+.*/;=, \t\"-]{1,2000}")
_RANGES = re.compile(r"\d{0,30}-\d{0,30}")
_TYPE = re.compile(r"[\w!#$&^.+*-]{1,80}/[\w!#$&^.+*-]{1,120}")
_TYPE_VALUE = re.compile(r"[\w!#$&^.+*/;=, \t\"':()?<>@-]{1,1000}")
_CHARSET = re.compile(r"(?i)charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{1,40})")
_CHARSETS = re.compile(
    r"(?i)utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-8859-\d{1,2}|latin1|windows-125\d|gbk|gb2312|gb18030|big5(?:-hkscs)?"
    r"|shift[_-]jis|euc-(?:jp|kr)|koi8-[ru]|iso-2022-jp|x-user-defined|binary"
)
_LOCAL = re.compile(r"(?i)\s{0,3}(?:127\.0\.0\.1|localhost|::1|0\.0\.0\.0)\s{0,3}")
_SESSION = re.compile(
    r"(?i)[?&;](?:jsession_?id|php(?:sess|session)_?id|aspsessionid\w{0,12}|asp\.net_sessionid|cfid|cftoken|jservsession\w{0,12}"
    r"|jwsession\w{0,12}|session[_-]?id|weblogicsession|zend_session\w{0,6})="
)
_INCLUDED = re.compile(
    r"(?i)[?&](?:page|pg|inc(?:lude)?|file(?:name)?|path|template|tpl|theme|lang|module|mod|view|load|doc(?:ument)?|root|dir|folder"
    r"|conf(?:ig)?|cmd|content|mosconfig_\w{2,20}|_?globals\S{0,20})="
    r"(?:https?|ftps?)(?::|%3a)(?:/|%2f){2}[^&\s]{1,200}\.(?:txt|inc|php\d?|phtml|dat|log|sh|aspx?|jspx?)(?:$|[?&%\s])"
    r"|[?&](?:mosconfig_\w{2,20}|_?globals\S{0,20}|_conf\S{0,20}|\w{1,20}_(?:path|root))=(?:https?|ftps?)(?::|%3a)(?:/|%2f){2}"
)
_DISGUISED = re.compile(
    r"(?i)=(?:https?|ftps?)(?::|%3a)(?:/|%2f){2}[\w.-]{1,80}(?:%2f[^&/@]{0,40}|:[^&/@]{0,40})?@[\w.-]"
)
_LOADER = re.compile(r"[?&](?:LD_(?:DEBUG|PRELOAD|LIBRARY_PATH|AUDIT)|DYLD_\w{3,30}|BASH_ENV|PYTHONPATH|NODE_OPTIONS)=")
_LONE_QUOTE = re.compile(r"=[\w.-]{0,40}(?:'|%27|%22)(?:&|$)")
_QUERIED = re.compile(
    r"(?i)(?:^|[?&\"])(?:\w{0,30}(?:password|passwd|token|secret|hash|api_?key)|\w{1,30}__\w{1,60})__(?:i?(?:startswith|endswith|contains|exact|regex)"
    r"|isnull|[gl]te?|in|has_keys?|contained_by|range)(?:=|\"\s{0,3}:)"
)
_SMUGGLED = re.compile(r"(?m)^G?[A-Z]{3,9} (?:/|https?:)\S{0,500} HTTP/\d")


class Oddity(NamedTuple):
    """What breaks a rule: name of the rule, a title, severity, 1-based line within the request, the text that shows it."""

    rule: str
    title: str
    severity: Severity
    line: int
    shown: str
    cwe: str = ""


@dataclass(frozen=True)
class _Head:
    """A request taken apart: headers as (lower-case name as written before the colon, value, line)."""

    method: str
    target: str
    version: str
    line: int
    headers: list[tuple[str, str, int]] = field(default_factory=list)
    body: str = ""
    body_line: int = 0

    def all(self, name: str) -> list[tuple[str, int]]:
        return [(value, line) for one, value, line in self.headers if one.strip() == name]

    def first(self, name: str) -> str:
        return next((value for value, _ in self.all(name)), "")


def oddities(text: str) -> Iterator[Oddity]:
    """What a raw request does that the protocol forbids, or that only its rare corners allow, in the order of the checks."""
    head = _parse(text)
    if head is None:
        return
    for check in _CHECKS:
        yield from check(head)
    yield from (Oddity(*found) for found in forms.oddities(head.first("content-type"), head.body, head.body_line))


def _parse(text: str) -> _Head | None:
    lines = text.replace("\r\n", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    request = REQUEST.fullmatch(lines[start].strip())
    if request is None:
        return None
    headers: list[tuple[str, str, int]] = []
    at = start + 1
    while at < len(lines) and lines[at].strip():
        name, mark, value = lines[at][:_CHARS].partition(":")
        if len(headers) < _HEADERS and (mark or not lines[at][0].isspace()):
            headers.append((name.lower(), value.strip(), at + 1))
        at += 1
    version = request["version"] or ""
    body = "\n".join(lines[at + 1 :])[: 4 * _CHARS]
    return _Head(request["method"], request["target"], version, start + 1, headers, body, at + 2)


def _framing(head: _Head) -> Iterator[Oddity]:
    lengths, codings = head.all("content-length"), head.all("transfer-encoding")
    bare = next((line for name, _, line in head.headers if name != name.strip() and name.strip() in _FRAMES), 0)
    where = (lengths + codings or [("", bare)])[-1][1]
    shown = "; ".join(value for value, _ in (*lengths, *codings))[:200]
    for wrong, title in (
        (bool(lengths) and bool(codings), "Both Content-Length and Transfer-Encoding are given"),
        (len(lengths) > 1 or len(codings) > 1, "The length of a request is given more than once"),
        (any(not value.isdecimal() for value, _ in lengths), "Content-Length is no number"),
        (any(not _known_codings(value) for value, _ in codings), "An unknown Transfer-Encoding"),
        (bool(bare), "A space stands beside the name of a header that frames the request"),
        (bool(lengths or codings) and _SMUGGLED.search(head.body) is not None, "A second request is in the body"),
    ):
        if wrong:
            yield Oddity("smuggling", title, _MEDIUM, where, shown, "CWE-444")
            return


_FRAMES = frozenset({"content-length", "transfer-encoding"})


def _known_codings(value: str) -> bool:
    return {one.strip().lower() for one in value.split(",")} <= {"chunked", "gzip", "deflate", "compress"}


def _host(head: _Head) -> Iterator[Oddity]:
    hosts = head.all("host")
    if not hosts:
        if head.version == "1.1" and _recorded(head):
            yield Oddity("host", "The Host header is missing", _LOW, head.line, head.target)
        return
    value, line = hosts[0]
    if len(hosts) > 1:
        yield Oddity("host", "Two Host headers", _MEDIUM, hosts[1][1], hosts[1][0], "CWE-444")
    elif not value:
        yield Oddity("host", "The Host header is empty", _MEDIUM, line, value)
    elif _NUMERIC_HOST.fullmatch(value):
        yield Oddity("host", "The Host is an address, as scanners of address ranges ask", _LOW, line, value)
    elif not _HOST.fullmatch(value):
        yield Oddity("host", "The Host header holds what no host name does", _MEDIUM, line, value)


def _request_line(head: _Head) -> Iterator[Oddity]:
    if head.version and head.version not in VERSIONS:
        yield Oddity("version", "A version of HTTP that does not exist", _MEDIUM, head.line, head.version)
    elif not head.version or head.version == "0.9":
        yield Oddity(
            "version", "The request line names no version of HTTP later than 0.9", _LOW, head.line, head.target
        )
    if head.method in DAV_METHODS:
        yield Oddity("method", "A method that only WebDAV, caches or version control use", _LOW, head.line, head.method)
    elif head.method == "CONNECT" and _HOST.fullmatch(head.target):
        yield Oddity("method", "A tunnel is asked for", _LOW, head.line, head.target)
    elif head.method not in PLAIN_METHODS:
        title = "A method that web pages do not use (tracing, debugging, tunnels or made up)"
        yield Oddity("method", title, _MEDIUM, head.line, head.method)
    if " " in head.target.strip():
        severity = _MEDIUM if " HTTP/" in head.target else _LOW
        yield Oddity("target", "A space in the request target", severity, head.line, head.target)
    elif "#" in head.target:
        yield Oddity(
            "target", "A fragment in the request line, which browsers never send", _LOW, head.line, head.target
        )
    elif head.target[:1] not in "/*" and "://" not in head.target and head.method != "CONNECT":
        yield Oddity("target", "A request target that begins with no slash", _LOW, head.line, head.target)


def _encodings(head: _Head) -> Iterator[Oddity]:
    query = head.body if "urlencoded" in head.first("content-type").lower() else ""
    for text, line in ((head.target, head.line), (query[:_CHARS], head.body_line)):
        for pattern, severity, title in (
            (_OVERLONG, _MEDIUM, "Letters in a longer form than UTF-8 allows"),
            (_NUL, _MEDIUM, "A zero byte, which ends a name for some programs and not for others"),
            (_IN_PATH if text is head.target else _NUL, _LOW, "A line break in a path"),
            (_CONTROLS, _LOW, "Control characters in a request"),
            (_SPELLED, _LOW, "Plain letters spelled as escapes of a programming language"),
            (_NESTED_ESCAPE, _LOW, "Escapes inside escapes"),
            (_U_ESCAPE, _LOW, "ASCII characters in the %u form that only some servers decode"),
            (_BAD_ESCAPE, _LOW, "A per cent sign that escapes nothing"),
        ):
            hit = pattern.search(text)
            if hit:
                yield Oddity(
                    "encoding", title, severity, line, text[max(0, hit.start() - 60) : hit.end() + 60], "CWE-172"
                )
                break


def _header_names(head: _Head) -> Iterator[Oddity]:
    for name, value, line in head.headers:
        if not _TOKEN.fullmatch(name.rstrip()) or _CONTROL.search(value):
            yield Oddity(
                "header", "A header with characters that are not allowed there", _MEDIUM, line, f"{name}: {value}"
            )
        elif name in SCANNER_HEADERS:
            yield Oddity("scanner", "The header of a scanner", _MEDIUM, line, f"{name}: {value}")
        elif name in REWRITES:
            severity, title = REWRITES[name]
            yield Oddity("override", title, severity, line, f"{name}: {value}")
        elif name in CLIENT_HEADERS and _LOCAL.fullmatch(value):
            yield Oddity(
                "override", "A header says that the client is the server itself", _LOW, line, f"{name}: {value}"
            )
    counts = Counter(name.strip() for name, _, _ in head.headers)
    for name in ("content-type", "user-agent", "referer", "accept", "authorization", "connection", "range", "origin"):
        if counts[name] > 1:
            yield Oddity("header", f"More than one {name} header", _LOW, head.all(name)[1][1], name)


def _recorded(head: _Head) -> bool:
    """Whether more than a summary of the headers was recorded."""
    return any(name not in _SUMMARY for name, _, _ in head.headers)


_SUMMARY = frozenset({"host", "content-type", "content-length", "transfer-encoding", "cookie", "authorization"})
"""Headers that a summary of a request keeps; with nothing else recorded, a missing one says nothing."""


def _agents(head: _Head) -> Iterator[Oddity]:
    if _recorded(head) and not head.all("user-agent"):
        yield Oddity("no-agent", "The request names no user agent", _LOW, head.line, head.target)
    for value, line in head.all("accept"):
        if not _ACCEPT.fullmatch(value) and head.method != "OPTIONS":
            yield Oddity("header", "The Accept header is empty or malformed", _LOW, line, value)
    for value, line in head.all("accept-encoding"):
        if len(value) > 120 or not _ACCEPT.fullmatch(value or "-"):
            yield Oddity("header", "The Accept-Encoding header is overlong or malformed", _LOW, line, value)
    for value, line in head.all("connection"):
        words = [word.strip().lower() for word in value.split(",")]
        if len(set(words)) < len(words) or {"close", "keep-alive"} <= set(words):
            yield Oddity("header", "The Connection header contradicts or repeats itself", _LOW, line, value)
    for value, line in head.all("expect"):
        if value.lower() != "100-continue":
            yield Oddity("header", "An Expect header that asks for what does not exist", _LOW, line, value)
    for value, line in head.all("content-encoding"):
        if "," in value:
            yield Oddity("header", "A request body that is packed several times over", _LOW, line, value)


def _ranges(head: _Head) -> Iterator[Oddity]:
    for value, line in (*head.all("range"), *head.all("request-range")):
        parts = [part.strip() for part in value.rpartition("=")[2].split(",")][:1000]
        most = 62 if head.target.partition("?")[0].lower().endswith(".pdf") else 5
        ends = [part.split("-", 1) for part in parts if _RANGES.fullmatch(part)]
        if any(len(end) > 15 for pair in ends for end in pair):
            yield Oddity("range", "A range beyond any file's end", _HIGH, line, value, "CWE-190")
        elif len(parts) > most:
            yield Oddity("range", "More ranges than a client needs", _MEDIUM, line, value, "CWE-400")
        elif any(a and b and int(a) > int(b) for a, b in ends) or len(ends) < len(parts):
            yield Oddity("range", "A range that ends before it begins, or is none", _LOW, line, value)


def _types(head: _Head) -> Iterator[Oddity]:
    if head.method in ("GET", "HEAD") and head.body.strip():
        yield Oddity("content-type", f"A {head.method} request with a body", _LOW, head.body_line, head.body[:120])
    given = head.all("content-type")
    if not given:
        return
    value, line = given[0]
    media = value.partition(";")[0].strip()
    charsets = _CHARSET.findall(value)
    if not _TYPE.fullmatch(media) or not _TYPE_VALUE.fullmatch(value):
        yield Oddity("content-type", "A Content-Type that is none", _MEDIUM, line, value)
    elif "boundary" in value.lower() and not media.lower().startswith("multipart/"):
        yield Oddity(
            "content-type", "A boundary for a type of content that has no parts", _MEDIUM, line, value, "CWE-436"
        )
    elif len(charsets) > 1 or any(not _CHARSETS.fullmatch(one) for one in charsets):
        yield Oddity("content-type", "A character set that hides text from filters", _MEDIUM, line, value, "CWE-172")
    elif media.lower() in ("application/x-java-serialized-object", "application/x-httpd-php"):
        yield Oddity("content-type", "A type of content that runs as code", _MEDIUM, line, value, "CWE-502")


def _inclusions(head: _Head) -> Iterator[Oddity]:
    hit = _DISGUISED.search(head.target)
    if hit is not None:
        title = "An address that names one host and leads to another"
        yield Oddity("inclusion", title, _MEDIUM, head.line, hit.group(), "CWE-601")
        return
    hit = _INCLUDED.search(head.target)
    if hit is not None and (head.first("host").lower() or "-") not in hit.group().lower():
        title = "A parameter that names a file holds the address of a script on another host"
        yield Oddity("inclusion", title, _MEDIUM, head.line, hit.group(), "CWE-98")


def _overrides(head: _Head) -> Iterator[Oddity]:
    hit = _LOADER.search(head.target)
    if hit is not None:
        title = "A parameter that the loader of a program would read as its own setting"
        yield Oddity("override", title, _MEDIUM, head.line, hit.group(), "CWE-78")
    hit = _LONE_QUOTE.search(head.target)
    if hit is not None:
        title = "A value that is broken off by a lone quote, as when a database is tried for errors"
        yield Oddity("quote", title, _LOW, head.line, hit.group(), "CWE-89")
    hit = _QUERIED.search(head.target) or _QUERIED.search(head.body[:_CHARS])
    if hit is not None:
        title = "A parameter asks through an object mapper what begins, holds or links to a field"
        yield Oddity("orm", title, _LOW, head.line, hit.group(), "CWE-943")
    if "_method=" in head.target.partition("?")[2].lower():
        yield Oddity("override", "The query names another method than the request line", _LOW, head.line, head.target)


def _sessions(head: _Head) -> Iterator[Oddity]:
    hit = _SESSION.search(head.target) or _SESSION.search("&" + head.body[:_CHARS] if "=" in head.body else "")
    if hit is None:
        return
    referrer = head.first("referer").partition("://")[2].partition("/")[0].lower()
    foreign = bool(referrer) and referrer != head.first("host").lower()
    severity = _MEDIUM if foreign or not head.all("referer") else _LOW
    title = "A session identifier is handed over as a parameter"
    yield Oddity(
        "session",
        title + (" by a page of another host" if foreign else ""),
        severity,
        head.line,
        head.target,
        "CWE-384",
    )


_CHECKS: tuple[Callable[[_Head], Iterator[Oddity]], ...] = (
    _framing,
    _host,
    _request_line,
    _encodings,
    _header_names,
    _agents,
    _ranges,
    _types,
    _sessions,
    _inclusions,
    _overrides,
)
