"""Windows events as XML, as Event Viewer, wevtutil and PowerShell write them: each event apart, in the shape of its JSON."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from secassist.sources.base import Limits, Rejected

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "schemas.microsoft.com/win/2004/08/events/event"
_BEGIN = re.compile(r"<Event[\s>]")
_END = "</Event>"


def is_events(start: str) -> bool:
    """Whether a text begins as XML does and speaks of Windows events."""
    return start.lstrip("\ufeff \t\r\n").startswith(("<?xml", "<Event")) and NAMESPACE in start


def events(text: str, origin: str, limits: Limits) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    """Every event with its origin, "file:line", or "file:line#2" for the second that begins on a line.

    A root around them may be missing. A broken event costs itself only; entities and DTDs are never read.
    """
    line, at, last, number = 1, 0, 0, 0
    while found := _BEGIN.search(text, at):
        line += text.count("\n", at, found.start())
        number = number + 1 if line == last else 1
        last = line
        place = f"{origin}:{line}#{number}" if number > 1 else f"{origin}:{line}"
        end = text.find(_END, found.start())
        if end < 0:
            yield Rejected(place, "the event has no end; export the log again")
            return
        after = end + len(_END)
        yield _event(text[found.start() : after], place, limits)
        line += text.count("\n", found.start(), after)
        at = after


def _event(text: str, place: str, limits: Limits) -> tuple[str, dict[str, Any]] | Rejected:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped, unused-ignore]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped, unused-ignore]

    if len(text) > limits.record_bytes:
        return Rejected(place, f"more than {limits.record_bytes} characters; export the log again")
    try:
        return place, {"Event": _value(fromstring(text, forbid_dtd=True))}
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return Rejected(place, "damaged XML, or entities; export the log again")


def _value(element: "Element") -> Any:
    """Text, or a mapping of attributes, text and what is inside; data go by their names, what comes twice is a list."""
    inside: dict[str, Any] = {"#attributes": dict(element.attrib)} if element.attrib else {}
    said = (element.text or "").strip()
    for child in element:
        tag = child.tag.rpartition("}")[2]
        name = child.get("Name", "") if tag == "Data" else ""
        value = (child.text or "").strip() if name and not len(child) else _value(child)
        key = name or tag
        if key in inside:
            before = inside[key]
            value = [*before, value] if isinstance(before, list) else [before, value]
        inside[key] = value
    if not inside:
        return said
    return {**inside, "#text": said} if said else inside
