"""The one way of text of unknown content into a log, an error, a report, a message or a column."""

from dataclasses import dataclass, field

from schemas import FindingKind, Place
from secassist.redaction.masking import Span, redact
from secassist.redaction.wrapped import Find, wrapped_spans

LONGEST = 32_768
"""Characters of one text that are let through; what a sink is told at greater length is cut, and says so."""
SHORTEST = 8
"""A text shorter than this names nothing whose value it could hold."""
WITHHELD = "[text withheld: it could not be searched for secrets]"


@dataclass(frozen=True)
class Hidden:
    """The encoded characters of a value, as `redact_subject` wants them."""

    type: str
    place: Place
    value: str = field(repr=False)
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
            Hidden(name, Place(path="", start_line=1, end_line=1, start=start, end=end), text[start:end])
            for start, end, name in wrapped_spans(text, self._find)
        ]

    def spans(self, text: str) -> list[Span]:
        """(start, end, type) of everything to hide; raises what `find` raises."""
        return [*self._find(text), *wrapped_spans(text, self._find)]
