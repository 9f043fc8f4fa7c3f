"""Who and what an input names: hosts, users, addresses, files and so on, each with the lines it stands in."""

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from schemas import Line
from secassist.detectors import indicators
from secassist.grounding import MASKED
from secassist.investigating.places import address_of, by_field
from secassist.investigating.spoken import in_text, of_accounts, resources

MOST_LINES = 2_000
"""Lines of one input that are read for entities."""
MOST_OF_KIND = 12
"""Entities of one kind that are kept, in the order of their lines."""
MOST_PLACES = 8
"""Lines that are named for one entity."""
_NUMBERING = frozenset({"message_id", "in_reply_to", "references", "authentication_results", "received"})
"""Fields whose values look like addresses and name nobody, or only the gateway that wrote them."""
_INDICATORS = {
    "URL": "url",
    "e-mail address": "mailbox",
    "domain": "domain",
    "MD5": "hash",
    "SHA1": "hash",
    "SHA256": "hash",
    "CVE": "cve",
    "registry key": "registry",
    "file path": "file",
}
_EVENT = re.compile(r"(?i)(?:^|\.)(?:event\.code|event_?id|eventid\.value|eventcode|winlog\.event_id)$")
RAW = frozenset(
    {"full_log", "raw", "_raw", "log", "message", "msg", "syslogmessage", "event.original", "originalmessage"}
)
"""Fields that hold a line of a log."""
_TOLD = {
    "host": ("domain",),
    "process": ("file",),
    "parent": ("file",),
    "registry": ("file",),
    "user": ("domain",),
    "changed": ("domain",),
    "file": ("file",),
    "resource": ("domain", "file"),
    "source": ("address",),
    "target": ("address",),
    **dict.fromkeys(("sender", "reply", "recipient"), ("mailbox", "domain")),
}
"""What the text of a field need not tell once more, where its name told the kind."""
SYSTEM_ACCOUNTS = frozenset(
    {
        "system",
        "localsystem",
        "local service",
        "network service",
        "localservice",
        "networkservice",
        "root",
        "anonymous logon",
    }
)
"""Accounts that every machine has: they are shown and asked about, and link nothing."""
LINKING = ("host", "user", "address", "hash", "domain", "mailbox", "key")
"""Kinds by which analyses are linked; a path or a command is shared by too many that have nothing in common."""


@dataclass(frozen=True)
class Entity:
    """A value as it first stands in the input; `lines` are 1-based, `field` is where it stood first ("" in plain text).

    `masked` says that a part of it was replaced before it was stored; `keyed` is the keyed hash of what a scan found.
    """

    kind: str
    value: str
    lines: tuple[int, ...]
    field: str = ""
    masked: bool = False
    keyed: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What is compared: users without their domain, hosts by their first label, all in lower case."""
        return KINDS_ALIKE.get(self.kind, self.kind), self.keyed or canonical(self.kind, self.value)

    @property
    def links(self) -> bool:
        """Whether sharing it says anything; names in Chinese have two characters."""
        kind, value = self.key
        if self.masked or kind not in LINKING or len(value) < (3 if value.isascii() else 2):
            return False
        return not (kind == "user" and value in SYSTEM_ACCOUNTS) and not (kind == "address" and _is_own(value))


KINDS_ALIKE = {
    "changed": "user",
    "source": "address",
    "target": "address",
    "sender": "mailbox",
    "reply": "mailbox",
    "recipient": "mailbox",
}
"""Kinds that say in which role a value of another kind stands."""


def canonical(kind: str, value: str) -> str:
    """The form in which two spellings of the same thing agree."""
    text = value.strip().lower()
    if kind in ("user", "changed"):
        return text.rpartition("\\")[2]
    if kind == "host":
        return text if address_of(text) else text.partition(".")[0]
    return text.rstrip(".") if kind == "domain" else text


def found(lines: Iterable[Line], telling: Collection[int] = ()) -> tuple[Entity, ...]:
    """Every entity of an input, those of `telling` lines first, each at its first line; bounded in lines and kinds."""
    seen: dict[tuple[str, str], Entity] = {}
    counts: dict[str, int] = {}
    read = list(islice(lines, MOST_LINES))
    event = _event(read)
    for line in sorted(read, key=lambda line: line.number not in telling):
        for kind, value in named(line.field, line.text, event):
            key = kind, canonical(kind, value)
            if key in seen:
                known = seen[key]
                if line.number not in known.lines and len(known.lines) < MOST_PLACES:
                    seen[key] = Entity(kind, known.value, (*known.lines, line.number), known.field, known.masked)
            elif counts.get(kind, 0) < MOST_OF_KIND:
                counts[kind] = counts.get(kind, 0) + 1
                seen[key] = Entity(kind, value, (line.number,), line.field, bool(MASKED.search(value)))
    return tuple(seen.values())


def named(field: str, text: str, event: str = "") -> Iterator[tuple[str, str]]:
    """(kind, value) pairs of one line: by the field's name first, then what its text holds; `event` as `by_field` takes it."""
    given = by_field(field, text, event)
    if given is not None:
        yield from given
    if not field or field.lower() in RAW:
        yield from in_text(text)
    told = given[0][0] if given else ""
    if told in ("", "command"):
        yield from of_accounts(text)
    if told != "resource":
        yield from resources(text)
    for name, value in indicators.extract(text) if field not in _NUMBERING else ():
        kind = "address" if name.endswith("address") and "IPv" in name else _INDICATORS.get(name)
        if kind == "address" and value.endswith(".0.0.0"):
            continue
        if kind is not None and kind not in _TOLD.get(told, ()):
            yield kind, value


def _event(lines: Iterable[Line]) -> str:
    """The number of the event of Windows that a record is, or ""."""
    return next((line.text.strip() for line in lines if _EVENT.search(line.field) and line.text.strip().isdigit()), "")


def _is_own(text: str) -> bool:
    """Addresses that mean the machine itself, or nobody."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True
    return address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast
