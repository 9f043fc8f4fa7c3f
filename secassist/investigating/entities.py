"""Who and what an input names: hosts, users, addresses, files and so on, each with the lines it stands in."""

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from schemas import Line
from secassist.detectors import indicators
from secassist.grounding import MASKED
from secassist.likeness.keys import ADDRESSES, HOSTS, NAMELESS, USERS

MOST_LINES = 2_000
"""Lines of one input that are read for entities."""
MOST_OF_KIND = 12
"""Entities of one kind that are kept, in the order of their lines."""
MOST_PLACES = 8
"""Lines that are named for one entity."""
LONGEST = 2_048
"""Characters of a value; a longer one is no name of anything, only commands may be cut."""

_PATHS: dict[str, str] = {
    "host": HOSTS + " event.system.computer workstationname dvchost dest_host src_host machinename device.name host",
    "user": USERS
    + " subjectusername useridentity.username useridentity.arn actor.user.name user.target.name samaccountname"
    + " requestparameters.username userid useremail initiatedby.user.userprincipalname accountname user_name auid_name",
    "source": ADDRESSES + " src_endpoint.ip clientip remote_addr sourceip c-ip calleripaddress",
    "target": "destination.ip dest_ip dst_ip dstip destinationip dest dst process_network.destination_ip"
    " dst_endpoint.ip server.ip destination.address",
    "process": "process.executable process.name image newprocessname process.path processname exe process.file.path",
    "parent": "process.parent.executable process.parent.name parentimage parentprocessname parent.path parentprocess",
    "command": "process.command_line commandline process.commandline cmdline command command_line proctitle"
    " process.cmd_line script_block_text scriptblocktext",
    "service": "servicename service.name taskname winlog.event_data.servicename",
    "key": "useridentity.accesskeyid accesskeyid access_key_id",
    "action": "eventname operationname methodname event.action activity operation protopayload.methodname",
    "sender": "from email.from.address sender",
    "reply": "reply_to",
    "recipient": "to email.to.address recipient",
    "subject": "subject email.subject",
    "domain": "dns.question.name dns.rrname query queryname tls.sni http.hostname url.domain destination.domain",
    "path": "http.url url.path uri cs-uri-stem request_uri",
    "agent": "http.http_user_agent user_agent.original useragent user_agent",
    "bucket": "requestparameters.bucketname bucketname",
    "file": "file.path targetfilename filename file_path",
    "attachment": "attachments.name",
    "pod": "objectref.name kubernetes.pod.name",
}
"""Kind -> the ends of dotted field paths, in lower case, under which sources keep it."""
_WHOLE = frozenset(
    {
        "userid",
        "from",
        "to",
        "subject",
        "sender",
        "recipient",
        "query",
        "host",
        "path",
        "uri",
        "command",
        "image",
        "activity",
    }
)
"""Ends that mean it only where they are the whole path."""
_ENDS = {end: kind for kind, ends in _PATHS.items() for end in ends.split()}
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
_TEXTS = (
    (
        "user",
        re.compile(
            r"(?i)\b(?:(?:password|publickey|pam|failure) for (?:invalid user |user )?|session (?:opened|closed) for user "
            r'|invalid user |user(?:name)?="?|acct="?|sudo(?:\[\d{1,9}\])?: {1,4})([\w$@\\-][\w.$@\\-]{0,62})'
        ),
    ),
    (
        "host",
        re.compile(
            r"^(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[\d:.+Z-]{8,25}) ([\w-]{2,63}(?:\.[\w-]{1,63}){0,5}) "
        ),
    ),
    ("command", re.compile(r"\bCOMMAND=(.{1,300})")),
    ("command", re.compile(r"\bCRON\[\d{1,9}\]: \([\w-]{1,32}\) CMD \((.{1,300})\)")),
    ("agent", re.compile(r'" \d{3} (?:\d{1,12}|-) "[^"]{0,300}" "([^"]{1,300})"')),
    ("path", re.compile(r'"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) ([^\s"]{1,500})')),
)
"""What lines of logs tell that are no records; the words that follow are taken as they stand."""
_NO_USERS = NAMELESS | frozenset({"from", "by", "the", "user", "invalid", "name", "for"})
_TOLD = {
    "host": ("domain",),
    "process": ("file",),
    "parent": ("file",),
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
    if kind == "user":
        return text.rpartition("\\")[2]
    if kind == "host":
        return text if _address(text) else text.partition(".")[0]
    return text.rstrip(".") if kind == "domain" else text


def found(lines: Iterable[Line], telling: Collection[int] = ()) -> tuple[Entity, ...]:
    """Every entity of an input, those of `telling` lines first, each at its first line; bounded in lines and kinds."""
    seen: dict[tuple[str, str], Entity] = {}
    counts: dict[str, int] = {}
    for line in sorted(islice(lines, MOST_LINES), key=lambda line: line.number not in telling):
        for kind, value in named(line.field, line.text):
            key = kind, canonical(kind, value)
            if key in seen:
                known = seen[key]
                if line.number not in known.lines and len(known.lines) < MOST_PLACES:
                    seen[key] = Entity(kind, known.value, (*known.lines, line.number), known.field, known.masked)
            elif counts.get(kind, 0) < MOST_OF_KIND:
                counts[kind] = counts.get(kind, 0) + 1
                seen[key] = Entity(kind, value, (line.number,), line.field, bool(MASKED.search(value)))
    return tuple(seen.values())


def named(field: str, text: str) -> Iterator[tuple[str, str]]:
    """(kind, value) pairs of one line: by the field's name first, then what its text holds."""
    given = _by_field(field, text)
    if given is not None:
        yield from given
    if not field:
        yield from _in_text(text)
    for name, value in indicators.extract(text) if field not in _NUMBERING else ():
        kind = "address" if name.endswith("address") and "IPv" in name else _INDICATORS.get(name)
        if kind == "address" and value.endswith(".0.0.0"):
            continue
        if kind is not None and kind not in _TOLD.get(given[0][0] if given else "", ()):
            yield kind, value


def _by_field(path: str, text: str) -> list[tuple[str, str]] | None:
    value = text.strip()
    parts = path.lower().split(".")
    ends = (".".join(parts[-size:]) for size in (3, 2, 1))
    kind = next((_ENDS[end] for end in ends if end in _ENDS and (end not in _WHOLE or end == path.lower())), None)
    if kind is None or value.lower() in NAMELESS or len(value) > LONGEST:
        return None
    if kind in ("sender", "recipient", "reply"):
        return [(kind, each) for name, each in indicators.extract(value) if name == "e-mail address"] or None
    if kind in ("source", "target"):
        return [(kind, value)] if _address(value) else None
    if kind == "user" and value.startswith("arn:"):
        return [("user", value.rpartition("/")[2])]
    return [(kind, value)]


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in _TEXTS:
        hit = pattern.search(text[:LONGEST])
        if hit and hit[1].lower() not in _NO_USERS:
            yield kind, hit[1].rstrip(".")


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_own(text: str) -> bool:
    """Addresses that mean the machine itself, or nobody."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True
    return address.is_loopback or address.is_unspecified or address.is_link_local or address.is_multicast
