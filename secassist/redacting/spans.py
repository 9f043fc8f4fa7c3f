"""Marks on a text, and a file that keeps them from one pass to the next as numbers only."""

import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_RECORD = struct.Struct("<QQI?i")
_AT_ONCE = 4096


@dataclass(frozen=True)
class Mark:
    """`text[start:end]` of a window goes; `value` is what it spells where the layout alone does not say it."""

    start: int
    end: int
    type: str
    quoted: bool = False
    value: str = field(default="", repr=False)


class Placed(NamedTuple):
    """A mark at its place in the whole text; `number` is that of its value among the known ones, -1 without one."""

    start: int
    end: int
    type: str
    quoted: bool = False
    number: int = -1


class SpanFile:
    """Marks of a whole text in the order they were added; no value is ever written."""

    def __init__(self) -> None:
        # The file lives as long as this object, so a `with` here would close it too early.
        self._file = tempfile.TemporaryFile(prefix="secassist-")  # noqa: SIM115
        self._types: dict[str, int] = {}

    def __enter__(self) -> "SpanFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, mark: Mark, base: int, number: int = -1) -> None:
        """One more mark of the window whose text begins at `base`; windows come in order."""
        type_ = self._types.setdefault(mark.type, len(self._types))
        self._file.write(_RECORD.pack(base + mark.start, base + mark.end, type_, mark.quoted, number))

    def read(self) -> Iterator[Placed]:
        """All of them."""
        names = list(self._types)
        self._file.seek(0)
        while block := self._file.read(_RECORD.size * _AT_ONCE):
            for start, end, type_, quoted, number in _RECORD.iter_unpack(block):
                yield Placed(start, end, names[type_], quoted, number)
