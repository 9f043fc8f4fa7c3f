"""What of a case goes into queries: of each kind one value, the one that the evidence names first."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from schemas import LogWindow
from secassist.investigating.case import Investigated, Member
from secassist.investigating.entities import SYSTEM_ACCOUNTS, named

_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7"),
    )
)
"""Ranges of RFC 1918, RFC 6598 and RFC 4193, and those of the machine itself."""
_SYSTEM = re.compile(r"(?i)^(?:c:|%systemroot%|%windir%)\\(?:windows\\)?system32\\[^\\]*$|^/(?:usr/)?s?bin/")
"""Programs of the system itself: a question about a file means another one."""
_ROBOT = re.compile(
    r"(?i)^(?:system:|ci$|(?:svc|sa|srv|service|ci|bot|task|job)[-_.])|.{0,60}(?:[-_.](?:svc|bot|agent|rotation|runner)|\\$)$"
    r"|^(?:www-data|nobody|daemon|apache|nginx|tomcat|postgres|mysql|oracle|redis|git|jenkins|deploy|backup|ubuntu|key-rotation)$"
)
"""Names that accounts of services have by convention; nobody can be telephoned about them."""
_ACTED = re.compile(r"\bAccepted |\bCOMMAND=|\bsession opened for ")
_SITE = re.compile(r"(?i)^[a-z]{2,6}://(?:[^/@\s]{1,200}@)?([^/:?#\s]{3,253})")


def values_of(case: Investigated) -> dict[str, str]:
    """By the names that questions use; only those that the case has."""
    values: dict[str, str] = {}
    for entity in case.entities:
        values.setdefault(entity.kind, entity.value)
    addresses = [entity.value for entity in case.entities if entity.key[0] == "address"]
    sites = [hit[1].lower() for entity in case.entities if entity.kind == "url" and (hit := _SITE.match(entity.value))]
    programs = {values.get("process", "").lower(), values.get("parent", "").lower()}
    files = [entity.value for entity in case.entities if entity.kind == "file"]
    acting = _people(case, "user")
    changed = next(_people(case, "changed"), "")
    account = next(chain(_acting(case.lead), acting), "") or changed or values.get("principal", "")
    several = len({entity.key for entity in case.entities if entity.kind == "user"}) > 1
    derived = {
        "file": next((each for each in files if each.lower() not in programs and not _SYSTEM.match(each)), ""),
        "id": case.lead.analysis.id[:12],
        "outside": next((address for address in addresses if is_outside(address)), ""),
        "inside": next((address for address in addresses if not is_outside(address)), ""),
        "site": _foreign(sites, values.get("recipient", "")),
        "program": re.split(r"[\\/]", values.get("process", ""))[-1],
        "account": account,
        "address": addresses[0] if addresses else "",
        "changed": changed or ("" if several else account),
        "person": "" if _ROBOT.match(account) else account,
        "robot": account if _ROBOT.match(account) else "",
        "source": values.get("source", "") or (addresses[0] if addresses and "log" in case.kinds else ""),
        "beyond": values.get("target", "") if is_outside(values.get("target", "")) else "",
    }
    values.pop("file", None)
    values.pop("changed", None)
    values |= {name: value for name, value in derived.items() if value}
    if "outside" in values:
        values["address"] = values["outside"]
    return values


def _people(case: Investigated, kind: str) -> Iterator[str]:
    """Accounts in this role without their domain: those of machines last, those of the system never."""
    names = [entity.value.rpartition("\\")[2] for entity in case.entities if entity.kind == kind]
    known = [name for name in names if name.lower() not in SYSTEM_ACCOUNTS]
    yield from sorted(known, key=lambda name: name.endswith("$"))


def _acting(member: Member) -> Iterator[str]:
    """Accounts in cited lines of a log that got in or ran something: many are tried, these count."""
    for line in member.lines if isinstance(member.subject.kept, LogWindow) else ():
        if line.number in member.telling and _ACTED.search(line.text):
            users = (value for kind, value in named(line.field, line.text) if kind == "user")
            yield from (user for user in users if user.lower() not in SYSTEM_ACCOUNTS)


def is_outside(address: str) -> bool:
    """Whether an address belongs to none of the ranges that companies use inside."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not any(read in network for network in _INSIDE if network.version == read.version) and not read.is_loopback


def _foreign(sites: Iterable[str], recipient: str) -> str:
    """The first host of a link that is not of the recipient's own organisation."""
    own = recipient.rpartition("@")[2].lower()
    return next((site for site in sites if not own or not (site == own or site.endswith(f".{own}"))), "")
