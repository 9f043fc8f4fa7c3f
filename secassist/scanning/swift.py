"""Subjects that number their lines once: a scan asks for text and lines of one subject a dozen times."""

from functools import lru_cache

from schemas import CodeUnit, Document, Line, LogWindow, Subject
from secassist.detectors._code.places import subject_text

_KEPT = 96
"""Texts whose lines are kept: somewhat more than are judged together."""
_LONGEST = 200_000
"""Characters of a text whose lines are kept; a line takes some 400 bytes beside its text."""


class _Body(Subject):
    """What has one text."""

    body: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """As its kind's."""
        return _kept(self.body) if len(self.body) <= _LONGEST else _numbered(self.body)

    @property
    def text(self) -> str:
        """As its kind's, without numbering lines first."""
        return subject_text(self)


class _Code(_Body, CodeUnit):
    """A code unit."""


class _Log(_Body, LogWindow):
    """A log window."""


class _Document(_Body, Document):
    """A document."""


_SWIFT: dict[type[Subject], type[Subject]] = {CodeUnit: _Code, LogWindow: _Log, Document: _Document}


def swift(subject: Subject) -> Subject:
    """The same subject, quicker; of other kinds itself."""
    made = _SWIFT.get(type(subject))
    return subject if made is None else made.model_construct(subject.model_fields_set, **subject.__dict__)


def _numbered(body: str) -> tuple[Line, ...]:
    return Document.model_construct(body=body).lines


@lru_cache(_KEPT)
def _kept(body: str) -> tuple[Line, ...]:
    return _numbered(body)
