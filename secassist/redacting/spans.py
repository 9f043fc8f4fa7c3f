"""Keeps what the first pass found for the second one, on disk, as numbers only."""

import struct
import tempfile
from collections.abc import Iterator

_RECORD = struct.Struct("<QQI?")
_AT_ONCE = 4096


class SpanFile:
    """Spans (start, end, type, whether of a number) of a whole input in the order they were added; no value is ever written."""

    def __init__(self) -> None:
        # The file lives as long as this object, so a `with` here would close it too early.
        self._file = tempfile.TemporaryFile(prefix="secassist-")  # noqa: SIM115
        self._types: dict[str, int] = {}

    def __enter__(self) -> "SpanFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, start: int, end: int, type_: str, quoted: bool) -> None:
        """One more span, which may not begin before the last one by more than a window."""
        number = self._types.setdefault(type_, len(self._types))
        self._file.write(_RECORD.pack(start, end, number, quoted))

    def read(self) -> Iterator[tuple[int, int, str, bool]]:
        """All of them."""
        names = list(self._types)
        self._file.seek(0)
        while block := self._file.read(_RECORD.size * _AT_ONCE):
            for start, end, number, quoted in _RECORD.iter_unpack(block):
                yield start, end, names[number], quoted
