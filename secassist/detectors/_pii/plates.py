"""Chinese number plates (GA 36-2018), those of new-energy cars with one character more included."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from collections.abc import Collection, Iterator

from schemas import Severity
from secassist.detectors._secret.hit import Hit

PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][ ·•・]?(?:[A-Z0-9]{5,6}|[A-Z0-9]{4}[挂学警港澳使领])(?![A-Za-z0-9])"
)
_STRICT = re.compile(
    r".[A-HJ-NP-Z][ ·•・]?(?:[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳使领]|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF])"
)
"""No I and no O; D or F first or last in the eight characters of new-energy cars."""
WORDS = ("车牌", "车辆", "牌照", "停车", "车主", "plate", "号牌", "驾驶")
REACH = 24
_WORDY = "云新青宁使领"
"""Provinces whose short names are words that letters may follow (云API)."""


def plate_hits(text: str, known: Collection[str]) -> Iterator[Hit]:
    """Plates by their shape; certain beside one of the words."""
    near = any(word in known for word in WORDS)
    for match in PLATE.finditer(text):
        value, start, end = match[0], *match.span()
        around = text[max(0, start - REACH) : end + REACH]
        sure = _STRICT.fullmatch(value) is not None and any(char.isdigit() for char in value)
        told = near and any(word in around for word in WORDS)
        if sure or told or "车" in around or value[0] not in _WORDY:
            yield Hit(start, end, "license_plate", value, 1 if sure else 2, Severity.MEDIUM, certain=sure and told)
