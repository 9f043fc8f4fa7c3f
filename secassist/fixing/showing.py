"""A change as people read it: a unified diff, coloured for terminals, and one line per check."""

from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff

from schemas import Check

_CONTEXT = 3
_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_PLAIN, _BOLD = "\x1b[0m", "\x1b[1m"


def diff(path: str, before: str, after: str) -> str:
    """A unified diff that `patch -p1` and `git apply` read, if the texts are the file's own."""
    old, new = before.split("\n"), after.split("\n")
    lines = list(unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="", n=_CONTEXT))
    if old[-1] == "" == new[-1]:  # the empty piece behind the last line break is no line
        lines = _without_end(lines, len(old), len(new))
    return "\n".join(lines) + "\n" if lines else ""


def masked_alike(before: str, after: str, shown_before: str, shown_after: str) -> str:
    """`shown_after`, its unchanged lines masked as they are in `shown_before`.

    What a value is called depends on the whole text, and a line that did not change must not look as if it had.
    """
    old, new, old_shown, new_shown = (text.split("\n") for text in (before, after, shown_before, shown_after))
    if (len(old), len(new)) != (len(old_shown), len(new_shown)):
        return shown_after
    for first, second, count in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        new_shown[second : second + count] = old_shown[first : first + count]
    return "\n".join(new_shown)


def _without_end(lines: list[str], old: int, new: int) -> list[str]:
    """Drops the context line that stands for the end of the file, and counts one line less in its hunk."""
    starts = [at for at, line in enumerate(lines) if line.startswith("@@ ")]
    if not starts or lines[-1] != " ":
        return lines
    head = lines[starts[-1]].split(" ")
    (a, b), (c, d) = (_range(part) for part in head[1:3])
    if a + b - 1 != old or c + d - 1 != new:
        return lines
    lines[starts[-1]] = f"@@ -{a},{b - 1} +{c},{d - 1} @@"
    return lines[:-1]


def _range(part: str) -> tuple[int, int]:
    first, _, count = part[1:].partition(",")
    return int(first), int(count or 1)


def coloured(text: str) -> str:
    """The diff for a terminal."""
    return "\n".join(_colour(line) for line in text.split("\n"))


def _colour(line: str) -> str:
    if line.startswith(("---", "+++")):
        return f"{_BOLD}{line}{_PLAIN}"
    colour = _COLOURS.get(line[:1], "")
    return f"{colour}{line}{_PLAIN}" if colour else line


def told(checks: Sequence[Check]) -> list[str]:
    """One line per check."""
    return [f"{'passed' if c.passed else 'FAILED'} {c.name}{f': {c.detail}' if c.detail else ''}" for c in checks]
