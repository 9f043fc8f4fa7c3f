"""Redacts and reveals bytes in memory, as the command does with files; values in the samples are invented."""

import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from secassist.redacting.choosing import Format
from secassist.redacting.finding import Wanted
from secassist.redacting.inputs import Rereadable
from secassist.redacting.mapfile import MapWriter, read_map
from secassist.redacting.placeholders import Entry, Names
from secassist.redacting.redactor import Redactor, Sizes, Tally
from secassist.redacting.revealer import Revealer

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
SMALL = Sizes(find=300, search=200, ahead=2_000, behind=200)
"""Windows so small that a page of text has many borders."""

MAIL = "alice.moor@corp-mail.org"
PASSWORD = "Zq7-mVt2-kLp9"
CARD_ID = "330106198703151232"
AWS_KEY = "AKIA" + "Q3EGRWTZ5YB7KDNM"


@dataclass
class Done:
    """What came of one redaction."""

    out: bytes
    tally: Tally
    entries: list[Entry]

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "surrogateescape")


class Sink:
    def __init__(self) -> None:
        self.file = io.BytesIO()

    def write(self, content: bytes) -> None:
        self.file.write(content)


def redact(
    content: bytes | str,
    format_: str = "auto",
    *,
    key: bytes = KEY,
    name: str = "",
    wanted: Wanted | None = None,
    sizes: Sizes | None = None,
    limit: int = 1_000,
    seen: Iterable[Entry] = (),
    reversible: bool = True,
) -> Done:
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    entries: list[Entry] = []
    names = Names(key, limit=limit, found=entries.append)
    for entry in seen:
        names.learn(entry)
    sink = Sink()
    with Rereadable(io.BytesIO(data), "test") as source:
        redactor = Redactor(source, names, wanted or Wanted(), reversible=reversible, limit=limit, sizes=sizes)
        tally = redactor.run(sink, Format(format_), name)
    return Done(sink.file.getvalue(), tally, entries)


def reveal(done: Done, content: bytes | None = None) -> bytes:
    """What comes back by way of a map on disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map"
        with MapWriter(path, KEY) as writer:
            for entry in done.entries:
                writer.add(entry)
            writer.commit()
        assert sorted(e.name for e in read_map(path, KEY)) == sorted(e.name for e in done.entries)
        sink = Sink()
        with Rereadable(io.BytesIO(done.out if content is None else content), "test") as source:
            Revealer(path, KEY).run(source, sink)
        return sink.file.getvalue()
