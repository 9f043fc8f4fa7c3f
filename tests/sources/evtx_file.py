"""A writer of the smallest valid .evtx file, by the published description of the format, so that no real log is needed."""

import struct
import zlib

_CHUNK, _FIRST_RECORD = 65_536, 512
_FILETIME = 133_590_000_000_000_000  # 2024-05-01T06:40:00Z in 100 ns since 1601

Element = tuple[str, dict[str, str], "str | list[Element]"]


def evtx_file(events: list[Element]) -> bytes:
    """The bytes of a log with these events, all in one chunk."""
    chunk = bytearray(_CHUNK)
    at = last = _FIRST_RECORD
    for number, event in enumerate(events, start=1):
        body = b"\x0f\x01\x01\x00" + _element(event, at + 24 + 4) + b"\x00"
        size = 24 + len(body) + 4
        chunk[at : at + size] = (
            struct.pack("<4sIQQ", b"**\0\0", size, number, _FILETIME) + body + struct.pack("<I", size)
        )
        last, at = at, at + size
    count = len(events)
    head = struct.pack("<8sQQQQIII", b"ElfChnk\0", 1, count, 1, count, 128, last, at)
    chunk[: len(head)] = head
    struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[_FIRST_RECORD:at]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[:120]) + bytes(chunk[128:512])))
    start = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, count + 1, 128, 1, 3, 4096, 1).ljust(120, b"\0")
    return (start + struct.pack("<II", 0, zlib.crc32(start))).ljust(4096, b"\0") + bytes(chunk)


def windows_event(number: int, channel: str, data: dict[str, str]) -> Element:
    """<Event><System>...</System><EventData><Data Name=...>...</Data></EventData></Event>."""
    system: list[Element] = [
        ("Provider", {"Name": "Example-Provider"}, ""),
        ("EventID", {}, str(number)),
        ("TimeCreated", {"SystemTime": "2024-05-01T06:40:00.123Z"}, ""),
        ("Channel", {}, channel),
        ("Computer", {}, "host.example"),
    ]
    named: list[Element] = [("Data", {"Name": key}, value) for key, value in data.items()]
    return ("Event", {}, [("System", {}, system), ("EventData", {}, named)])


def _element(element: Element, at: int) -> bytes:
    """Binary XML of an element that begins at chunk offset `at`; names are written in place."""
    name, attributes, content = element
    head = 1 + 4  # token, size (outside of templates there is no dependency id)
    body = _name(name, at + head)
    if attributes:
        listed = b""
        start = at + head + len(body) + 4
        for index, (key, value) in enumerate(attributes.items(), start=1):
            token = b"\x46" if index < len(attributes) else b"\x06"
            listed += token + _name(key, start + len(listed) + 1) + _value(value)
        body += struct.pack("<I", len(listed)) + listed
    body += b"\x02"
    if isinstance(content, str):
        body += _value(content) if content else b""
    else:
        for child in content:
            body += _element(child, at + head + len(body))
    body += b"\x04"
    return struct.pack("<BI", 0x41 if attributes else 0x01, len(body)) + body


def _name(name: str, at: int) -> bytes:
    return struct.pack("<IIHH", at + 4, 0, 0, len(name)) + name.encode("utf-16-le") + b"\0\0"


def _value(value: str) -> bytes:
    return struct.pack("<BBH", 0x05, 0x01, len(value)) + value.encode("utf-16-le")
