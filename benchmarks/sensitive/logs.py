"""A log-shaped set of our own: real shapes of English and Chinese log lines, filled with invented values from a seed.

The set was written without a look at any detector. About half of its lines hold nothing sensitive but much that looks
like it. Shapes stand in `shapes/*.txt`; what fills them is made in `people`, `credentials` and `noise`.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote

from benchmarks.sensitive import credentials, noise, people
from schemas import digest

SEED: Final = 20261122
"""The draw that figures are reported on."""
DRAWS: Final = 8
"""Lines per shape that holds something."""
CLEAN_DRAWS: Final = 10
"""Lines per shape that holds nothing, so that these are half of all."""
SECRET: Final = "secret"
PERSONAL: Final = "personal_data"
FOLDER: Final = Path(__file__).parent / "shapes"
LINE_END: Final = "⏎"
_COMMENTS: Final = ("# English", "# Chinese")
_SLOT: Final = re.compile(r"<<([a-z0-9_]+)(?:\|([a-z0-9]+))?>>")
_SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "": lambda value: value,
    "url": lambda value: quote(value, safe=""),
    "json": lambda value: json.dumps(value)[1:-1],
    "b64": lambda value: base64.b64encode(value.encode()).decode(),
}


@dataclass(frozen=True)
class Shape:
    """One kind of line. `negative` says why it holds nothing ("" where it holds something).

    Errors are shown to developers for `open` shapes only, so that the others stay a measure of what nobody tuned on.
    """

    name: str
    language: str
    negative: str
    template: str

    @property
    def open(self) -> bool:
        """Whether its errors may be shown: half of the shapes, by a hash of the name."""
        return int(digest(self.name)[:8], 16) % 2 == 0


@dataclass(frozen=True)
class Mark:
    """Characters `start` (inclusive) to `end` (exclusive) of a line; `kind` is SECRET or PERSONAL."""

    start: int
    end: int
    type: str
    kind: str


@dataclass(frozen=True)
class LogLine:
    """One item: mostly one line, some have a stack trace or a key of several lines."""

    id: str
    shape: Shape
    text: str
    marks: tuple[Mark, ...]


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape of the folder. Raises ValueError for a line that is none."""
    return tuple(shape for language in ("en", "zh") for clean in ("", "_clean") for shape in _read(language, clean))


def generate(seed: int = SEED) -> Iterator[LogLine]:
    """DRAWS or CLEAN_DRAWS lines of every shape; the same seed gives the same, whatever stands in other shapes."""
    for shape in shapes():
        random = Random(f"{seed}:{shape.name}")
        for number in range(CLEAN_DRAWS if shape.negative else DRAWS):
            text, marks = fill(shape.template, random)
            yield LogLine(f"{shape.name}-{number}", shape, text, marks)


def fill(template: str, random: Random) -> tuple[str, tuple[Mark, ...]]:
    """The template with every slot filled, and where what is sensitive stands. Raises KeyError for an unknown slot."""
    parts: list[str] = []
    marks: list[Mark] = []
    position = length = 0
    for slot in _SLOT.finditer(template):
        before = template[position : slot.start()].replace(LINE_END, "\n")
        kind, name, value = _make(slot[1], random)
        value = _SPELLINGS[slot[2] or ""](value)
        start = length + len(before)
        if kind:
            marks.append(Mark(start, start + len(value), name, kind))
        parts += [before, value]
        position, length = slot.end(), start + len(value)
    return "".join([*parts, template[position:].replace(LINE_END, "\n")]), tuple(marks)


def _make(slot: str, random: Random) -> tuple[str, str, str]:
    """Kind ("" for neither), type and value."""
    for kind, slots in ((SECRET, credentials.SLOTS), (PERSONAL, people.SLOTS)):
        if slot in slots:
            name, make = slots[slot]
            return kind, name, make(random)
    return "", "", noise.MAKERS[slot](random)


def _read(language: str, clean: str) -> Iterator[Shape]:
    for line in (FOLDER / f"{language}{clean}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith(_COMMENTS):
            continue
        fields = line.split(" | ", 2 if clean else 1)
        if len(fields) != (3 if clean else 2):
            raise ValueError(f"{language}{clean}.txt: not a shape: {line[:60]!r}")
        name, reason, template = (fields[0], fields[1], fields[2]) if clean else (fields[0], "", fields[1])
        yield Shape(f"{language}{clean}:{name}", language, reason, template)
