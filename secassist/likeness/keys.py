"""The keys of likeness: one says that two alerts deserve the same answer, the other that they belong together."""

from collections.abc import Iterable

from schemas import Alert, Lineage, LogWindow, Subject, digest
from secassist.likeness.volatile import Plain, plain
from secassist.vocabulary import ecs

NAMELESS = frozenset({"", "-", "null", "n/a", "none", "unknown", "localhost"})
"""Words in place of a host or user that name none."""
HOSTS = """host.name host.hostname host.id hostname computer computername agent.name device.hostname devicename
event.system.computer winlog.computer_name compromisedentity dvc_hostname"""
USERS = """user.name user.id user.email username targetusername useridentity.arn actor.alternateid accountname
actor.email_address user src_user dstuser userprincipalname"""
ADDRESSES = "source.ip src_ip client.ip sourceipaddress srcip ipaddress source.address src"


def plain_lines(subject: Subject) -> tuple[Plain, ...]:
    """Every line of a subject as it is compared, in order."""
    return tuple(plain(line.field, line.text) for line in subject.lines)


def dedup_key(subject: Subject) -> str:
    """The same (64 hex digits) for alerts and log windows that differ in nothing but time and numbering.

    Where it was read, and what was recognised in its fields, is no part of it; any other kind of subject is only like
    itself.
    """
    if not isinstance(subject, Alert | LogWindow):
        return subject.id
    lines = [[line.field, made.text] for line, made in zip(subject.lines, plain_lines(subject), strict=True)]
    log_type = subject.log_type if isinstance(subject, LogWindow) else ""
    named = list(subject.techniques) if isinstance(subject, Alert) else []
    return digest([subject.kind.value, subject.source, log_type, named, lines])


def answer_key(dedup: str, analyzer: str, language: str, lineage: Lineage) -> str:
    """Under which a verdict is kept: what was asked about, and everything that shaped the answer."""
    return digest([dedup, analyzer, language, lineage.model_dump(mode="json")])


def correlation_key(subject: Subject) -> str:
    """The same for alerts about one host and user (or address, where neither is named), whatever happened there.

    "" where none is named. It groups what an analyst looks at together and never answers anything.
    """
    if not isinstance(subject, Alert):
        return ""
    named = [(field.path.lower(), field.value.strip().lower()) for field in subject.fields]
    values = named + [(meant, value) for path, value in named if (meant := ecs(path))]
    host, user = _first(values, HOSTS), _first(values, USERS)
    if host or user:
        return digest(["host and user", host, user])
    address = _first(values, ADDRESSES)
    return digest(["address", address]) if address else ""


def _first(values: Iterable[tuple[str, str]], paths: str) -> str:
    """The value of the first of these paths that is there, alone or as the end of a longer one."""
    listed = list(values)
    for wanted in paths.split():
        for path, value in listed:
            if value not in NAMELESS and (path == wanted or path.endswith(f".{wanted}")):
                return value
    return ""
