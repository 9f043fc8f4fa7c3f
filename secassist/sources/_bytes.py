"""Bounded reading: regular files only, .gz opened transparently under a cap, encodings detected, nothing ever executed."""

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import IO, Any

from secassist.errors import SourceError
from secassist.sources.base import Limits, Rejected

HEAD_BYTES = 64 * 1024
"""How much of a file a source may sniff at (the contract of `Source.sniff`)."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
_RARE = bytes(byte for byte in range(0x20) if byte not in (9, 10, 12, 13, 27))
"""Controls that text hardly ever holds."""
_READ_ERRORS = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class NumberedLine:
    """One line of a text file; `number` is 1-based and `text` has no line break."""

    number: int
    text: str


class _TooMuchError(Exception):
    """The decompressed bytes passed the cap."""


class _Capped(io.RawIOBase):
    """A readable stream that refuses to give more than `cap` bytes."""

    def __init__(self, inner: gzip.GzipFile, cap: int) -> None:
        self._inner, self._left = inner, cap

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(min(len(buffer), io.DEFAULT_BUFFER_SIZE))
        self._left -= len(data)
        if self._left < 0:
            raise _TooMuchError
        buffer[: len(data)] = data
        return len(data)


def suffix(path: PurePath) -> str:
    """The lower-case suffix with its dot, that of "a.json.gz" being ".json"."""
    return PurePath(inner_name(path)).suffix.lower()


def inner_name(path: PurePath) -> str:
    """The file name without a trailing ".gz"."""
    return path.name[:-3] if path.name.lower().endswith(".gz") else path.name


def shown(path: PurePath) -> str:
    """The path as it stands in origins and messages: forward slashes, undecodable bytes and controls made visible."""
    return "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in visible(path.as_posix()))


def relative(path: Path) -> str:
    """`shown`, relative to the working directory where the path lies below it, else without its root."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links
    here = Path.cwd()
    inside = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute.relative_to(absolute.anchor)
    return shown(inside)


def visible(text: str) -> str:
    """The text with what UTF-8 or a database cannot hold spelled out: lone surrogates, undecodable bytes, NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join(_spelled(ch) if ch == "\0" or "\ud800" <= ch <= "\udfff" else ch for ch in text)


def _spelled(ch: str) -> str:
    code = ord(ch)
    if 0xDC80 <= code <= 0xDCFF:  # the byte that "surrogateescape" stands for
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[IO[bytes]]:
    """The file's bytes, decompressed if gzip; raises SourceError when it is no regular file or may not be read."""
    with regular(path) as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield io.BufferedReader(_Capped(unpacked, limits.file_bytes))


def is_packed(path: Path) -> bool:
    """Whether the file is gzip, whatever its name."""
    with regular(path) as raw:
        return raw.read(2) == _GZIP


