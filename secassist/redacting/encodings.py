"""Bytes to text and back without losing one: UTF-8 with whatever is broken in it, UTF-16 with its mark."""

import codecs
from collections.abc import Iterable, Iterator

from secassist.errors import SourceError
from secassist.sources._bytes import HEAD_BYTES, is_binary

_REFUSED = (
    (b"\xff\xfe\0\0", "UTF-32 text"),
    (b"\0\0\xfe\xff", "UTF-32 text"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\3\4", "a zip archive or office document"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF-", "PDF"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"ElfFile\0", "a Windows event log"),
)
_SAMPLE = 4096
_PRINTED = bytes(range(32, 127)) + b"\t\r\n"


class Coding:
    """How the bytes of one input spell text."""

    def __init__(self, head: bytes, name: str = "input", *, text_only: bool = False) -> None:
        """`head` is the beginning, at least 4 KiB if there is so much; raises SourceError for what is not text.

        With `text_only` also for binary data of a kind that has no name here.
        """
        for magic, what in _REFUSED:
            if head.startswith(magic):
                raise SourceError(f"{name}: is {what}, not text; unpack or convert it first, nothing was redacted")
        self.codec, self.errors = _codec(head)
        if self.codec == "utf-8" and _wide(head[:_SAMPLE]):
            raise SourceError(f"{name}: looks like UTF-16 without a byte order mark; convert it to UTF-8 first")
        if text_only and is_binary(head[:HEAD_BYTES]):
            raise SourceError(
                f"{name}: is binary data, not text, and what is packed in it would stay; export it as text first, or say "
                "--text if it is text after all; nothing was redacted"
            )
        self.tail = b""
        """Bytes at the end that are no whole character (UTF-16 only); to be written after everything else."""

    def decode(self, blocks: Iterable[bytes]) -> Iterator[str]:
        """The text of the blocks; a byte order mark stays as a character."""
        decoder = codecs.getincrementaldecoder(self.codec)(self.errors)
        for block in blocks:
            yield decoder.decode(block)
        if self.codec == "utf-8":
            yield decoder.decode(b"", final=True)
        else:
            self.tail = decoder.getstate()[0]

    def encode(self, text: str) -> bytes:
        """The bytes that `decode` made this text of."""
        return text.encode(self.codec, self.errors)


def _codec(head: bytes) -> tuple[str, str]:
    """A byte order mark is believed unless what is behind it is ASCII, one byte a character: that would be read as nonsense."""
    sample = head[2:_SAMPLE]
    if len(sample) > 16 and len(sample.translate(None, _PRINTED)) * 8 < len(sample):
        return "utf-8", "surrogateescape"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le", "surrogatepass"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be", "surrogatepass"
    return "utf-8", "surrogateescape"


def _wide(sample: bytes) -> bool:
    """Whether every second byte is mostly zero and the others are not."""
    if len(sample) < 8:
        return False
    even, odd = sample[0::2], sample[1::2]
    shares = sorted((even.count(0) / len(even), odd.count(0) / len(odd)))
    return shares[1] > 0.6 and shares[0] < 0.2
