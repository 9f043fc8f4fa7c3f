"""Chinese names and addresses: a surname between words that name people, and a road or a house with its number."""

from collections.abc import Iterator

from schemas import Severity
from secassist.detectors._late import late
from secassist.detectors._pii.chinese_words import (
    AFTER,
    BEFORE,
    CITIES,
    COMPOUND,
    GIVEN,
    KEYS,
    NOT_GIVEN,
    NOT_NAMES,
    PROVINCES,
    SURNAMES,
    WEAK,
)
from secassist.detectors._pii.hints import hint
from secassist.detectors._pii.things import is_a_things
from secassist.detectors._secret.hit import Hit

_H = "[\u4e00-\u9fa5]"
START = late(
    f"(?:{'|'.join(COMPOUND)}|[{''.join(sorted(SURNAMES))}])(?=[{''.join(sorted(GIVEN))}]|{_H}[{''.join(sorted(GIVEN))}])"
)
ROW = late(_H + "{2,}")
_JOINING = "：:，,、 \t()（）-“\"'=\\"
_NAMING = "为是名" + _JOINING
_SIGNS_AFTER = late(r"[，,（(]?[男女]|\s?1[3-9]\d{9}|\s?[1-8]\d{16}|于\d")
LONGEST_CUE, LONGEST_AFTER = 6, 3
_LAST = frozenset(word[-1] for word in BEFORE) | frozenset("为是名")
"""Characters that a word before a name may end with."""

_REGION = late("|".join(sorted((PROVINCES + " " + CITIES).split(), key=len, reverse=True)))
_KIND = "大道|路|街道|街|道|巷|弄|胡同|里|村|庄|镇|乡|区|园|小区|花园|广场|大厦|公寓|苑|城|中心|厦|寓|场"
_UNIT = "号院|号楼|号|弄|巷|栋|幢|座|单元|楼|层|室|房|户|组|队|#"
NUMBERED = late(rf"(?:{_KIND})\d{{1,5}}(?:[\-之]\d{{1,4}})?(?:{_UNIT})")
"""A road or a place with a number: what every address that needs no label holds."""
_TAIL = late(rf"(?:{_KIND})(?:{_H}{{0,3}}[0-9A-Za-z]{{1,5}}(?:[\-之]\d{{1,4}})?(?:{_UNIT})){{1,7}}")
_BREAK = late(r"[^\u4e00-\u9fa5A-Za-z0-9·]+")
_CUE = late(
    "(?:地址|住址|住在|位于|寄到|送到|送达|送往|居住地|搬到|前往|家在|发往|户籍|籍贯|现居|家住|住|在|到|给|寄|是|为)(?:为|是|在)?"
)
_SHORT = late(rf"{_H}{{1,6}}$")
_DISTRICT = late(rf"(?:{_H}{{1,6}}?(?:省|市|区|县|镇|乡)){{0,3}}{_H}{{1,6}}$")
LONGEST_ADDRESS, LONGEST_DISTRICT = 48, 3
LABELLED = late(
    rf"(?:地址|住址|户籍|籍贯|居住地|家住|住在)[：:是为在\s\"'\\=]{{0,5}}({_H}{{2,8}}(?:省|市|自治区|自治州|县|旗)(?:{_H}{{2,8}}(?:市|区|县|旗|镇|乡)){{0,3}}{_H}{{0,20}})"
)


def address_hits(text: str) -> Iterator[Hit]:
    """From the region down to the room; only what names a street number, a building or a room, or stands under a label."""
    done = 0
    for anchor in NUMBERED.finditer(text):
        tail = _TAIL.match(text, anchor.start()) if anchor.start() >= done else None
        if tail:
            start, sure = _address_start(text, max(done, anchor.start() - LONGEST_ADDRESS), anchor.start())
            done = tail.end()
            if done - start >= LONGEST_CUE:
                yield Hit(start, done, "address", text[start:done], 1 if sure else 2, Severity.MEDIUM, certain=sure)
    for labelled in LABELLED.finditer(text):
        yield Hit(*labelled.span(1), "address", labelled[1], 3, Severity.MEDIUM)


