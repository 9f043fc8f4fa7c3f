"""What encodings hide in an event or a line, as events of their own, so that Sigma rules read plain text."""

from collections.abc import Iterable, Iterator

from schemas import Line
from secassist.detectors._encoded.layers import unwrap
from secassist.detectors._sigma.fields import Event, Value

COMMAND_FIELDS = ("CommandLine", "ScriptBlockText", "ImagePath", "Details", "TaskContent")
"""Sigma fields whose text is run by something; decoded text of any of them is matched as a command and as a script."""
_COMMANDS = 8
_CHARS = 65_536
_EVENTS = 200


def of_event(event: Event) -> Iterator[Event]:
    """The plain texts of an event's first commands, each under the line that holds the encoded one."""
    values = {id(value): value for name in COMMAND_FIELDS for value in event.get(name)}
    for value in list(values.values())[:_COMMANDS]:
        for at, part in enumerate(_parts(value)):
            yield from _plain(part, value.line + at)


def of_lines(lines: Iterable[Line]) -> Iterator[Event]:
    """The plain texts hidden in lines of a log or document, at most 200."""
    found = (event for line in lines for event in _plain(line.text, line.number))
    for _, event in zip(range(_EVENTS), found, strict=False):
        yield event


def _parts(value: Value) -> list[str]:
    return value.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_EVENTS]


def _plain(text: str, line: int) -> Iterator[Event]:
    for layer in unwrap(text[:_CHARS]):
        if layer.obfuscates:
            one_line = " ".join(layer.text.splitlines())
            yield Event((("CommandLine", one_line, line), ("ScriptBlockText", one_line, line)))
