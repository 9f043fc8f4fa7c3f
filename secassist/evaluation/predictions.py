"""The predictions file: one JSON line per item, appended and synced by batch, so that a run can stop anywhere."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from schemas import Confidence, Noun
from secassist.errors import SourceError, UsageError

SCORED: Final = frozenset({"T1", "T2", "T3", "T4", "C1", "C2", "S1", "S2"})
"""Tasks whose lines always have a `score`, null when the item was abstained from."""


class PredictedSpan(Noun):
    """Characters `start` (inclusive) to `end` (exclusive) of the item's input; the found text itself is never kept."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    type: str
    score: Confidence


class After(Noun):
    """What was said of the code after the fix (C2); the fields around it are about the code before."""

    score: Confidence | None = None
    decision: str | None = None
    cwe: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


class Prediction(Noun):
    """One line. `score` is the probability that the item is bad; None means left out, but for a null `score`.

    `techniques` and `cwe` stand best first, `lines` are 1-based, `fix` is the whole corrected text of the code before,
    `seconds` the item's share of its batch. `error` says why there is no valid output; such an item is abstained.
    """

    id: str
    task: str
    score: Confidence | None = None
    decision: str | None = None
    techniques: tuple[str, ...] | None = None
    cwe: tuple[str, ...] | None = None
    lines: tuple[int, ...] | None = None
    spans: tuple[PredictedSpan, ...] | None = None
    fix: str | None = None
    after: After | None = None
    answer: str | None = None
    abstained: bool = False
    seconds: float = Field(default=0.0, ge=0.0)
    error: str | None = None

    def line(self) -> str:
        """The JSON line, with its newline."""
        fields: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        if self.task in SCORED:
            fields = {"id": self.id, "task": self.task, "score": self.score} | fields
        return json.dumps(fields, ensure_ascii=True, separators=(",", ":")) + "\n"


def resume(path: Path) -> list[Prediction]:
    """The predictions that a run left behind, the first of each item; a torn last line is cut off the file.

    Raises SourceError ("file:line") for any other line that is no prediction: the file is then not ours to append to.
    """
    if not path.exists():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    found = [_parse(line, f"{path}:{number}") for number, line in enumerate(whole.splitlines(), 1) if line.strip()]
    if len(whole) < len(raw):
        os.truncate(path, len(whole))
    first: dict[tuple[str, str], Prediction] = {}
    for prediction in found:
        first.setdefault((prediction.task, prediction.id), prediction)
    return list(first.values())


def claim(path: Path, about: Mapping[str, str]) -> None:
    """Note beside the file (NAME.about.json) what is being evaluated, or raise UsageError when that was something else.

    Lines of two models in one file would give a scorecard of neither.
    """
    note = path.with_name(path.name + ".about.json")
    if path.exists() and note.exists():
        if json.loads(note.read_bytes()) != dict(about):
            raise UsageError(f"{path} holds predictions of another run; name another file or remove it")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(dict(about), ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def append(path: Path, predictions: Iterable[Prediction]) -> None:
    """Write these lines at the end and wait until they are on the disk; the folder is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write("".join(prediction.line() for prediction in predictions).encode())
        stream.flush()
        os.fsync(stream.fileno())


def _parse(line: bytes, origin: str) -> Prediction:
    try:
        return Prediction.model_validate_json(line)
    except ValidationError as error:
        raise SourceError(f"{origin} is no prediction; name another file or remove the line") from error
