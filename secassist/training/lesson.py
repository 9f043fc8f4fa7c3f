"""Lesson: one prompt as it is served, with the answer that was wanted; the only form in which adapters learn."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas import Noun
from secassist.templates import Prompt


class Lesson(Noun):
    """`answer` is compact JSON in the order of the answer's schema; `bad` is the truth for calibration, None if unknown.

    `wording` is what the adapter's witness reads.
    """

    analyzer: str
    prompt: Prompt
    answer: str
    source: str
    group: str
    bad: bool | None = None
    wording: str = ""


def write(path: Path, lessons: Iterable[Lesson]) -> int:
    """Writes JSON Lines, whole or not at all; returns how many."""
    aside = path.with_suffix(".tmp")
    count = 0
    with aside.open("w", encoding="utf-8") as out:
        for lesson in lessons:
            out.write(lesson.model_dump_json() + "\n")
            count += 1
    aside.replace(path)
    return count


def read(path: Path) -> Iterator[Lesson]:
    """Every lesson of a file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Lesson.model_validate_json(line)
