"""Members of zip and tar archives and of compressed files, one at a time in memory, under caps; nothing goes to disk.

The tar reader is our own: it only ever goes forward and keeps no table, so that no header can make it turn or grow.
"""

import bz2
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from secassist.sources.base import Limits

MOST_MEMBERS = 10_000
DEEPEST = 3
"""Archives inside each other, the outermost counted."""
_FILES_WORTH = 4
"""An archive may unpack to so many times the limit of one file, everything inside counted."""
_RATIO = 200
"""Text packs by 5 to 50; what grows by more than this, past the first _GRACE bytes, is made to harm."""
_GRACE = 8 * 1024 * 1024
_CHUNK = 1 << 16
_XZ_MEMORY = 96 * 1024 * 1024
_NAME_BYTES = 1 << 16
_CENTRAL = b"PK\x01\x02"
_DRIVE = re.compile(r"[A-Za-z]:")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
    RuntimeError,
    NotImplementedError,
    OverflowError,
)


class SpentError(Exception):
    """The archive holds more than is read; the message says what there is too much of."""


@dataclass
class Budget:
    """What may still be unpacked of one file, shared by all archives inside it."""

    bytes: int
    packed: int
    members: int = MOST_MEMBERS
    used: int = 0

    @classmethod
    def of(cls, packed: int, limits: Limits) -> "Budget":
        """For a file of so many bytes."""
        return cls(bytes=limits.file_bytes * _FILES_WORTH, packed=max(1, packed))

    def member(self) -> None:
        """Counts one; raises SpentError when there are too many."""
        self.members -= 1
        if self.members < 0:
            raise SpentError(f"holds more than {MOST_MEMBERS} members; unpack it and scan the folder")

    def spend(self, size: int) -> None:
        """Counts unpacked bytes; raises SpentError when there are too many, or far more than packed ones."""
        self.used += size
        if self.used > self.bytes:
            raise SpentError(f"unpacks to more than {self.bytes} bytes; unpack it and scan the folder")
        if self.used > _GRACE and self.used > _RATIO * self.packed:
            raise SpentError(f"unpacks to more than {_RATIO} times its size, as bombs do; it is not read further")


def kind(head: bytes) -> str:
    """ "zip", "tar", "gz", "bz2", "xz", or "" by the first bytes."""
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[257:262] == b"ustar":
        return "tar"
    if head[:4] == b"BZh" + head[3:4] and head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"):
        return "bz2"
    return "gz" if head[:3] == b"\x1f\x8b\x08" else "xz" if head[:6] == b"\xfd7zXZ\0" else ""


