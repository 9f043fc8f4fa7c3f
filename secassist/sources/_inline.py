"""JSON records that did not come as a file: the same records, by the same source, as a file with these bytes would give."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from schemas import Alert
from secassist.sources import alert_json, cloudtrail, eve, windows_events, zeek
from secassist.sources._bytes import HEAD_BYTES
from secassist.sources._json import Parsed, of_text
from secassist.sources.base import Limits, Rejected

_NAMED = Path("body.json")


class RecordSource(Protocol):
    """A source that can read a parsed JSON object as well as a file of them."""

    name: str

    def sniff(self, path: Path, head: bytes) -> float:
        """As of every source."""
        ...

    def alert(self, value: Mapping[str, Any], origin: str, limits: Limits) -> Alert:
        """The Alert of one record. Raises SourceError with the remedy for a record that is too deep, wide, large or bad."""
        ...


def source(body: bytes) -> RecordSource:
    """The source that is surest of these bytes; generic alerts where no product is recognised."""
    products = (cloudtrail.PLUGIN, eve.PLUGIN, windows_events.PLUGIN, zeek.PLUGIN)
    known: tuple[RecordSource, ...] = (alert_json.PLUGIN, *products)
    return max(known, key=lambda each: each.sniff(_NAMED, body[:HEAD_BYTES]))


def records(text: str, origin: str) -> Iterator[Parsed | Rejected]:
    """Every record as (line, value), arrays and envelopes opened; a broken one is a Rejected and the walk goes on."""
    return of_text(text, origin)
