"""Times as records and logs spell them, read as UTC; knows shapes only, neither fields nor products.

A time without a zone is taken as UTC. A date whose day and month could change places is not read.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

LONGEST: Final = 64
"""Characters of a value that may be a time."""
IN_LINE: Final = 200
"""Characters at the beginning of a log line in which its time is looked for."""
_FILETIME: Final = range(116_444_736_000_000_000, 150_000_000_000_000_000)
"""Windows: steps of 100 ns since 1601, here those of 1970 to 2076."""
_TICKS: Final = range(621_355_968_000_000_000, 660_000_000_000_000_000)
""".NET: steps of 100 ns since the year 1, here those of 1970 to 2092."""
_ENGLISH: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: at for at, name in enumerate(_ENGLISH, 1)} | {"mär": 3, "mai": 5, "okt": 10, "dez": 12}
"""By three letters, English and German."""
_ZONES: Final = {
    "": 0,
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "cet": 60,
    "cest": 120,
    "est": -300,
    "edt": -240,
    "pst": -480,
    "pdt": -420,
}
"""Minutes before UTC of zones whose letters mean one zone only."""
_CLOCK: Final = (
    r"(?P<h>\d{1,2})[:.](?P<mi>\d\d)(?:[:.](?P<s>\d\d)(?:[.,]\d{1,9})?)?(?:\s?(?P<half>[AaPp])[.]?[Mm][.]?)?"
)
_ZONE: Final = r"(?:\s{0,2}(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]{1,4}))?"
_MONTH: Final = r"(?P<month>[A-Za-zä]{3,9})\.?"
_SHAPES: Final = tuple(
    re.compile(shape)
    for shape in (
        # 23/Nov/2026:07:00:01 +0100, 23 Nov 2026 07:00:01, 23. November 2026 07:00:01, with a day of the week before it
        rf"(?:[A-Za-z]{{2,9}}\.?,?\s)?(?P<d>\d{{1,2}})(?:[-/ ]|\.\s?){_MONTH}[-/ ](?P<y>\d{{4}})"
        rf"(?:[:,T]?\s?|\sum\s){_CLOCK}{_ZONE}",
        # Nov 23, 2026 07:00:01 and Nov 23 2026 07:00:01
        rf"(?:[A-Za-z]{{3,9}},?\s)?{_MONTH}\s{{1,2}}(?P<d>\d{{1,2}}),?\s(?P<y>\d{{4}}),?\s(?:@\s)?{_CLOCK}{_ZONE}",
        # Mon Nov 23 07:00:01 UTC 2026
        rf"(?:[A-Za-z]{{3}}\s)?{_MONTH}\s{{1,2}}(?P<d>\d{{1,2}})\s{_CLOCK}(?:\s(?P<zone>[A-Za-z]{{1,4}}))?\s(?P<y>\d{{4}})",
        # Nov 23 07:00:01, as syslog has it
        rf"(?:[A-Za-z]{{3}}\s)?{_MONTH}\s{{1,2}}(?P<d>\d{{1,2}})\s{_CLOCK}",
        # 23.11.2026, 07:00:01 Uhr
        rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}}),?(?:\sum)?\s{_CLOCK}(?:\sUhr)?{_ZONE}",
        # 2026/11/23 07:00:01 and what ISO has and Python does not read, as a blank before the zone
        rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[T ,-]\s?{_CLOCK}{_ZONE}",
        # 2026年11月23日 下午7时00分01秒
        r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日\s{0,2}(?:(?:星期|周)[一二三四五六日天]\s{0,2})?"
        r"(?P<zh>上午|凌晨|早上|下午|晚上|中午)?\s{0,2}(?P<h>\d{1,2})\s?[:：时點点]\s?(?P<mi>\d\d)(?:\s?[:：分]\s?(?:(?P<s>\d\d)(?:\.\d{1,9})?\s?秒?)?)?",
        # 11/23/2026 7:00:01 AM, 11/23/2026-07:00:01.123456 of Suricata, 23/11/2026 07:00:01 where only one reading is a date
        rf"(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>\d{{4}})(?:,?\s|(?P<dash>-)){_CLOCK}{_ZONE}",
        # I1123 07:00:01.123456, as components of Kubernetes log
        rf"[IWEF](?P<m>\d\d)(?P<d>\d\d)\s{_CLOCK}",
        # 20261123070001.0Z, as directories have it
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?P<h>\d\d)(?P<mi>\d\d)(?P<s>\d\d)(?:\.\d{1,6})?(?P<zone>Z|[+-]\d{4})?",
    )
)
_ISO: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?|\d{8}T\d{6}(?:[.,]\d{1,9})?Z?"
)
_EPOCH: Final = re.compile(r"[0-9]{9,19}(?:\.[0-9]+)?")
_WRAPPED: Final = re.compile(r"/Date\((\d{9,14})(?:[+-]\d{4})?\)/|audit\((\d{9,10}\.\d{3}):\d{1,12}\):?")
_NUMBER_IN_LINE: Final = re.compile(r"(?:\bmsg=audit\(|^)(1[0-9]{9}(?:\.[0-9]{1,9})?)(?=[:\s)])")


def moment(text: str, before: datetime | None = None) -> str:
    """A time in any shape known here as UTC ISO 8601, "" for what is none; a whole value, not a text with a time in it.

    A time without a year is "" unless `before` is given: it is then of the last year in which it was not later than a day
    after that.
    """
    text = text.strip().strip("[]").strip()
    if not text or len(text) > LONGEST:
        return ""
    try:
        found = _read(text, before)
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z") if found else ""
    except (ValueError, OverflowError, OSError):
        return ""


def in_line(text: str, before: datetime | None = None) -> str:
    """The first time that stands at or near the beginning of a line of a log, as `moment` tells it, or ""."""
    text = text[:IN_LINE]
    return next((read for piece in _pieces(text) if (read := moment(piece, before))), "")


def _pieces(text: str) -> Iterator[str]:
    """What looks like a time, the surest shapes first."""
    yield from (hit[0] for hit in _ISO.finditer(text))
    for shape in _SHAPES[:-2]:
        yield from (hit[0] for hit in re.finditer(rf"(?<![\w.]){shape.pattern}(?!\w)", text))
    if start := _SHAPES[-2].match(text):
        yield start[0]
    yield from (hit[1] for hit in _NUMBER_IN_LINE.finditer(text))


def _read(text: str, before: datetime | None) -> datetime | None:
    if wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1] or wrapped[2]
    if len(text) == 14 and text.startswith(("19", "20")) and (found := _shaped(text, before)):
        return found
    if _EPOCH.fullmatch(text):
        return _epoch(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _shaped(text, before)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _epoch(text: str) -> datetime:
    whole = int(text.partition(".")[0])
    if whole in _FILETIME:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=whole // 10)
    if whole in _TICKS:
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=whole // 10)
    return datetime.fromtimestamp(_seconds(float(text)), UTC)


def _seconds(epoch: float) -> float:
    for unit in (1e9, 1e6, 1e3):
        if epoch >= 1e8 * unit:
            return epoch / unit
    return epoch


def _shaped(text: str, before: datetime | None) -> datetime | None:
    for shape in _SHAPES:
        if hit := shape.fullmatch(text):
            return _made({name: value for name, value in hit.groupdict().items() if value}, before)
    return None


def _made(part: dict[str, str], before: datetime | None) -> datetime | None:
    """Raises ValueError where the numbers are no time."""
    month, day = _month_and_day(part)
    zone = _zone(part.get("zone", ""))
    if not month or zone is None:
        return None
    clock = (_hour(part), int(part["mi"]), int(part.get("s", 0)))
    if "y" in part:
        return datetime(int(part["y"]), month, day, *clock, tzinfo=zone)
    return _last(month, day, clock, before) if before else None


def _last(month: int, day: int, clock: tuple[int, int, int], before: datetime) -> datetime | None:
    """In the last year in which it was not later than a day after `before`; of 29 February the last leap year."""
    for year in range(before.year + 1, before.year - 8, -1):
        try:
            found = datetime(year, month, day, *clock, tzinfo=UTC)
        except ValueError:
            continue
        if found <= before + timedelta(days=1):
            return found
    return None


def _month_and_day(part: dict[str, str]) -> tuple[int, int]:
    """(0, 0) where nobody can tell which is which."""
    if "month" in part:
        return _MONTHS.get(part["month"][:3].lower(), 0), int(part["d"])
    if "m" in part:
        return int(part["m"]), int(part["d"])
    first, second = int(part["a"]), int(part["b"])
    if "half" in part or "dash" in part or second > 12 or first == second:
        return first, second
    return (second, first) if first > 12 else (0, 0)


def _hour(part: dict[str, str]) -> int:
    hour = int(part["h"])
    if "half" in part:
        return hour % 12 + (12 if part["half"] in "Pp" else 0)
    late = part.get("zh") in ("下午", "晚上") or (part.get("zh") == "中午" and hour < 11)
    return hour + 12 if late and hour < 12 else hour


def _zone(text: str) -> timezone | None:
    """None for letters that name no zone, or more than one."""
    if text[:1] in ("+", "-"):
        minutes = int(text[1:3]) * 60 + int(text[-2:])
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    minutes_of = _ZONES.get(text.lower())
    return None if minutes_of is None else timezone(timedelta(minutes=minutes_of))
