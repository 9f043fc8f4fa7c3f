"""The parts of a request and of its answer in the fields of an alert, by the names that products give them."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from schemas import Alert, Field
from secassist.detectors._web.request import (
    VALUE_CHARS,
    Value,
    looks_like_request,
    values_of_body,
    values_of_headers,
    values_of_log_line,
    values_of_request,
    values_of_target,
)
from secassist.vocabulary import ecs

_PARAMETER_FIELDS = frozenset(
    {"payload", "query_string", "querystring", "post_data", "http_param", "request_body", "cs-uri-query"}
)
_URL_FIELDS = frozenset({"request_uri", "http_url", "cs-uri", "c-uri", "cs-uri-stem", "requesturi", "httprequest.uri"})
_URL_PARTS = frozenset({"url", "uri", "original", "full", "path", "query", "target", "args"})
_QUERIES = frozenset({"args", "query"})
_AGENT_FIELDS = frozenset({"user_agent", "http_user_agent", "cs-user-agent"})
_WEB_FIELDS = frozenset({"method", "http_method", "status", "http_status", "user_agent", "referer"})
"""Fields beside which a link is what somebody asked a server for."""
_LOG_FIELDS = frozenset({"message", "log", "full_log", "event_original", "raw"})
_PAIR = re.compile(
    r"""(?<![\w.-])([\w.\u4e00-\u9fff-]{2,40})[=:]\s?("(?:[^"\\]|\\.){0,8192}"|'[^']{0,8192}'|\S{1,4096})"""
)
_TAKEN_APART: Final = {"http.request.headers": values_of_headers, "http.request.body.content": values_of_body}
"""What a field holds, and how the values in it are told apart."""
_LINES: Final = 5_000
_PACKET: Final = 65_536
"""Characters of a captured packet that are looked at."""


@dataclass(frozen=True)
class Part:
    """A field of an alert: its value with captured packets in plain, the number of its first line, and its ECS name or ""."""

    field: Field
    line: int

    @cached_property
    def ecs(self) -> str:
        """What it holds."""
        return ecs(self.field.path)

    @cached_property
    def leaf(self) -> str:
        """The last part of its name, in lower case."""
        return self.field.path.rpartition(".")[2].lower()

    @cached_property
    def text(self) -> str:
        """The value; a packet that is written in base64 or with escaped line breaks as it went over the wire."""
        return _wire(self.field.value)

    @property
    def is_answer(self) -> bool:
        """Whether it holds what a server sent back."""
        return self.ecs.startswith("http.response.") or self.text.lstrip().startswith("HTTP/")


def parts(alert: Alert) -> Iterator[Part]:
    """The fields in order."""
    return (Part(item, line) for line, item in alert.placed())


def values_of_parts(placed: Sequence[Part]) -> Iterator[Value]:
    """What a client sent, in the order of an alert's fields."""
    of_web = any(part.ecs.startswith(("http.", "user_agent")) or part.leaf in _WEB_FIELDS for part in placed)
    for part in placed:
        if not part.is_answer:
            yield from _values(part, of_web)


def _values(part: Part, of_web: bool) -> Iterator[Value]:
    text, line = part.text, part.line
    many = "\n" in part.field.value
    taken_apart = values_of_request if looks_like_request(text) else _TAKEN_APART.get(part.ecs)
    if taken_apart is not None:
        yield from (Value(v.where, v.text, v.line + line - 1 if many else line) for v in taken_apart(text))
    elif part.leaf in _PARAMETER_FIELDS or part.ecs in ("event.payload", "url.query"):
        yield Value("parameter", text[:VALUE_CHARS], line)
    elif part.ecs == "db.statement":
        yield Value("body statement", text[:VALUE_CHARS], line)
    elif part.leaf in _AGENT_FIELDS or part.ecs == "user_agent.original":
        yield Value("header:user-agent", text[:4_096], line)
    elif part.leaf in _QUERIES and _is_url(part, of_web):
        yield from values_of_target(f"?{text}", line)
    elif _is_url(part, of_web) and ("/" in text or "?" in text):
        yield from values_of_target(_without_host(text), line)
    elif part.leaf in _LOG_FIELDS or part.ecs == "event.original":
        for at, one in enumerate(text.splitlines()[:_LINES]):
            place = line + at if many else line
            yield from values_of_log_line(one, place)
            yield from _pairs(one, place)


def _pairs(text: str, line: int) -> Iterator[Value]:
    """The parts of a request that a line of a log tells as name=value."""
    told = [
        Part(Field(path=hit[1], value=hit[2].strip("\"'").replace('\\"', '"')), line)
        for hit in _PAIR.finditer(text[:VALUE_CHARS])
    ]
    for part in told:
        if part.leaf not in _LOG_FIELDS and part.ecs != "event.original" and not part.is_answer:
            yield from _values(part, True)


def _is_url(part: Part, of_web: bool) -> bool:
    path = part.field.path.lower()
    above = path[: -len(part.leaf)]
    named = part.leaf in _URL_FIELDS or (part.leaf in _URL_PARTS and ("url" in above or "http" in above))
    return named or (of_web and part.ecs == "url.original")


def _without_host(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return "/" + rest.partition("/")[2] if mark and scheme.isalpha() else url


def _wire(text: str) -> str:
    shown = text.strip()
    if "\n" not in shown and "\\n" in shown:
        return shown[:_PACKET].replace("\\r\\n", "\n").replace("\\n", "\n").replace('\\"', '"')
    if len(shown) < 24 or len(shown) % 4 or not shown[:64].replace("+", "").replace("/", "").rstrip("=").isalnum():
        return text
    try:
        packet = base64.b64decode(shown[:_PACKET], validate=True).decode("utf-8")
    except (ValueError, binascii.Error):
        return text
    return packet if looks_like_request(packet) or packet.startswith("HTTP/") else text
