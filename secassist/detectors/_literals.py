"""Strings of which one must be in a text for a regular expression to match it: a quick look before a slow one."""

from collections.abc import Iterable

_MOST = 60
"""Alternatives of one expression that are worth looking for; one with more is simply run."""
_SPECIAL = {"t": "\t", "n": "\n", "r": "\r"}
_AROUND = ("?=", "?!", "?<=", "?<!")
"""How groups begin that look around and match nothing themselves."""


def best(options: Iterable[set[str] | None]) -> set[str] | None:
    """The set whose shortest string is longest, up to 8 characters; among equals the smallest set."""
    known = [option for option in options if option]
    return min(known, key=lambda option: (-min(8, *map(len, option)), len(option))) if known else None


def union(parts: Iterable[set[str] | None]) -> set[str] | None:
    found: set[str] = set()
    for part in parts:
        if not part:
            return None
        found |= part
    return found if len(found) <= _MOST else None


def of_pattern(pattern: str) -> set[str] | None:
    """Lower-case strings of which one is in every text that a regular expression matches, whatever the case of its letters.

    None where there is no such set or the syntax (RE2's, and looking around) is not understood.
    """
    reader = _Reader(pattern)
    try:
        found = reader.alternatives()
    except (IndexError, ValueError):
        return None
    return found if reader.at == len(pattern) else None


class _Reader:
    """Reads an expression once, from left to right; all it keeps are runs of letters that no match can do without."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.at = 0

    def _peek(self) -> str:
        return self._pattern[self.at : self.at + 1]

    def alternatives(self) -> set[str] | None:
        """Up to the end or an unopened `)`."""
        parts = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            parts.append(self._sequence())
        return union(parts)

    def _sequence(self) -> set[str] | None:
        options: list[set[str] | None] = []
        run = ""
        while self._peek() not in ("", "|", ")"):
            text, group = self._atom()
            least, single = self._repeats()
            if text and single:
                run += text
                continue
            if text and least:
                run += text
            options += [{run} if run else None, group if least else None]
            run = ""
        options.append({run} if run else None)
        return best(options)

    def _atom(self) -> tuple[str, set[str] | None]:
        """A literal character, or "" and what a group requires."""
        char = self._peek()
        self.at += 1
        if char == "(":
            return "", self._group()
        if char == "[":
            self._skip_class()
            return "", None
        if char == "\\":
            return self._escape(), None
        return ("", None) if char in ".^$" else (char.lower(), None)

    def _group(self) -> set[str] | None:
        around = next((head for head in _AROUND if self._pattern.startswith(head, self.at)), "")
        if around:
            self.at += len(around)
        elif self._peek() == "?":
            end = next(at for at in range(self.at, len(self._pattern)) if self._pattern[at] in ":>)")
            flags_only = self._pattern[end] == ")"
            self.at = end + 1
            if flags_only:
                return None
        found = self.alternatives()
        if self._peek() != ")":
            raise ValueError("a group does not end")
        self.at += 1
        return None if around else found

    def _escape(self) -> str:
        char = self._pattern[self.at]
        self.at += 1
        if char in "xpPQ" or char.isdigit():
            raise ValueError("an escape that is not read")
        return _SPECIAL.get(char, "") if char.isalpha() else char.lower()

    def _skip_class(self) -> None:
        start = self.at + (self._peek() == "^")
        self.at = start
        while self._pattern[self.at] != "]" or self.at == start:
            named = self._pattern.startswith("[:", self.at)
            self.at = (
                self._pattern.index(":]", self.at) + 2 if named else self.at + 1 + (self._pattern[self.at] == "\\")
            )
        self.at += 1

    def _repeats(self) -> tuple[int, bool]:
        """The least number of times the atom comes, and whether nothing follows that repeats it."""
        char = self._peek()
        if char not in ("?", "*", "+", "{"):
            return 1, True
        self.at += 1
        least = 1 if char == "+" else 0
        if char == "{":
            end = self._pattern.index("}", self.at)
            least = int(self._pattern[self.at : end].partition(",")[0])
            self.at = end + 1
        if self._peek() == "?":
            self.at += 1
        return least, False
