"""Which layout a text has, by the name of its file and its beginning, and whether it is code."""

from enum import StrEnum
from pathlib import Path, PurePath

from secassist.errors import UsageError
from secassist.redacting.layout_csv import CsvLayout
from secassist.redacting.layout_json import JsonLayout, is_json, is_lines
from secassist.redacting.layout_xml import XmlLayout, is_xml
from secassist.redacting.layouts import Layout, PlainLayout
from secassist.sources import code

HEAD = 64 * 1024
"""Characters that are looked at."""
_BY_SUFFIX = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv", ".tsv": "csv"}


class Format(StrEnum):
    """How a text is read and kept."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    XML = "xml"


def choose(wanted: Format, name: str, head: str, *, whole: bool) -> Format:
    """The format of a text from its first HEAD characters; `whole` says that there is no more of it.

    Raises UsageError when JSON is asked for and the beginning cannot be JSON.
    """
    if wanted is Format.JSON and not is_json(head, whole=whole):
        raise UsageError(f"{name}: does not begin like JSON; use --format ndjson or text")
    if wanted is not Format.AUTO:
        return wanted
    if is_lines(head):
        return Format.NDJSON
    suffix = PurePath(name).suffix.lower()
    if is_json(head, whole=whole):
        return Format.NDJSON if _BY_SUFFIX.get(suffix) == "ndjson" else Format.JSON
    if is_xml(head, suffix):
        return Format.XML
    by_name = Format(_BY_SUFFIX.get(suffix, "text"))
    return Format.TEXT if by_name is Format.JSON else by_name


def layout(chosen: Format, head: str) -> Layout:
    """A fresh layout; each pass over a text needs one of its own."""
    match chosen:
        case Format.JSON:
            return JsonLayout()
        case Format.NDJSON:
            return JsonLayout(lines=True)
        case Format.CSV:
            return CsvLayout(head)
        case Format.XML:
            return XmlLayout()
        case _:
            return PlainLayout()


def is_code(name: str) -> bool:
    """Whether the file's name is one of source code, in which words without quotes are no values."""
    return bool(name) and code.PLUGIN.sniff(Path(name), b"") > 0
