"""What every adapter speaks: items as JSON lines on standard input, findings as JSON lines on standard output.

An item is {"id", "text", "language"}; the first line out is {"version", "claims"}, then one {"id", "found"} per item, where
`found` holds [start, end, name, score] with character offsets. It runs in the tool's own environment and imports
nothing of ours.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Found = tuple[int, int, str, float]
Find = Callable[[list[dict[str, Any]]], Iterable[list[Found]]]
"""All items in, one list of findings for each, in their order."""


def serve(version: str, claims: Iterable[str], find: Find) -> None:
    """Answer what stands on standard input; whatever the tool prints goes to standard error."""
    answer, sys.stdout = sys.stdout, sys.stderr
    items = [json.loads(line) for line in sys.stdin if line.strip()]
    began = time.perf_counter()
    lines = [{"id": item["id"], "found": found} for item, found in zip(items, find(items), strict=True)]
    seconds = time.perf_counter() - began
    answer.write(json.dumps({"version": version, "claims": sorted(set(claims)), "seconds": round(seconds, 3)}) + "\n")
    answer.writelines(json.dumps(line) + "\n" for line in lines)


def occurrences(text: str, value: str, line: int = 0) -> Iterator[tuple[int, int]]:
    """Where a value stands in a line (1-based; 0 means anywhere) of a text; the whole line when it cannot be found."""
    start, end = _line(text, line) if line else (0, len(text))
    at = text.find(value, start, end) if value else -1
    if at < 0:
        yield start, end
    while at >= 0:
        yield at, at + len(value)
        at = text.find(value, at + len(value), end)


def _line(text: str, number: int) -> tuple[int, int]:
    start = 0
    for _ in range(number - 1):
        following = text.find("\n", start)
        if following < 0:
            break
        start = following + 1
    end = text.find("\n", start)
    return start, len(text) if end < 0 else end
