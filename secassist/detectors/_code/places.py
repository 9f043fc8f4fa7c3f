"""Turns character offsets in `Subject.text` into places with lines and columns; knows nothing of what was found there."""

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from schemas import Place, Subject


class PlaceMap:
    """The text of one subject, and where each of its lines begins, which is found out when it is first asked for."""

    def __init__(self, subject: Subject) -> None:
        self.text = subject.text
        self.path = str(getattr(subject, "path", "")) or subject.origin

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each line's first character."""
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")[:-1]), initial=0))

    def line_of(self, offset: int) -> int:
        """1-based line that holds this offset."""
        return bisect_right(self.starts, offset)

    def line_span(self, line: int) -> tuple[int, int]:
        """Offsets of a 1-based line, newline excluded."""
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return self.starts[line - 1], end

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`; the end column is exclusive."""
        first, last = self.line_of(start), self.line_of(max(start, end - 1))
        return Place(
            path=self.path,
            start_line=first,
            end_line=last,
            start_column=start - self.starts[first - 1] + 1,
            end_column=end - self.starts[last - 1] + 1,
            start=start,
            end=end,
        )

    def lines_place(self, first: int, last: int) -> Place:
        """The place of whole lines `first`..`last`, clipped to the lines there are."""
        first = min(max(first, 1), len(self.starts))
        last = min(max(last, first), len(self.starts))
        return self.place(self.line_span(first)[0], self.line_span(last)[1])


def lower_in_place(text: str) -> str:
    """Lower case, character by character of the same length, so that offsets stay (a few capitals grow when lowered)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
