"""What may differ between two alerts that deserve one answer: when it happened and how it was numbered, nothing else.

A value is left out only where both its field's name and its own shape say that it is a time, a number of a record,
process, session or request, a source port that a system hands out, or an amount of traffic. A field of such a name with
anything else in it, as an attacker may send, is kept and makes another alert. Never left out, whatever the name: hosts,
users, commands, paths, addresses, rules, hashes, event codes, destination ports, numbers of attempts, well-known ids.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

EPHEMERAL = 32768
"""Source ports from here on are handed out by Linux (32768-60999) and, from 49152 on, by RFC 6335."""
OWN_NUMBERS = 10
"""Process numbers below belong to the system itself (0, 1, 4) and say who acted."""
WELL_KNOWN_LOGON = 0x10000
"""Logon ids below are those of LocalSystem (0x3e7), NetworkService (0x3e4), LocalService (0x3e5) and the like."""

ISO = r"\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
SYSLOG = r"[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?"
APACHE = r"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}"
AMERICAN = r"\d{1,2}/\d{1,2}/\d{4},? \d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?"
EPOCH = r"1\d{9}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?"
_TIME = re.compile(rf"(?:{ISO}|{SYSLOG}|{APACHE}|{AMERICAN}|{EPOCH})")
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_OPAQUE = re.compile(
    r"(?:0x)?[0-9a-fA-F]{16,64}|\d{8,24}(?:\.\d{1,12})?|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,40}"
)
_NUMBER = re.compile(r"\d{1,12}")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,16}")

_TIMES = """timestamp time eventtime timecreated systemtime utctime observedat ingested received receivedtime receivedat
timegenerated starttime endtime firstseen lastseen eventfirstseen eventlastseen eventtimestamp originaltime createdat
createddatetime updatedat lastupdatedatetime detectedat ts timedt firstactivitydatetime lastactivitydatetime
processstarttime eventreceivedtime"""
_RECORDS = """eventrecordid recordid recordnumber eventuid eventid alertid alertuid detectionid incidentid findingid
requestid traceid spanid transactionid correlationid sharedeventid activityid relatedactivityid flowid entityid
parententityid processguid parentprocessguid sourceprocessguid targetprocessguid logonguid xrequestid"""
_PROCESSES = """pid ppid processid parentprocessid parentpid threadid tid newprocessid callerprocessid sourceprocessid
targetprocessid sourcethreadid executionprocessid executionthreadid"""
_LOGONS = "logonid subjectlogonid targetlogonid targetlinkedlogonid"
_PORTS = "sourceport srcport sport spt clientport ipport"
_SEQUENCES = (
    "seq sequence sequencenumber eventsequence offset recordnumber eventrecordid recordid txid pcapcnt eventcounter"
)
_AMOUNTS = """firedtimes occurrences hits pktstoserver pktstoclient bytestoserver bytestoclient packets duration
networkbytes networkpackets"""
_PAIRS = {
    "event.id": "record",
    "alert.id": "record",
    "process.id": "process",
    "thread.id": "process",
    "event.created": "time",
    "event.start": "time",
    "event.end": "time",
    "flow.start": "time",
    "flow.end": "time",
    "source.port": "port",
    "src.port": "port",
    "client.port": "port",
    "source.bytes": "amount",
    "destination.bytes": "amount",
    "network.bytes": "amount",
}
"""By the last two parts of a path, where the last one alone could be anything."""
_WHOLE = {"id": "record", "_id": "record", "uuid": "record", "event_uuid": "record"}
"""By the whole path: an `id` inside something is the id of that thing."""
_TEXTS = frozenset(["message", "fulllog", "original", "raw", "rawlog", "log", "logline", "msg"])
"""Fields that carry a line of a log, in which times and numbers stand between words."""


def _is_time(value: str) -> str:
    return "time" if _TIME.fullmatch(value) else ""


def _is_record(value: str) -> str:
    return "record" if _UUID.fullmatch(value) or _OPAQUE.fullmatch(value) else ""


def _is_process(value: str) -> str:
    number = _number(value)
    return "process" if number is not None and OWN_NUMBERS <= number < 2**32 else ""


def _is_logon(value: str) -> str:
    number = _number(value)
    return "logon" if number is not None and number >= WELL_KNOWN_LOGON else ""


def _is_port(value: str) -> str:
    number = _number(value)
    return "port" if number is not None and EPHEMERAL <= number < 65536 else ""


def _is_sequence(value: str) -> str:
    return "sequence" if _NUMBER.fullmatch(value) else ""


def _is_amount(value: str) -> str:
    """Only its order of magnitude is kept: ten thousand times is not ten times."""
    return f"amount {len(value)}" if _NUMBER.fullmatch(value) else ""


def _number(value: str) -> int | None:
    if _NUMBER.fullmatch(value):
        return int(value)
    return int(value, 16) if _HEX.fullmatch(value) else None


Judge = Callable[[str], str]
_JUDGES: dict[str, Judge] = {
    "time": _is_time,
    "record": _is_record,
    "process": _is_process,
    "logon": _is_logon,
    "port": _is_port,
    "sequence": _is_sequence,
    "amount": _is_amount,
}
_NAMES = {
    "time": _TIMES,
    "record": _RECORDS,
    "process": _PROCESSES,
    "logon": _LOGONS,
    "port": _PORTS,
    "sequence": _SEQUENCES,
    "amount": _AMOUNTS,
}


def _by_name() -> dict[str, tuple[str, ...]]:
    """The kinds of volatile value that a field of a name may hold, in the order in which they are tried."""
    listed = {kind: names.split() for kind, names in _NAMES.items()}
    every = {name for names in listed.values() for name in names}
    return {name: tuple(kind for kind, names in listed.items() if name in names) for name in every}


_KINDS = _by_name()


class Plain(NamedTuple):
    """A line with its volatile parts replaced by NUL, their kind, NUL (a NUL of the line's own is doubled), and the parts."""

    text: str
    parts: tuple[str, ...]


def plain(path: str, text: str) -> Plain:
    """The line of a field (`path` "" for a line of a log) as it is compared."""
    name = "".join(char for char in path.rpartition(".")[2].lower() if char.isalnum())
    value = text.strip()
    for kind in _kinds(path, name):
        said = _JUDGES[kind](value)
        if said:
            return Plain(f"\x00{said}\x00", (value,))
    return _plain_text(text) if not path or name in _TEXTS else Plain(_own(text), ())


def _own(text: str) -> str:
    return text.replace("\x00", "\x00\x00")


def _kinds(path: str, name: str) -> tuple[str, ...]:
    pair = ".".join(path.lower().split(".")[-2:])
    special = _PAIRS.get(pair) or _WHOLE.get(path.lower())
    return (special,) if special else _KINDS.get(name, ())


class _Rule(NamedTuple):
    """A part of a log's line: its pattern with one group, and what makes the group volatile."""

    pattern: re.Pattern[str]
    judge: Judge


_RULES = (
    _Rule(re.compile(rf"^(?:<\d{{1,3}}>)?(?:1 )?({ISO}|{SYSLOG}|{EPOCH})(?=[\s:,;|]|$)"), _is_time),
    _Rule(re.compile(rf"\[({APACHE}|{ISO}|{AMERICAN})\]"), _is_time),
    _Rule(re.compile(r"\baudit\((1\d{9}\.\d{3}:\d{1,12})\)"), lambda _: "time"),
    _Rule(re.compile(r"[\w)-]\[(\d{2,7})\]:"), _is_process),
    _Rule(re.compile(r"(?<![\w.-])p?pid=(\d{2,7})(?![\w.])"), _is_process),
    _Rule(re.compile(r"(?<=[ \t])port (\d{5})(?= ssh2?\b|$)"), _is_port),
    _Rule(re.compile(r"\b(?:SPT|sport|src_?port)=(\d{5})(?!\d)"), _is_port),
    _Rule(re.compile(r"[\d\]]:(\d{5})(?= ->)"), _is_port),
)
"""In the order in which they are tried; each pattern is linear and every one of its groups stands once."""


def _plain_text(text: str) -> Plain:
    found: list[tuple[int, int, str]] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            said = rule.judge(match[1])
            if said and not any(start < match.end(1) and match.start(1) < end for start, end, _ in found):
                found.append((*match.span(1), said))
    made, at, parts = [], 0, []
    for start, end, said in sorted(found):
        made += [_own(text[at:start]), f"\x00{said}\x00"]
        parts.append(text[start:end])
        at = end
    return Plain("".join([*made, _own(text[at:])]), tuple(parts))
