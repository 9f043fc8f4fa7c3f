"""Lessons from code that runs everywhere: units of well-kept packages, taken for harmless where no detector speaks.

Labelled rows are vulnerable half of the time; code as people scan it is not in one unit of a hundred. A judge that never saw
the ordinary calls it weak.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from schemas import CodeUnit
from schemas.answers import ReviewAnswer
from secassist.analyzers.base import Evidenced, Question
from secassist.errors import UsageError
from secassist.evaluation.subjects import SUFFIXES
from secassist.training.lesson import Lesson
from secassist.training.teaching import Teacher

SOURCE = "harmless"
UNITS = 3
"""Lessons of one file, at most."""
LARGEST = 120_000
"""Characters of a file; longer ones are generated as a rule."""
WIDEST = 300
"""Characters of a line; files with longer ones are packed or hold data."""
_PASSED_OVER = ("test", "example", "vendor", "third_party", "fixture", "min.js", ".d.ts", "bench")
_NO_CODE = ("html", "xml")
_LANGUAGES = {f".{ending}": language for language, ending in SUFFIXES.items() if language not in _NO_CODE} | {
    ".h": "c",
    ".cc": "cpp",
    ".mjs": "javascript",
}
_REASON = {
    "en": "Ordinary code; no value from outside reaches a dangerous call here.",
    "zh": "普通代码，没有外部输入到达危险调用。",
}


def lessons(teacher: Teacher, folders: Sequence[Path], count: int, seed: int = 23) -> Iterator[Lesson]:
    """At most `count` lessons, alike in number for every language found below the folders.

    Raises UsageError when a folder holds no code. Groups are the names of the packages: folders right below the given ones.
    """
    files = _files(folders)
    if not files:
        raise UsageError(f"no code below {', '.join(map(str, folders))}; name folders with packages in them")
    share = count // len(files)
    for language in sorted(files):
        random.Random(seed).shuffle(files[language])  # noqa: S311 - a draw, not a secret
        found = (one for path, group in files[language] for one in islice(_of(teacher, path, language, group), UNITS))
        yield from islice(found, share)


def _files(folders: Sequence[Path]) -> dict[str, list[tuple[Path, str]]]:
    """Files by language, each with its package, in the order of their names."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            language = _LANGUAGES.get(path.suffix.lower(), "")
            inner = path.relative_to(folder)
            if language and path.is_file() and not any(word in str(inner).lower() for word in _PASSED_OVER):
                found.setdefault(language, []).append((path, f"{SOURCE}:{inner.parts[0]}"))
    return found


def _of(teacher: Teacher, path: Path, language: str, group: str) -> Iterator[Lesson]:
    text = path.read_text("utf-8", errors="replace")
    if len(text) > LARGEST or any(len(line) > WIDEST for line in text.split("\n")):
        return
    code = CodeUnit(source="code", path=f"unit.{SUFFIXES[language]}", language=language, body=text)
    words = "zh" if len(text) % 5 == 0 else "en"
    yield from teacher.of("review", code, words, _gold, SOURCE, group)


def _gold(item: Evidenced, question: Question) -> tuple[ReviewAnswer, bool] | None:
    """Safe; no lesson where data flow or a scanner sees more than a trifle, since that may be a real weakness."""
    said = question.wording.partition(" | ")[0]
    if any(word in said for word in ("PROVEN", "FAULT", "OPEN", " high", " medium", " critical")):
        return None
    answer = ReviewAnswer(decision="safe", cwe="", lines=[], severity="info", reason=_REASON[item.language], fix="")
    return answer, False
