"""Decoders of whole encodings: base64, gzip and zlib inside it, hex, URL, escapes and character codes."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_plus

from secassist.detectors._encoded.plain import as_text

_RUNS = 24
"""Encoded runs looked at per text."""
_INFLATED = 131_072
_POWERSHELL = re.compile(
    r"(?i)(?:^|[\s\"',;])[-/\u2013\u2014\u2015](?:e|ec|en|enc|enco|encod|encode|encoded|encodedc\w{0,6})[\s:\"']{1,4}"
    r"([A-Za-z0-9+/]{8,}={0,2})"
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}")
_BASE64_SHORT = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{8,}={0,2}")
_BASE64_CONTEXT = re.compile(
    r"(?i)base64|\batob\b|b64decode|\bopenssl\s+enc|certutil|fromb64|decode_?base|b64_decode|[-_.]b64\b"
)
_HEX_ESCAPED = re.compile(r"(?:\\x[0-9A-Fa-f]{2}){4,}")
_HEX_LISTED = re.compile(r"(?:0x[0-9A-Fa-f]{2}[,;\s]{1,3}){5,}0x[0-9A-Fa-f]{2}")
_HEX_PLAIN = re.compile(r"(?<![0-9A-Za-z])(?:0x)?((?:[0-9A-Fa-f]{2}){10,})(?![0-9A-Za-z])")
_URL = re.compile(r"%[0-9A-Fa-f]{2}")
_URL_LETTER = re.compile(r"%(?:25)?(?:3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])")
_UNICODE = re.compile(r"(?:\\u\{?00[0-9A-Fa-f]{2}\}?|%u00[0-9A-Fa-f]{2}|&#x?[0-9A-Fa-f]{2,4};){4,}")
_UNICODE_ONE = re.compile(r"(?:\\u\{?|%u)00([0-9A-Fa-f]{2})\}?|&#x([0-9A-Fa-f]{2,4});|&#(\d{2,4});")
_CHAR_CALLS = re.compile(
    r"(?i)(?:\[char\]\s?\(?|\bchrw?\(|\bchar\()\s{0,2}(0x[0-9a-f]{2}|\d{2,3})\s{0,2}\)?[\s+&.,|]{0,6}"
)
_CHAR_LIST = re.compile(r"(?:(?:0x[0-9A-Fa-f]{2}|\d{2,3})\s{0,2}[,; ]\s{0,2}){5,}(?:0x[0-9A-Fa-f]{2}|\d{2,3})")
_CHAR_CONTEXT = re.compile(r"(?i)char|chr|ascii|bytes?\b|toint")
_NUMBER = re.compile(r"0x[0-9A-Fa-f]{2}|\d{2,3}")


def powershell_encoded(text: str) -> Iterator[str]:
    """The UTF-16LE base64 of PowerShell's -EncodedCommand under any of its abbreviations."""
    for hit in list(_POWERSHELL.finditer(text))[:_RUNS]:
        data = _base64(hit.group(1))
        plain = _utf16(data)
        if plain:
            yield plain


def _utf16(data: bytes) -> str:
    even = data[: len(data) // 2 * 2]
    return as_text(even) if len(even) >= 8 or not even else _short_utf16(even)


def _short_utf16(data: bytes) -> str:
    return data.decode("utf-16-le", "ignore") if data[1::2].count(0) == len(data) // 2 else ""


def _base64(run: str) -> bytes:
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        body = body[:-1]
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _base64_candidates(text: str) -> list[str]:
    pattern = _BASE64_SHORT if _BASE64_CONTEXT.search(text) else _BASE64
    return [hit.group() for hit in pattern.finditer(text)][:_RUNS]


def base64_runs(text: str) -> Iterator[str]:
    """Base64 (standard or URL alphabet) that holds text; short runs only where the line speaks of base64."""
    for run in _base64_candidates(text):
        if run.isalpha() and (run.islower() or run.istitle()):
            continue
        plain = as_text(_base64(run))
        if len(plain) >= 4:
            yield plain


def compressed(text: str) -> Iterator[str]:
    """Base64 that holds gzip, zlib or raw deflate data, inflated to at most 128 KiB."""
    raw = "deflate" in text.lower()
    for run in _base64_candidates(text):
        data = _base64(run)
        for window in _windows(data, raw):
            plain = as_text(_inflate(data, window))
            if len(plain) >= 4:
                yield plain
                break


def _windows(data: bytes, raw: bool) -> Iterator[int]:
    if data[:2] == b"\x1f\x8b":
        yield 31
    if data[:1] == b"\x78" and data[1:2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
        yield 15
    if raw:
        yield -15


def _inflate(data: bytes, window: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, _INFLATED)
    except zlib.error:
        return b""


def hex_runs(text: str) -> Iterator[str]:
    r"""Hex text: \x41\x42, 0x41,0x42 or a bare run of at least 20 digits that is not a digest."""
    for hit in list(_HEX_ESCAPED.finditer(text))[:_RUNS]:
        yield from _hex(hit.group().replace("\\x", ""), 4)
    for hit in list(_HEX_LISTED.finditer(text))[:_RUNS]:
        yield from _hex("".join(_NUMBER.findall(hit.group())).replace("0x", ""), 6)
    for hit in list(_HEX_PLAIN.finditer(text))[:_RUNS]:
        yield from _hex(hit.group(1), 10)


def _hex(digits: str, least: int) -> Iterator[str]:
    plain = as_text(bytes.fromhex(digits[: _INFLATED * 2]))
    if len(plain) >= least:
        yield plain


def url_encoded(text: str) -> Iterator[str]:
    """The text with %XX decoded once, where it has at least three of them."""
    if len(_URL.findall(text)) >= 3:
        yield unquote_plus(text, errors="replace")


def hides_letters(text: str) -> bool:
    """Whether letters and digits are %-encoded, which no honest client does."""
    return len(_URL_LETTER.findall(text)) >= 4


def unicode_escapes(text: str) -> Iterator[str]:
    r"""\u0041, %u0041 and &#65; sequences of at least four characters, replaced in place."""
    if _UNICODE.search(text):
        yield _UNICODE_ONE.sub(_character, text)


def _character(hit: re.Match[str]) -> str:
    code = int(hit.group(1) or hit.group(2) or "0", 16) or int(hit.group(3) or 0)
    return chr(code) if 0 < code < 0x3000 else hit.group()


def char_codes(text: str) -> Iterator[str]:
    """[char]105+[char]101, Chr(105) & Chr(101), String.fromCharCode(105,101) and number lists next to such words."""
    calls = _CHAR_CALLS.findall(text)
    if len(calls) >= 3:
        yield from _codes(calls)
    if _CHAR_CONTEXT.search(text):
        for hit in list(_CHAR_LIST.finditer(text))[:_RUNS]:
            yield from _codes(_NUMBER.findall(hit.group()))


def _codes(numbers: list[str]) -> Iterator[str]:
    values = [int(n, 16) if n.startswith("0x") else int(n) for n in numbers[:_INFLATED]]
    if all(9 <= value < 256 for value in values):
        plain = as_text(bytes(values))
        if plain:
            yield plain
