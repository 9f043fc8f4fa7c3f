"""The one way of text of unknown content into a log, an error, a report, a message or a column."""

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas import FindingKind, Place
from secassist.masking.values import Span, redact
from secassist.masking.wrapped import Find, wrapped

LONGEST = 32_768
"""Characters of one text that are let through; what a sink is told at greater length is cut, and says so."""
SHORTEST = 8
"""A text shorter than this names nothing whose value it could hold."""
WITHHELD = "[text withheld: it could not be searched for secrets]"


@dataclass(frozen=True)
class Hidden:
    """The encoded characters of a value, as `redact_subject` wants them, and the value as it reads decoded."""

    type: str
    place: Place
    value: str = field(repr=False)
    plain: str = field(repr=False)
    kind: FindingKind = FindingKind.SECRET


class Redactor:
    """Calls `find` on each text and masks what it gives, in the open and inside base64, hex, percent and backslashes.

    `find` must be linear and thread-safe. It never raises: a text that `find` fails on is withheld whole.
    """

    def __init__(self, find: Find) -> None:
        self._find = find

    def __call__(self, text: str) -> str:
        """The text fit for a sink, at most LONGEST characters of it; the same text twice gives the same."""
        if len(text) < SHORTEST:
            return text
        over = len(text) - LONGEST
        shown = text if over <= 0 else text[:LONGEST]
        try:
            found = self.spans(shown)
        except Exception:
            return WITHHELD
        return redact(shown, found) + (f" ... ({over} characters left out)" if over > 0 else "")

    def hidden(self, text: str) -> list[Hidden]:
        """What only stands there encoded, at its offsets in the text; raises what `find` raises."""
        return [
            Hidden(w.type, _place(w.start, w.end), text[w.start : w.end], w.plain) for w in wrapped(text, self._find)
        ]

    def spans(self, text: str) -> list[Span]:
        """(start, end, type) of everything to hide; raises what `find` raises."""
        return [*self._find(text), *((w.start, w.end, w.type) for w in wrapped(text, self._find))]


def scrub(error: BaseException, clean: Callable[[str], str]) -> None:
    """Cleans the arguments and notes of an error and of all it came from, in place, for what no pattern would know."""
    waiting, seen = [error], set[int]()
    while waiting:
        found = waiting.pop()
        if id(found) not in seen:
            seen.add(id(found))
            found.args = tuple(arg if isinstance(arg, int | float | None) else clean(str(arg)) for arg in found.args)
            if hasattr(found, "__notes__"):
                found.__notes__ = [clean(str(note)) for note in found.__notes__]
            waiting += filter(None, (found.__cause__, found.__context__))
            waiting += found.exceptions if isinstance(found, BaseExceptionGroup) else ()


def _place(start: int, end: int) -> Place:
    return Place(path="", start_line=1, end_line=1, start=start, end=end)
