"""Unwrapping of encodings: every decoder looks at a text and gives the plain texts it finds, up to four layers deep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from secassist.detectors._encoded import codecs, splices
from secassist.detectors._encoded.plain import is_command, telling_words

DEPTH = 4
_LAYERS = 48
_CHARS = 262_144
"""Characters of decoded text per line over all layers."""

_CODECS: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("powershell-encoded", codecs.powershell_encoded),
    ("base64", codecs.base64_runs),
    ("compressed", codecs.compressed),
    ("hex", codecs.hex_runs),
    ("url", codecs.url_encoded),
    ("unicode-escape", codecs.unicode_escapes),
    ("char-codes", codecs.char_codes),
)
_SPLICES: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("reversed", splices.reversed_text),
    ("concatenated", splices.concatenated),
    ("format", splices.format_operator),
    ("caret", splices.carets),
    ("backtick", splices.backticks),
    ("env-splice", splices.environment),
    ("shell-splice", splices.shell_quotes),
)
"""A splice counts only when it makes a telling word appear that could not be read before."""


@dataclass(frozen=True)
class Layer:
    """Plain text and the steps that led to it, outermost first; `obfuscates` False for an encoding that needs no excuse."""

    text: str
    steps: tuple[str, ...]
    obfuscates: bool = True


def unwrap(text: str) -> list[Layer]:
    """What is hidden in a line: layers that read like a command, and the innermost ones; in order of finding.

    At most `DEPTH` layers deep, 48 layers and 256 K characters in all; linear in the text per layer.
    """
    found: list[Layer] = []
    todo = [Layer(text, ())]
    seen = {text}
    left = _CHARS
    while todo and len(found) < _LAYERS and left > 0:
        layer = todo.pop(0)
        children = [child for child in _children(layer) if child.text not in seen]
        for child in children[: _LAYERS - len(found)]:
            seen.add(child.text)
            left -= len(child.text)
            if left > 0:
                todo.append(child)
        if layer.steps and (not children or is_command(layer.text)):
            found.append(layer)
    return found


def _children(layer: Layer) -> Iterator[Layer]:
    if len(layer.steps) >= DEPTH:
        return
    for name, decode in _CODECS:
        for plain in decode(layer.text):
            honest = name == "url" and not codecs.hides_letters(layer.text)
            yield Layer(plain, (*layer.steps, name), layer.obfuscates and not honest)
    before: frozenset[str] | None = None
    for name, decode in _SPLICES:
        for plain in decode(layer.text):
            before = telling_words(layer.text) if before is None else before
            if telling_words(plain) - before or (name == "shell-splice" and "${IFS" in layer.text):
                yield Layer(plain, (*layer.steps, name), layer.obfuscates)