def regular(path: Path) -> IO[bytes]:
    """Opened without waiting, so that a FIFO put in the file's place cannot hang us."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SourceError(f"{shown(path)}: cannot be opened ({reason}); check the path and its permissions") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise SourceError(f"{shown(path)}: not a regular file; name a file, or a directory to be walked")
    return os.fdopen(number, "rb")


def head(path: Path) -> bytes:
    """The first 64 KiB (decompressed); raises SourceError when the file cannot be read."""
    with opened(path, Limits()) as stream:
        try:
            return stream.read(HEAD_BYTES)
        except _READ_ERRORS as error:
            raise _damaged(path, error) from error


def whole(path: Path, limits: Limits) -> bytes:
    """All bytes; raises SourceError when unreadable, damaged or above `limits.file_bytes`."""
    with opened(path, limits) as stream:
        try:
            data = stream.read(limits.file_bytes + 1)
        except _TooMuchError as error:
            raise too_large(path, limits) from error
        except _READ_ERRORS as error:
            raise _damaged(path, error) from error
    if len(data) > limits.file_bytes:
        raise too_large(path, limits)
    return data


def too_large(path: Path, limits: Limits) -> SourceError:
    """The error for a file that has to be held whole and is above the limit."""
    return SourceError(
        f"{shown(path)}: larger than {limits.file_bytes} bytes; split it or raise SECASSIST_FILE_MEGABYTES"
    )


def _damaged(path: Path, error: BaseException) -> SourceError:
    return SourceError(f"{shown(path)}: cannot be read to its end ({_why(error)}); fetch or compress it again")


def _why(error: BaseException) -> str:
    return "damaged gzip data" if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)) else str(error)


def text(path: Path, limits: Limits) -> str:
    """The whole file as text with LF line breaks; raises SourceError as `whole` does, and for binary files."""
    data = whole(path, limits)
    refuse_binary(path, data[:HEAD_BYTES])
    return decode(data)


def decode(data: bytes) -> str:
    """Bytes as text by `encoding`; undecodable bytes stay visible as \\xNN. Line breaks become LF."""
    return io.TextIOWrapper(io.BytesIO(data), encoding(data[:HEAD_BYTES]), _policy(data), newline=None).read()


def _policy(data: bytes) -> str:
    return "replace" if encoding(data[:HEAD_BYTES]).startswith(("utf-16", "utf-32")) else "surrogateescape"


@lru_cache(maxsize=8)  # every source sniffs at the same bytes
def encoding(start: bytes) -> str:
    """The encoding that the first bytes speak for: BOM, UTF-16 by its NULs, UTF-8, GB18030, else Latin-1."""
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name
    if wide := _wide(start):
        return wide
    if start.isascii():
        return "utf-8"
    guess = start.decode("utf-8", "surrogateescape")
    guess = guess[:-3] if len(start) == HEAD_BYTES else guess  # a character may be cut at the end
    escaped = sum("\udc80" <= ch <= "\udcff" for ch in guess)
    multibyte = sum(ch > "\x7f" for ch in guess) - escaped
    if 4 * escaped <= multibyte:  # Chinese in GB18030 gives some valid pairs by chance, far fewer than this
        return "utf-8"
    return "gb18030" if _is_chinese(start) else "latin-1"


def _wide(start: bytes) -> str:
    """UTF-16 without a BOM: nearly every other byte of mostly Latin text is NUL."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half >= 4 and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if half >= 4 and even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _is_chinese(start: bytes) -> bool:
    """Whether GB18030 reads it without error and gives nearly only Chinese beside ASCII."""
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    try:
        wide = [ch for ch in decoder.decode(start) if ch > "\x7f"]
    except UnicodeDecodeError:
        return False
    han = sum("\u4e00" <= ch <= "\u9fff" or "\u3000" <= ch <= "\u303f" or ch >= "\uff00" for ch in wide)
    return len(wide) >= 2 and han >= 0.9 * len(wide)


def is_binary(start: bytes) -> bool:
    """Whether the first bytes are no text in any encoding read here: more than 1 in 100 is NUL or a rare control."""
    if encoding(start).startswith(("utf-16", "utf-32")):
        return False
    rare = len(start) - len(start.translate(None, _RARE))
    return rare > 3 and rare * 100 > len(start)


def refuse_binary(path: Path, start: bytes) -> None:
    """Raises SourceError naming the file if it is binary."""
    if is_binary(start):
        raise SourceError(f"{shown(path)}: binary data, not text; export it as text or name a source that reads it")


def lines(path: Path, limits: Limits, newline: str | None = None) -> Iterator[NumberedLine | Rejected]:
    """Every line in order, in bounded memory, whatever the file's size; broken by LF, CRLF or CR, or by `newline` only.

    A line above `limits.record_bytes` characters is a Rejected, as is the rest of a damaged or over-expanding .gz.
    Raises SourceError when the file cannot be opened or is binary. Blank lines are given as they are.
    """
    start = head(path)
    refuse_binary(path, start)
    origin = shown(path)
    with opened(path, limits) as stream:
        errors = "replace" if encoding(start).startswith(("utf-16", "utf-32")) else "surrogateescape"
        yield from numbered(io.TextIOWrapper(stream, encoding(start), errors, newline=newline), origin, limits)


def numbered(stream: io.TextIOWrapper, origin: str, limits: Limits) -> Iterator[NumberedLine | Rejected]:
    """`lines` of an open text stream; `origin` names it in what is rejected."""
    number = 0
    while True:
        number += 1
        try:
            got = _next_line(stream, limits.record_bytes)
        except _TooMuchError:
            advice = "unpack it first or raise SECASSIST_FILE_MEGABYTES"
            yield Rejected(f"{origin}:{number}", f"the rest unpacks to over {limits.file_bytes} bytes; {advice}")
            return
        except (*_READ_ERRORS, UnicodeError) as error:
            yield Rejected(f"{origin}:{number}", f"the rest cannot be read ({_why(error)}); fetch or compress it again")
            return
        if got == "":
            return
        if got is None:
            advice = "split it or raise limits.record_bytes"
            yield Rejected(f"{origin}:{number}", f"the line is longer than {limits.record_bytes} characters; {advice}")
        else:
            yield NumberedLine(number, got.removesuffix("\n"))


def _next_line(stream: io.TextIOWrapper, most: int) -> str | None:
    """The next line with its break, "" at the end, None for a line above `most`, which is read past."""
    got = stream.readline(most + 1)
    if len(got) <= most or got.endswith("\n"):
        return got
    while (more := stream.readline(HEAD_BYTES)) and not more.endswith("\n"):
        pass
    return None
