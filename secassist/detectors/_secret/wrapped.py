"""Finds credentials wrapped in base64 or hex: which words to look for in wrapped form, and what a token unwraps to."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from secassist.detectors._secret.hit import Hit

LONGEST_TOKEN = 16_000
"""Characters; longer ones are images and archives."""

_WORDS = (
    b"password", b"Password", b"PASSWORD", b"passwd", b"secret", b"SECRET", b"token", b"TOKEN", b"api_key",
    b"API_KEY", b"apikey", b"private_key", b"PRIVATE KEY", b"AKIA", b"ghp_", b"glpat-", b"sk-ant", b"xoxb-",
    b"AIza", b"credential", b"AccountKey", b'"kty"',
)  # fmt: skip


def _base64_parts(word: bytes) -> Iterator[str]:
    """What stands in any base64 text of bytes that hold the word, for each of its three places in a group of three."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + word).decode()
        yield encoded[(0, 2, 3)[shift] : (len(word) + shift) * 8 // 6]


BASE64_PARTS = tuple(sorted(set(chain.from_iterable(map(_base64_parts, _WORDS)))))
HEX_PARTS = tuple(sorted({word.hex() for word in _WORDS}))
_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{20,}+={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){12,}+")
_DATA_URI = re.compile(r"data:[\w/.+\-]{0,60};base64,$")


def wrapped_hits(
    text: str, base64_parts: list[str], hex_parts: list[str], inner: Callable[[str], Iterable[Hit]]
) -> Iterator[Hit]:
    """Tokens that unwrap to text in which `inner` finds something: the whole token, with the type of what is in it.

    `base64_parts` and `hex_parts` are those of this module that the text holds; only tokens with one of them are read.
    """
    if base64_parts:
        yield from _unwrapped(text, _BASE64, lambda token: any(part in token for part in base64_parts), _base64, inner)
    if hex_parts:
        yield from _unwrapped(text, _HEX, lambda token: any(part in token.lower() for part in hex_parts), _hex, inner)


def _unwrapped(
    text: str,
    shape: re.Pattern[str],
    worth: Callable[[str], bool],
    decode: Callable[[str], str],
    inner: Callable[[str], Iterable[Hit]],
) -> Iterator[Hit]:
    for match in shape.finditer(text):
        start, end = match.span()
        if end - start > LONGEST_TOKEN or not worth(match[0]) or _DATA_URI.search(text, max(0, start - 80), start):
            continue
        found = sorted(inner(decode(match[0])), key=lambda hit: (bool(hit.hint), hit.rank, not hit.certain))
        for hit in found[:1]:
            yield Hit(start, end, hit.type, match[0], 1, hit.severity, hit.certain and not hit.hint, hit.hint)


def _base64(token: str) -> str:
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    body = body[: len(body) - (len(body) % 4 == 1)]
    return _text(base64.b64decode(body + "=" * (-len(body) % 4)))


def _hex(token: str) -> str:
    return _text(binascii.unhexlify(token))


def _text(data: bytes) -> str:
    """The bytes as text; "" where they are none: wrong UTF-8, or control characters."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return ""
    return text if all(char.isprintable() or char in "\r\n\t" for char in text) else ""
