"""Subject: one thing to be analysed, as it was read. Its id is the digest of its content."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from schemas.evidence import Severity
from schemas.noun import Noun, digest

_KEPT = 96
"""Texts whose lines are kept: somewhat more than are judged together."""
_LONGEST = 200_000
"""Characters of a text whose lines are kept; a line takes some 400 bytes beside its text."""


class SubjectKind(StrEnum):
    """The four kinds of subject."""

    ALERT = "alert"
    LOG_WINDOW = "log_window"
    CODE_UNIT = "code_unit"
    DOCUMENT = "document"


class Line(Noun):
    """One numbered line (1-based) of a subject, as shown to a model and cited by it.

    `field` is the dotted path of the record field ("process.command_line") or "" for plain text. `text` has no newline.
    """

    number: int = PydanticField(ge=1)
    text: str
    field: str = ""


class Field(Noun):
    """A leaf of a structured record: dotted path and its value as text (JSON spelling for numbers, true, false, null)."""

    path: str
    value: str


class Subject(Noun):
    """What every kind shares. `origin` says where it was read ("alerts.jsonl:17"); it is not part of the id."""

    id: str = ""
    kind: SubjectKind
    source: str
    origin: str = ""
    title: str = ""

    def content(self) -> dict[str, Any]:
        """The part that the id is the digest of: everything but id and origin."""
        return self.model_dump(mode="json", exclude={"id", "origin"})

    @model_validator(mode="after")
    def _identify(self) -> Self:
        expected = digest(self.content())
        if self.id and self.id != expected:
            raise ValueError(f"id {self.id[:12]} is not the digest of the content ({expected[:12]})")
        object.__setattr__(self, "id", expected)
        return self

    @property
    def lines(self) -> tuple[Line, ...]:
        """Numbered lines from 1; the only text that detectors and models see."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """All lines joined by newlines, fields spelled "path: value"."""
        return "\n".join(f"{ln.field}: {ln.text}" if ln.field else ln.text for ln in self.lines)


class Alert(Subject):
    """One alert or event record. `fields` holds every leaf of the record, in order; the rest is what was recognised in it."""

    kind: Literal[SubjectKind.ALERT] = SubjectKind.ALERT
    fields: tuple[Field, ...]
    description: str = ""
    reported_severity: Severity | None = None
    observed_at: str = ""
    techniques: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """One line per field; a field whose value has several lines gives several."""
        return tuple(_number(self._parts()))

    @property
    def text(self) -> str:
        """As of every subject, without numbering lines first."""
        return "\n".join(f"{path}: {part}" if path else part for path, part in self._parts())

    def _parts(self) -> Iterator[tuple[str, str]]:
        return ((f.path, part) for f in self.fields for part in _unix(f.value).split("\n"))

    def placed(self) -> Iterator[tuple[int, Field]]:
        """The fields in order, each with the number of its first line among `lines`."""
        line = 1
        for item in self.fields:
            yield line, item
            line += 1 + _unix(item.value).count("\n")

    def get(self, path: str) -> str | None:
        """The first value under this dotted path, or None."""
        return next((f.value for f in self.fields if f.path == path), None)


class TextSubject(Subject):
    """What the kinds share that are running text, not a record."""

    body: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """One per line of the body."""
        return _lines(self.body)

    @property
    def text(self) -> str:
        """The body, its lines apart by LF."""
        return _unix(self.body)


class LogWindow(TextSubject):
    """Consecutive log lines. `start_line` is the file's line number (1-based) of the first one."""

    kind: Literal[SubjectKind.LOG_WINDOW] = SubjectKind.LOG_WINDOW
    log_type: str = ""
    start_line: int = PydanticField(default=1, ge=1)


class CodeUnit(TextSubject):
    """A file or a part of one. `path` is relative with forward slashes; `start_line` is where `body` begins in the file."""

    kind: Literal[SubjectKind.CODE_UNIT] = SubjectKind.CODE_UNIT
    path: str
    language: str = ""
    start_line: int = PydanticField(default=1, ge=1)


class Document(TextSubject):
    """Plain text of any other kind: ticket, page, configuration."""

    kind: Literal[SubjectKind.DOCUMENT] = SubjectKind.DOCUMENT
    path: str = ""


AnySubject = Annotated[Alert | LogWindow | CodeUnit | Document, PydanticField(discriminator="kind")]


def _unix(text: str) -> str:
    """Lines end by LF, CRLF or CR only, so that numbers agree with editors and grep."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(body: str) -> tuple[Line, ...]:
    """A text is asked for its lines a dozen times while it is judged; long ones would fill the memory."""
    return _kept(body) if len(body) <= _LONGEST else _numbered(body)


@lru_cache(_KEPT)
def _kept(body: str) -> tuple[Line, ...]:
    return _numbered(body)


def _numbered(body: str) -> tuple[Line, ...]:
    return tuple(_number(("", part) for part in _unix(body).split("\n")))


def _number(parts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    for number, (field, text) in enumerate(parts, start=1):
        yield Line(number=number, field=field, text=text)
