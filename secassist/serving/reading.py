"""The body of a request to alerts: what a file with these bytes would be, one JSON object, an array, an envelope, lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas import Alert
from secassist.errors import SourceError
from secassist.sources import _inline
from secassist.sources.base import Limits, Rejected

KEY_FIELD = "idempotency_key"
LONGEST_KEY = 80
NO_JSON = (
    "the body is no JSON; send one object, an array or an envelope of objects, or one object per line "
    "(CSV, syslog and other files: secassist submit FILE)"
)


class BodyError(SourceError):
    """Nothing in the body can be read."""


@dataclass(frozen=True)
class Item:
    """One element of the body, as alert or with the reason why it is none; `key` is its own idempotency key, or ""."""

    alert: Alert | None
    reason: str = ""
    key: str = ""


def items(body: bytes, limits: Limits, most: int) -> list[Item]:
    """Every element in order, at most `most`. Raises BodyError when there is none, or too many of them."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BodyError("the body is not UTF-8") from error
    if not any(line.lstrip()[:1] in ("{", "[") for line in text.splitlines()) and not _is_json(text):
        raise BodyError(NO_JSON)
    source = _inline.source(body)
    found: list[Item] = []
    for each in _inline.records(text, "body"):
        if len(found) == most:
            raise BodyError(f"more than {most} alerts in one request; send them in several")
        found.append(Item(None, each.reason) if isinstance(each, Rejected) else _item(each[1], source, limits))
    if not found:
        raise BodyError("the body holds no alert")
    return found


def _is_json(text: str) -> bool:
    """Whether it is a bare value at least, of which the reason for that can be told."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _item(value: Any, source: _inline.RecordSource, limits: Limits) -> Item:
    if not isinstance(value, Mapping):
        return Item(None, "not a JSON object; an alert is an object with named fields")
    key = value.get(KEY_FIELD, "")
    if not fit_key(key):
        return Item(None, f"its {KEY_FIELD} is to be a text of at most {LONGEST_KEY} printable characters")
    try:
        return Item(source.alert(_without_key(value), "http", limits), key=key)
    except SourceError as error:
        return Item(None, str(error))


def _without_key(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """It says nothing about the alert; a flawed object is left alone, so that it is refused."""
    if KEY_FIELD in value and type(value) is dict:
        return {name: each for name, each in value.items() if name != KEY_FIELD}
    return value


def fit_key(key: Any) -> bool:
    """Whether it can be kept as an idempotency key; "" is none."""
    return isinstance(key, str) and len(key) <= LONGEST_KEY and key.isprintable()
