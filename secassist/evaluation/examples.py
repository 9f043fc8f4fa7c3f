"""Labelled rows on disk to Examples: JSON Lines, plain or gzip'd; it knows the row format, not what labels mean."""

import gzip
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

from schemas import digest
from secassist.errors import SourceError, UsageError
from secassist.sources.base import Rejected

TASKS: Final = ("T1", "T2", "T3", "T4", "T5", "T6", "C1", "C2", "S1", "S2")
LINE_BYTES: Final = 8 * 1024 * 1024
"""Longest row that is read; the longest of the public data has 0.3 MB."""
SUFFIXES: Final = (".jsonl", ".jsonl.gz")
_READ_ERRORS = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class Example:
    """One labelled row. `source` is the file's name up to the first dot.

    The row's `path` is left out on purpose, because it can spell the label; so can `id`, `source` and `group`, which
    therefore never become part of a subject. `split` is "train", "test" or "" (files without one).
    """

    id: str
    task: str
    source: str
    input: Any = field(repr=False)
    label: Mapping[str, Any] = field(repr=False)
    group: str
    language: str = ""
    split: str = ""


def read(path: Path, tasks: Sequence[str] = ()) -> Iterator[Example | Rejected]:
    """Every row of a file, or of all .jsonl and .jsonl.gz files below a folder in the order of their names.

    A bad row, a repeated id or a file that breaks off is a Rejected ("file:line"), and the rest goes on. Rows of
    other tasks than `tasks` (default: all) are skipped. Raises SourceError when there is no such file, and UsageError
    for an unknown task or a folder that holds no data.
    """
    unknown = sorted(set(tasks) - set(TASKS))
    if unknown:
        raise UsageError(f"no task named {', '.join(unknown)}; there are: {', '.join(TASKS)}")
    return _read_files(_files(path), frozenset(tasks) or frozenset(TASKS))


def collect(path: Path, tasks: Sequence[str] = ()) -> tuple[list[Example], list[Rejected]]:
    """`read`, sorted into good rows and bad ones."""
    examples: list[Example] = []
    rejected: list[Rejected] = []
    for row in read(path, tasks):
        if isinstance(row, Example):
            examples.append(row)
        else:
            rejected.append(row)
    return examples, rejected


def limit(examples: Sequence[Example], count: int, stratum: Callable[[Example], Hashable]) -> list[Example]:
    """At most `count` examples, spread as evenly as can be over the strata, in their first order.

    Within a stratum the smallest hashes of the ids are taken, so the choice depends on nothing but the data, and a
    larger limit holds every example of a smaller one. Raises UsageError when `count` is negative.
    """
    if count < 0:
        raise UsageError(f"a limit of {count} examples cannot be")
    strata: dict[Hashable, list[int]] = defaultdict(list)
    for index in sorted(range(len(examples)), key=lambda i: digest([examples[i].task, examples[i].id])):
        strata[stratum(examples[index])].append(index)
    turns = [(turn, digest(repr(key)), index) for key, found in strata.items() for turn, index in enumerate(found)]
    return [examples[index] for index in sorted(index for _, _, index in sorted(turns)[:count])]


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise SourceError(f"{path}: no such file or folder of labelled data")
    found = [file for file in path.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file()]
    if not found:
        raise UsageError(f"{path}: holds no {' or '.join(SUFFIXES)} file")
    return sorted(found, key=lambda file: file.relative_to(path).parts)


def _read_files(files: Iterable[Path], tasks: frozenset[str]) -> Iterator[Example | Rejected]:
    seen: set[tuple[str, str]] = set()
    for file in files:
        for number, line in _lines(file):
            origin = f"{file.name}:{number}"
            row = _parse(line, file, origin) if isinstance(line, bytes) else Rejected(origin, line)
            if isinstance(row, Rejected):
                yield row
            elif row.task in tasks:
                if (row.task, row.id) in seen:
                    yield Rejected(origin, f"the id {row.id[:80]!r} was there before")
                    continue
                seen.add((row.task, row.id))
                yield row


def _lines(file: Path) -> Iterator[tuple[int, bytes | str]]:
    """Numbered lines as bytes; a str is the reason why that line, or the rest of the file, cannot be had."""
    number = 0
    try:
        with _open(file) as stream:
            while line := stream.readline(LINE_BYTES):
                number += 1
                if len(line) == LINE_BYTES and not line.endswith(b"\n"):
                    _skip_rest(stream)
                    yield number, f"the row is longer than {LINE_BYTES} bytes"
                elif line.strip():
                    yield number, line
    except _READ_ERRORS as error:
        yield number + 1, f"the file cannot be read from here on: {type(error).__name__}"


def _open(file: Path) -> BufferedIOBase:
    return gzip.open(file, "rb") if file.name.endswith(".gz") else file.open("rb")


def _skip_rest(stream: BufferedIOBase) -> None:
    while (more := stream.readline(LINE_BYTES)) and not more.endswith(b"\n"):
        pass


def _parse(line: bytes, file: Path, origin: str) -> Example | Rejected:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Rejected(origin, f"not a JSON row: {type(error).__name__}")
    if not isinstance(row, dict):
        return Rejected(origin, "not a JSON object")
    missing = [key for key in ("id", "task", "input", "label") if key not in row]
    if missing:
        return Rejected(origin, f"the row has no {', '.join(missing)}")
    return _example(row, file.name.split(".")[0], origin)


def _example(row: dict[str, Any], source: str, origin: str) -> Example | Rejected:
    if not isinstance(row["id"], str) or not row["id"]:
        return Rejected(origin, "the id is not a text")
    if row["task"] not in TASKS:
        return Rejected(origin, f"no task named {str(row['task'])[:20]!r}")
    if not isinstance(row["label"], dict):
        return Rejected(origin, "the label is not an object")
    if not isinstance(row["input"], str | dict):
        return Rejected(origin, "the input is neither a text nor an object")
    return Example(
        id=row["id"],
        task=row["task"],
        source=source,
        input=row["input"],
        label=row["label"],
        group=_text(row, "group") or row["id"],
        language=_text(row, "language"),
        split=_text(row, "split"),
    )


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
