"""What would settle a suspicion: asked for by the kind of input, and only where the input does not hold it already."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from schemas import Alert, Subject
from secassist.analyzers.base import Evidenced
from secassist.vocabulary import ecs

MOST = 2
"""Things asked for at once."""
_NAME = re.compile(r"[^a-z]")
_REQUEST = re.compile(r"\s{0,80}[A-Z]{3,12} \S{1,8000} HTTP/\d")
_COMMAND = frozenset(
    {"command", "commandline", "cmdline", "cmd", "processcommandline", "scriptblocktext", "script", "args", "exe"}
)
_PARENT = frozenset(
    {"parentimage", "parentprocessname", "parentcommandline", "parent", "ppid", "initiatingprocessfilename"}
)
_WHO = frozenset({"user", "username", "subjectusername", "accountname", "uid", "auid", "targetusername"})
_URL = frozenset({"url", "uri", "requesturi", "httpurl", "path", "method", "querystring", "payload"})
_ANSWER = frozenset({"status", "statuscode", "responsestatus", "responsecode", "httpstatus"})
_FROM = frozenset({"srcip", "sourceip", "sourceaddress", "sourceipaddress", "ipaddress", "clientip", "ip"})
_TO = frozenset({"destip", "dstip", "destinationip", "destaddress", "destinationaddress", "idresph"})
_ACCOUNT = frozenset(
    {"actor", "alternateid", "userprincipalname", "useridentity", "targetusername", "eventtype", "operationname"}
)


@dataclass(frozen=True)
class Lack:
    """One thing to look for, in English and Chinese; `held` are names of fields that already give it."""

    en: str
    zh: str
    held: frozenset[str] = frozenset()


LACKS: dict[str, tuple[Lack, ...]] = {
    "command": (
        Lack("the program that started it", "由哪个程序启动", _PARENT),
        Lack("who ran it, and whether that is their job", "由谁执行，是否属于其职责", _WHO),
        Lack("what it started or wrote afterwards", "之后启动或写入了什么"),
    ),
    "request": (
        Lack("status and size of the answer", "响应状态码与大小", _ANSWER),
        Lack("other requests of the same client", "同一客户端的其他请求"),
    ),
    "mail": (
        Lack("results of SPF, DKIM and DMARC", "SPF、DKIM 与 DMARC 结果", frozenset({"authenticationresults", "spf"})),
        Lack("who else received it, and who clicked", "还有谁收到，是否有人点击"),
    ),
    "window": (
        Lack("what the same source did before and after these lines", "同一来源在这些日志前后的行为"),
        Lack("other logs of the same minutes", "同一时间段的其他日志"),
    ),
    "traffic": (
        Lack(
            "the program behind the connection", "发起该连接的程序", _COMMAND | {"image", "processname", "application"}
        ),
        Lack("other hosts that talk to the same address", "与同一地址通信的其他主机"),
    ),
    "account": (
        Lack("whether the owner of the account confirms the action", "账户本人是否确认该操作"),
        Lack("other actions from the same address", "同一地址的其他操作"),
    ),
}


def missing(item: Evidenced, bad: bool) -> tuple[str, ...]:
    """At most two things that a verdict of "bad" would rest on more firmly; none for other verdicts or unknown inputs."""
    subject = item.subject
    names = _names(subject)
    kind = next((kind for kind, fits in _KINDS if fits(subject, names)), "")
    lacks = [lack for lack in LACKS.get(kind, ()) if bad and not lack.held & names]
    return tuple(lack.zh if item.language == "zh" else lack.en for lack in lacks[:MOST])


def _names(subject: Subject) -> frozenset[str]:
    """Names of the fields, the whole path and its last part, in lower-case letters only."""
    if not isinstance(subject, Alert):
        return frozenset()
    paths = (path for field in subject.fields for path in (field.path, ecs(field.path)))
    parts = (part for path in paths for part in (path, *path.split(".")))
    return frozenset(_NAME.sub("", part.lower()) for part in parts)


def _is_mail(subject: Subject, names: frozenset[str]) -> bool:
    return subject.source == "eml" or {"from", "subject", "body"} <= names


def _is_request(subject: Subject, names: frozenset[str]) -> bool:
    raw = (subject.get("raw") or "") if isinstance(subject, Alert) else ""
    known = subject.source == "request" or bool(_REQUEST.match(raw))
    return known or (bool(names & _URL) and bool(names & {"method", "httpmethod", "requesturi", "payload", "httpurl"}))


_KINDS: tuple[tuple[str, Callable[[Subject, frozenset[str]], bool]], ...] = (
    ("mail", _is_mail),
    ("window", lambda subject, _: not isinstance(subject, Alert)),
    ("request", _is_request),
    ("command", lambda _, names: bool(names & _COMMAND)),
    ("traffic", lambda _, names: bool(names & _FROM) and bool(names & _TO)),
    ("account", lambda _, names: bool(names & _ACCOUNT)),
)
"""Kinds of input in the order in which they are asked for; the first that fits is taken."""
