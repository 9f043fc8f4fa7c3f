"""Reads what lies inside other files, archives and office documents opened, as deep as they go."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from schemas import CodeUnit, Document, Subject
from secassist.sources import _office, _packed
from secassist.sources._bytes import HEAD_BYTES, decode, is_binary, visible
from secassist.sources._languages import language
from secassist.sources._packed import Budget, SpentError
from secassist.sources._within import Inner
from secassist.sources.base import Limits, Rejected, Skipped

_MOST_LINES = 50_000
"""Lines of one subject: each is a value of its own in memory."""


def read(data: bytes, here: Inner, limits: Limits, budget: Budget | None = None) -> Iterator[Subject | Rejected]:
    """Every subject in the bytes, archives and office documents opened; each part left out with its reason."""
    budget = budget or Budget.of(len(data), limits)
    try:
        yield from _member(data, here, limits, budget)
    except SpentError as error:
        yield Rejected(here.origin, str(error))


def _archive(data: bytes, here: Inner, limits: Limits, budget: Budget) -> Iterator[Subject | Rejected]:
    if here.depth >= _packed.DEEPEST:
        yield Rejected(here.origin, f"more than {_packed.DEEPEST} archives inside each other; unpack it by hand")
        return
    binary = empty = others = 0
    for name, content in _packed.members(data, limits, budget):
        member = here.of(name)
        if reason := _packed.refusal(name):
            yield Rejected(member.origin, reason)
            others += 1
        elif isinstance(content, str):
            yield Rejected(member.origin, content)
            others += 1
        elif _is_opaque(content):
            binary += 1
        elif content.strip():
            yield from _member(content, member, limits, budget)
            others += 1
        else:
            empty += 1
    if binary:
        yield Skipped(here.origin, f"{_members(binary)} binary data")
    if empty:
        yield Skipped(here.origin, f"{_members(empty)} empty")
    if not (binary or empty or others):
        yield Skipped(here.origin, "holds no file; nothing to read")


def _members(count: int) -> str:
    return "1 member is" if count == 1 else f"{count} members are"


def _member(data: bytes, here: Inner, limits: Limits, budget: Budget) -> Iterator[Subject | Rejected]:
    """Like `read`, but more than is allowed ends the outermost archive too."""
    if _office.is_office(data):
        yield from _office.read(data, here, limits, budget, read)
    elif _packed.kind(data):
        yield from _archive(data, here, limits, budget)
    else:
        yield from text(data, here, limits)


def _is_opaque(data: bytes) -> bool:
    return not _packed.kind(data) and is_binary(data[:HEAD_BYTES])


def text(data: bytes, here: Inner, limits: Limits) -> Iterator[Subject | Rejected]:
    """Code where the name or first line says so, else documents; long ones in parts that know their first line."""
    if is_binary(data[:HEAD_BYTES]):
        yield Skipped(here.origin, "binary data")
        return
    lines = visible(decode(data)).split("\n")
    spoken = language(PurePosixPath(here.path.rpartition("!")[2]), lines[0])
    for first, part in _parts(lines, limits):
        if isinstance(part, str):
            yield Rejected(f"{here.origin}:{first}", part)
        elif any(line.strip() for line in part):
            yield _subject(here, spoken, first, part)


def _parts(lines: list[str], limits: Limits) -> Iterator[tuple[int, list[str] | str]]:
    kept, size, first = list[str](), 0, 1
    for number, line in enumerate(lines, start=1):
        if len(line) > limits.record_bytes or size > limits.record_bytes or len(kept) >= _MOST_LINES:
            yield first, kept
            kept, size, first = [], 0, number
        if len(line) > limits.record_bytes:
            yield number, f"the line is longer than {limits.record_bytes} characters; split it"
            first = number + 1
            continue
        kept.append(line)
        size += len(line) + 1
    yield first, kept


def _subject(here: Inner, spoken: str, first: int, part: list[str]) -> Subject:
    origin = here.origin if first == 1 else f"{here.origin}:{first}"
    body, title = "\n".join(part), here.path
    if spoken or first > 1:  # a document has no first line of its own
        return CodeUnit(
            source=here.source,
            origin=origin,
            title=title,
            path=here.path,
            language=spoken,
            body=body,
            start_line=first,
        )
    return Document(source=here.source, origin=origin, title=title, path=here.path, body=body)