def members(data: bytes, limits: Limits, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """Name and content of each, or name and the reason why it is not read. Raises SpentError past the caps."""
    form = kind(data)
    if form == "zip":
        yield from _zip(data, limits, budget)
    elif form == "tar":
        yield from _tar(_Reader(iter([data])), limits, budget)
    else:
        yield from _compressed(data, form, limits, budget)


def refusal(name: str) -> str:
    """Why a name is not that of a member, or ""; names are only shown, never used as paths."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "its name is absolute, as if to be unpacked outside; look at this archive by hand"
    return "its name leads out of the archive; look at this archive by hand" if ".." in parts else ""


def _zip(data: bytes, limits: Limits, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    if data.count(_CENTRAL) > 2 * MOST_MEMBERS:
        raise SpentError(f"holds more than {MOST_MEMBERS} members; unpack it and scan the folder")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise SpentError(f"not a readable zip archive ({_why(error)})") from error
    with archive:
        for info in archive.infolist():
            if not info.is_dir():
                budget.member()
                yield info.filename, _refused(info, limits) or _zipped(archive, info, limits, budget)


def _refused(info: zipfile.ZipInfo, limits: Limits) -> str:
    if info.flag_bits & 0x41:
        return "encrypted; unpack it with its password and scan the folder"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        return "packed by a method that is not read; pack it anew"
    return _large(limits) if info.file_size > limits.file_bytes else ""


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, budget: Budget) -> bytes | str:
    parts, size = list[bytes](), 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                budget.spend(len(chunk))
                size += len(chunk)
                if size > limits.file_bytes:
                    return _large(limits)
                parts.append(chunk)
    except _DAMAGED as error:
        return f"damaged ({_why(error)})"
    return b"".join(parts)


def _large(limits: Limits) -> str:
    return f"larger than {limits.file_bytes} bytes; unpack it or raise SECASSIST_FILE_MEGABYTES"


def _why(error: BaseException) -> str:
    return (
        " ".join(str(error).split())[:80] if isinstance(error, zipfile.BadZipFile | zlib.error) else "wrong structure"
    )


def _compressed(data: bytes, form: str, limits: Limits, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """A tar inside is walked; anything else is one member without a name."""
    reader = _Reader(_inflated(data, form, budget))
    try:
        start = reader.peek(512)
        if kind(start) == "tar":
            yield from _tar(reader, limits, budget)
            return
        budget.member()
        whole = reader.take(limits.file_bytes + 1)
        yield "", whole if len(whole) <= limits.file_bytes else _large(limits)
    except _DAMAGED:
        yield "", "damaged, or no compressed data of this kind; fetch or compress it again"


def _inflated(data: bytes, form: str, budget: Budget) -> Iterator[bytes]:
    """The unpacked bytes in chunks, of one stream after the other."""
    rest = data
    while rest:
        engine = _engine(form)
        given: bytes = rest
        while not engine.eof:
            chunk = _step(engine, form, given)
            given = engine.unconsumed_tail if form == "gz" else b""
            if not chunk and not given and (form == "gz" or engine.needs_input):
                raise EOFError("the data ends early")
            budget.spend(len(chunk))
            yield chunk
        rest = engine.unused_data
        if not rest.strip(b"\0"):
            return


def _engine(form: str) -> Any:
    if form == "gz":
        return zlib.decompressobj(31)
    return bz2.BZ2Decompressor() if form == "bz2" else lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY)


def _step(engine: Any, form: str, given: bytes) -> bytes:
    found: bytes = engine.decompress(given, _CHUNK) if form == "gz" else engine.decompress(given, max_length=_CHUNK)
    return found


class _Reader:
    """Chunks as a stream that is read forward only."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._kept = chunks, bytearray()

    def _fill(self, size: int) -> None:
        while len(self._kept) < size and (chunk := next(self._chunks, None)) is not None:
            self._kept += chunk

    def peek(self, size: int) -> bytes:
        """The next bytes, left where they are."""
        self._fill(size)
        return bytes(self._kept[:size])

    def take(self, size: int) -> bytes:
        """The next bytes, fewer at the end."""
        self._fill(size)
        found = bytes(self._kept[:size])
        del self._kept[:size]
        return found

    def skip(self, size: int) -> None:
        """Goes past so many bytes without keeping them."""
        while size > 0 and (got := self.take(min(size, _CHUNK))):
            size -= len(got)


def _tar(reader: _Reader, limits: Limits, budget: Budget) -> Iterator[tuple[str, bytes | str]]:
    """POSIX ustar with pax and GNU long names (IEEE 1003.1, pax interchange format)."""
    longer = ""
    while len(block := reader.take(512)) == 512 and block.strip(b"\0"):
        size, type_ = _number(block[124:136]), block[156:157]
        if size is None or not _is_sound(block):
            yield longer, "the tar archive is damaged from here on; fetch it again"
            return
        if type_ in (b"x", b"g", b"L", b"K"):
            text = reader.take(size) if size <= _NAME_BYTES else b""
            reader.skip((0 if size <= _NAME_BYTES else size) + -size % 512)
            longer = _long_name(type_, text) or longer
            continue
        budget.member()
        name, longer = longer or _name(block), ""
        if type_ not in (b"0", b"\0", b"7"):
            reader.skip(size + -size % 512 if type_ not in (b"1", b"2", b"3", b"4", b"5", b"6") else 0)
            if type_ != b"5":
                yield name, "a link, device or other special member; it is not followed"
        elif size > limits.file_bytes:
            reader.skip(size + -size % 512)
            yield name, _large(limits)
        else:
            content = reader.take(size)
            reader.skip(-size % 512)
            yield name, content if len(content) == size else "cut off; fetch the archive again"


def _number(field: bytes) -> int | None:
    """Octal digits, or base 256 where the first bit is set; None for anything else."""
    if field[:1] >= b"\x80":
        value = int.from_bytes(field[1:], "big")
        return value if field[:1] == b"\x80" else None
    digits = field.strip(b"\0 ")
    return int(digits, 8) if re.fullmatch(rb"[0-7]{1,12}", digits) else 0 if not digits else None


def _is_sound(block: bytes) -> bool:
    told = _number(block[148:156])
    return told == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _name(block: bytes) -> str:
    name, prefix = (part.partition(b"\0")[0] for part in (block[:100], block[345:500]))
    whole = prefix + b"/" + name if prefix and block[257:263] == b"ustar\0" else name
    return whole.decode("utf-8", "surrogateescape")


def _long_name(type_: bytes, text: bytes) -> str:
    if type_ == b"L":
        return text.rstrip(b"\0").decode("utf-8", "surrogateescape")
    found = re.search(rb"(?:^|\n)\d{1,9} path=([^\n]{1,65000})\n", text) if type_ == b"x" else None
    return found[1].decode("utf-8", "surrogateescape") if found else ""
