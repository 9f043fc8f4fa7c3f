"""What the tagger learns from: our generated texts, labelled rows by group, and public text in which nobody is named."""

import lzma
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from json import loads
from pathlib import Path

import yaml

from secassist.errors import UsageError
from secassist.evaluation.examples import Example, collect
from secassist.folds import fold
from secassist.training.scenarios import people

TYPES = ("person", "address", "location", "organization")
"""In the order of the tag head."""
ANNOTATED = frozenset({"person", "address"})
"""What the labelled rows annotate; whether a place or an organisation stands in them is not said."""
GROUP_FOLDS = 4
DEVELOPMENT_FOLD = 3
_CHECK_MARK = re.compile(r"<<([a-z]+):(.*?)>>", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CITATION = re.compile(r"\(Citation: [^)]*\)|<[^>]*>|\[([^\]]*)\]\([^)]*\)")
_NAMED = re.compile(
    r"(?im)^\W*(?:author|authors|by|copyright|contributors?|maintainers?)\b.*$|\b(?:Mr|Mrs|Ms|Dr|Prof)\."
)


@dataclass(frozen=True)
class TagExample:
    """`scope`: the types whose absence is known; a unit outside every span may still be of another type."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    scope: frozenset[str]
    language: str
    source: str


def written(seed: int, count: int, part: people.Part) -> Iterator[TagExample]:
    """Our own texts, all types annotated."""
    for sample in people.generate_people(seed, count, part):
        yield TagExample(sample.text, sample.spans, frozenset(TYPES), sample.language, "ours")


@cache
def check() -> tuple[TagExample, ...]:
    """The texts written one by one, for measuring only."""
    raw = yaml.safe_load((Path(people.__file__).parent / "people_check.yaml").read_text("utf-8"))
    return tuple(_marked(line, language) for language, lines in raw.items() for line in lines.strip().split("\n"))


def _marked(line: str, language: str) -> TagExample:
    text, spans, position = "", [], 0
    line = line.replace("\\n", "\n")
    for mark in _CHECK_MARK.finditer(line):
        text += line[position : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        position = mark.end()
    return TagExample(text + line[position:], tuple(spans), frozenset(TYPES), language, "written")


def given(path: Path) -> list[TagExample]:
    """JSON Lines of `text`, `language`, `source` and `spans` ([start, end, type]), in which people and addresses are known.

    Raises UsageError when a line is not so.
    """
    made = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = loads(line)
            spans = tuple((int(start), int(end), str(kind)) for start, end, kind in row["spans"])
            made.append(TagExample(str(row["text"]), spans, ANNOTATED, str(row["language"]), str(row["source"])))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}:{number}: not a text with spans: {error}") from error
    return made


def is_development(group: str) -> bool:
    """Whether a labelled group is for measuring."""
    return fold(group, GROUP_FOLDS, "tagger") == DEVELOPMENT_FOLD


def labelled(data: Path, *, development: bool) -> list[TagExample]:
    """Rows of task S2 of the training split, of the groups of one side."""
    rows = [row for row in collect(data, ("S2",))[0] if row.split == "train" and isinstance(row.input, str)]
    return [_row(row) for row in rows if is_development(row.group) == development]


def _row(row: Example) -> TagExample:
    spans = [(s["start"], s["end"], s["type"]) for s in row.label.get("spans", ()) if s["type"] in TYPES]
    return TagExample(str(row.input), tuple(spans), ANNOTATED, row.language, row.source)


def nobody(corpus: Path | None, data: Path, count: int, seed: int, *, development: bool) -> list[TagExample]:
    """Public text without people's names and addresses: sentences and rule lines, commands, secrets and code.

    Whether places and organisations stand in it is not said. The groups of one side only.
    """
    rng = random.Random(seed)  # noqa: S311 - a choice of rows, not a secret
    rows = [row for row in collect(data, ("T3", "S1", "C1"))[0] if row.split != "test"]
    texts = [_lines(row) for row in rows if is_development(row.group) == development]
    rng.shuffle(texts)
    prose = list(_prose(corpus, development)) if corpus else []
    rng.shuffle(prose)
    chosen = prose[: count // 2] + texts[: count - min(len(prose), count // 2)]
    return [TagExample(text, (), ANNOTATED, "en", "public") for text in chosen]


def _lines(row: Example) -> str:
    """Six lines of an input, or the texts of its fields."""
    if not isinstance(row.input, str):
        return _plain("\n".join(str(value) for value in row.input.values() if isinstance(value, str)))
    lines = row.input.split("\n")
    start = len(row.id) % max(1, len(lines) - 6)
    return _plain("\n".join(lines[start : start + 6]))


def _prose(corpus: Path, development: bool) -> Iterator[str]:
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = loads(line)
            if is_development(row["path"]) != development:
                continue
            parts: Sequence[str] = [part for part in _SENTENCE.split(row["text"]) if part.strip()]
            for start in range(0, min(len(parts), 24), 6):
                text = _plain(" ".join(parts[start : start + 3]))
                if len(text) > 30:
                    yield text


def _plain(text: str) -> str:
    """At most 200 characters, without citations and without lines that name authors."""
    return _NAMED.sub("", _CITATION.sub(r"\1", text))[:200]