def _address_start(text: str, low: int, at: int) -> tuple[int, bool]:
    """Where the address begins whose first numbered place ends at `at`, and whether a region or a label says so."""
    row = _BREAK.split(text[low:at])[-1]
    region = _REGION.search(row)
    found = region.start() if region else -1
    cue = 0
    for match in _CUE.finditer(row, 0, found if region else len(row)):
        cue = match.end()
    if region and not (cue and found - cue <= LONGEST_DISTRICT):
        return at - len(row) + found, True
    if cue and cue < len(row):
        return at - len(row) + cue, True
    if low < at - len(row) and text[: at - len(row)].endswith(("址：", "址:", '址":"', "址=")):
        return at - len(row), True
    short = _DISTRICT.search(row) or _SHORT.search(row)
    return at - (len(short[0]) if short else 0), False


def name_hits(text: str) -> Iterator[Hit]:
    """Names of 2 to 4 characters that begin with a surname and stand beside a word that people are named by.

    Linear: each surname that a character of given names follows looks at 10 characters before it and 5 after it.
    """
    done = 0
    for row in ROW.finditer(text):
        for match in START.finditer(text, *row.span()):
            start = match.start()
            end = _name_end(text, start, match.end()) if start >= done else 0
            if end and not is_a_things(text, start, end):
                done = end
                yield Hit(start, end, "person", text[start:end], 2, Severity.LOW, hint=hint("person", text[start:end]))


def _name_end(text: str, start: int, given: int) -> int:
    """Where a name ends that begins here and whose given part begins at `given`; 0 if there is none."""
    inside = start > 0 and _is_han(text[start - 1])
    if inside and text[start - 1] not in _LAST:
        return 0
    ends = [end for end in (given + 2, given + 1) if _may_be_given(text[given:end], end - given)]
    if not ends:
        return 0
    before = _named(text, start)
    if text[start] in WEAK and not before:
        return 0
    word = text[start : start + 2] in NOT_NAMES
    opened = before or not inside
    if word:
        ends = [end for end in ends if before and end - start == 3 and _closed(text, end) and text[end - 1] in GIVEN]
    fitting = (end for end in ends if text[end - 2 : end] not in NOT_NAMES and _fits(text, given, end, before, opened))
    return next(fitting, 0)


def _named(text: str, start: int) -> bool:
    """Whether a word that people are named after, or a field of that name, ends right before this place."""
    if start == 0:
        return False
    before = text[max(0, start - LONGEST_CUE - 4) : start]
    for signs in (_JOINING, _NAMING) if before[-1] in _NAMING else ("",):
        head = before.rstrip(signs) if signs else before
        if any(head[-size:] in BEFORE for size in range(1, min(LONGEST_CUE, len(head)) + 1)):
            return True
    return head != before and head[-1:].isascii() and head.lower().endswith(KEYS)


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fa5"


def _closed(text: str, end: int) -> bool:
    return end == len(text) or not _is_han(text[end])


def _may_be_given(part: str, length: int) -> bool:
    return (
        len(part) == length
        and not GIVEN.isdisjoint(part)
        and NOT_GIVEN.isdisjoint(part[1:])
        and all(_is_han(char) for char in part)
    )


def _fits(text: str, given: int, end: int, before: bool, opened: bool) -> bool:
    known = sum(char in GIVEN for char in text[given:end])
    closed = _closed(text, end)
    after = any(text[end : end + size] in AFTER for size in range(1, LONGEST_AFTER + 1))
    after = after or bool(_SIGNS_AFTER.match(text, end))
    whole = known == end - given
    if end - given == 2 and known == 1 and not (before and (closed or after)):
        return False
    if before:
        return closed or after or (whole and end - given == 2)
    return opened and (after or (whole and (closed or end - given == 2)))
