"""Puts the values of a map back in the place of their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from secassist.redacting.encodings import Coding
from secassist.redacting.inputs import Rereadable
from secassist.redacting.mapfile import read_map
from secassist.redacting.placeholders import LONGEST_NAME, written
from secassist.redacting.redactor import Sink
from secassist.redacting.windows import Window, windows

WINDOW = 256 * 1024


@dataclass
class Revealed:
    """Names that were turned back, and those that the map does not know."""

    restored: int = 0
    unknown: int = 0


class Revealer:
    """The values of one map; they are in memory only."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._values = {entry.name: (entry.raw, entry.quoted) for entry in read_map(path, key)}
        self.done = Revealed()

    def run(self, source: Rereadable, sink: Sink) -> Revealed:
        """Writes the input with every known name turned back; names in the values themselves stay."""
        blocks = source.first()
        first = next(blocks, b"")
        coding = Coding(first, source.name)
        for text in self._texts(coding.decode(chain([first], blocks))):
            sink.write(coding.encode(text))
        sink.write(coding.tail)
        return self.done

    def _texts(self, parts: Iterator[str]) -> Iterator[str]:
        for window in windows(parts, WINDOW, ahead=LONGEST_NAME, behind=1):
            done, position = [], window.begin
            for first, last, name in written(window.text, window.begin):
                if first >= window.cut:
                    break
                start, end, value = self._value((first, last), name, window.text, position)
                done += [window.text[position:start], value]
                position = end
            window.settled = max(_before_quote(window), position)
            yield "".join([*done, window.text[position : window.settled]])

    def _value(self, span: tuple[int, int], name: str, text: str, first: int) -> tuple[int, int, str]:
        """What goes and what comes instead: with a number the quotes around its name go too."""
        start, end = span
        known = self._values.get(name)
        if known is None:
            self.done.unknown += 1
            return start, end, text[start:end]
        self.done.restored += 1
        raw, quoted = known
        if quoted and start > first and text[start - 1] == '"' and text[end : end + 1] == '"':
            return start - 1, end + 1, raw
        return start, end, raw


def _before_quote(window: Window) -> int:
    """Where the window's own part ends, not between a quote and the name that it may belong to."""
    quote = window.begin < window.cut - 1 < len(window.text) - 1 and window.text[window.cut - 1] == '"'
    return window.cut - 1 if quote else window.cut
