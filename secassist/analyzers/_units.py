"""Cutting a file of code into units that are judged one by one: functions where they can be seen, else windows."""

import re
from collections.abc import Iterator

from schemas import CodeUnit

WHOLE = 60
"""Lines up to which a file is one unit."""
WINDOW = 50
"""Lines of a unit where no function begins."""
STARTS = re.compile(
    r"^(?:\s{0,4})(?:@\w|(?:async\s+)?def\s|class\s|(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b|func\s|fn\s|"
    r"(?:pub\s+)?fn\s|(?:public|private|protected|internal|static|final|virtual|void|int|char|bool|unsigned|struct)\b.*[({]\s*$|"
    r"(?:app|router)\.(?:get|post|put|delete|use|route)\b)"
)


def units(code: CodeUnit) -> Iterator[tuple[int, int]]:
    """First and last line (1-based, inclusive) of each unit; together they cover the file, none is empty."""
    texts = [line.text for line in code.lines]
    if len(texts) <= WHOLE:
        yield 1, len(texts)
        return
    first = 1
    for number in range(2, len(texts) + 1):
        begins = bool(STARTS.match(texts[number - 1])) and not texts[number - 2].lstrip().startswith("@")
        if (begins and number - first >= WINDOW // 2) or number - first >= WINDOW:
            yield first, number - 1
            first = number
    yield first, len(texts)
