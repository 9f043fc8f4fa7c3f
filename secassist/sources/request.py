"""HTTP requests as they were captured: one raw request a file."""

import re
from collections.abc import Iterator
from pathlib import Path

from schemas import Subject
from secassist.sources import _bytes
from secassist.sources._bytes import decode, is_binary, shown, visible
from secassist.sources._json import made
from secassist.sources._records import record
from secassist.sources.base import Limits, Rejected, Skipped

_START = re.compile(r"\s{0,80}[A-Z][A-Z-]{2,24} \S{1,8000} HTTP/\d(?:\.\d)?\r?\n")


class Request:
    """A request line, headers and a body, judged as one alert; the line of the request comes first."""

    name = "request"
    summary = "a raw HTTP request, as proxies and web application firewalls keep it"

    def sniff(self, path: Path, head: bytes) -> float:  # noqa: ARG002 - the contract's signature
        """By its first line."""
        return 0.9 if not is_binary(head) and _START.match(decode(head)) else 0.0

    def read(self, path: Path, limits: Limits) -> Iterator[Subject | Rejected]:
        """One Alert with the whole request as its field `raw`; a Rejected where it is too large."""
        body = visible(_bytes.text(path, limits)).lstrip()
        if not body:
            yield Skipped(shown(path), "empty file; nothing to read")
            return
        yield made(
            {"kind": "http", "raw": body},
            f"{shown(path)}:1",
            lambda value, place: record(value, self.name, place, limits),
        )


PLUGIN = Request()
